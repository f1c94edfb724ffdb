import type { Env } from "@tradepulse/platform";
import type { ExecutionClient } from "@tradepulse/venues";
import type { SessionTimers } from "./session-timers.ts";

export interface ExpiryParts {
  readonly env: Pick<Env, "monoUs" | "wallUs">;
  readonly client: Pick<ExecutionClient, "measureClock">;
  readonly timers: Pick<SessionTimers, "after">;
  /** When the next order expires that nobody has asked to cancel yet; Infinity when none does. */
  nextExpiryUs(): number;
  /** The venue's clock has passed this instant. */
  onDue(dueUs: number): void;
}

/** How old a measurement of the venue's clock may be: clocks of machines differ by less than 20 ms after it. */
const FRESH_US = 60_000_000;
/** Within this time of an expiry a timer of its own is set, so that it does not wait for the next look. */
const CLOSE_US = 1_000_000;

/**
 * Says when orders expire, by the venue's clock: it is the one that their lives were stated in. Measured while there is such an order, and carried on by
 * the monotonic clock, so that a step of our own wall clock ends nothing. When it cannot be measured, our wall clock is better than none.
 */
export class ExpiryWatch {
  private readonly parts: ExpiryParts;
  private venueUs = Number.NaN;
  private atMonoUs = Number.NEGATIVE_INFINITY;
  private measuring: Promise<void> | undefined;

  constructor(parts: ExpiryParts) {
    this.parts = parts;
  }

  /** Wall time of the venue; its clock is read first when that was not done lately. */
  async readNowUs(): Promise<number> {
    if (!this.isFresh) await this.measureOnce();
    return this.nowUs;
  }

  /** Wall time of the venue, as far as we know. */
  private get nowUs(): number {
    const { env } = this.parts;
    return Number.isNaN(this.venueUs) ? env.wallUs() : this.venueUs + (env.monoUs() - this.atMonoUs);
  }

  /** Called often: at least once a second. */
  look(): void {
    const dueUs = this.parts.nextExpiryUs();
    if (dueUs === Number.POSITIVE_INFINITY || this.measuring !== undefined) return;
    if (this.isFresh) this.judge();
    else void this.measureOnce().then(() => this.judge());
  }

  private get isFresh(): boolean {
    return this.parts.env.monoUs() - this.atMonoUs <= FRESH_US;
  }

  private measureOnce(): Promise<void> {
    this.measuring ??= this.measure().finally(() => {
      this.measuring = undefined;
    });
    return this.measuring;
  }

  private judge(): void {
    const dueUs = this.parts.nextExpiryUs();
    if (dueUs === Number.POSITIVE_INFINITY) return;
    const leftUs = dueUs - this.nowUs;
    if (leftUs <= 0) this.parts.onDue(dueUs);
    else if (leftUs < CLOSE_US) this.parts.timers.after(Math.ceil(leftUs), () => this.look());
  }

  private async measure(): Promise<void> {
    const { env, client } = this.parts;
    const read = await client.measureClock();
    this.atMonoUs = env.monoUs();
    this.venueUs = read.kind === "read" ? env.wallUs() + read.value.offsetUs : Number.NaN;
  }
}
