import type { Env, Timer } from "@tradepulse/platform";
import type { ExecutionClient } from "@tradepulse/venues";
import type { GuardConfig } from "../config/live-config.ts";
import type { Journal } from "../journal/journal.ts";

export interface GuardParts {
  readonly env: Env;
  readonly config: GuardConfig;
  readonly client: ExecutionClient;
  readonly journal: Journal;
  /** Silence of market data and of the private stream, in microseconds. */
  marketSilentUs(): number;
  privateSilentUs(): number;
  /** Reasons of the strategy's own doing. */
  refusals(): string | undefined;
  /** A limit on losses that the engine has latched. */
  drawdown(): string | undefined;
  /** Halts trading, or only what would risk more. */
  trip(reason: string, by: string, state?: "reduce-only" | "halted"): void;
  onAlarm(text: string): void;
}

const LOOK_EVERY_US = 250_000;
const CLOCK_EVERY_US = 30_000_000;
const CLOCK_AGAIN_US = 2_000_000;
/** In doubt after the configured silence; so many times as long halts. */
const SILENCES = 3;
/** One slow answer makes one bad measurement. */
const BAD_CLOCKS = 3;

/**
 * What halts trading by itself: data or private stream silent for long, a clock that is off, a journal that fails, a process that stood still,
 * losses up to a limit, a strategy whose orders are refused again and again. Each reason is told once until it has passed.
 */
export class Guards {
  private readonly parts: GuardParts;
  private readonly standing = new Set<string>();
  private readonly timers = new Set<Timer>();
  private lastLookUs: number;
  private badClocks = 0;
  /** When the database of the journal was first found away. */
  private awaySinceUs: number | undefined;
  private isStopped = false;
  /** Largest difference of the clocks that the last measurement allows, in microseconds. Infinity before the first. */
  clockErrorUs = Number.POSITIVE_INFINITY;

  constructor(parts: GuardParts) {
    this.parts = parts;
    this.lastLookUs = parts.env.monoUs();
  }

  /** True while the clock is known to be within the bound. */
  get isClockGood(): boolean {
    return this.clockErrorUs <= this.parts.config.clockErrorUs;
  }

  start(): void {
    this.lastLookUs = this.parts.env.monoUs();
    this.after(LOOK_EVERY_US, () => this.look());
    void this.measureClock();
  }

  stop(): void {
    this.isStopped = true;
    for (const timer of this.timers) timer.cancel();
  }

  private look(): void {
    const { env, config, journal } = this.parts;
    const nowUs = env.monoUs();
    const stoodUs = nowUs - this.lastLookUs - LOOK_EVERY_US;
    this.lastLookUs = nowUs;
    this.guard("event loop", stoodUs > config.loopStallUs, () => `the process stood still for ${seconds(stoodUs)}`);
    const market = this.parts.marketSilentUs();
    this.guard("market data", market > SILENCES * config.marketSilenceUs, () => `market data are silent for ${seconds(market)}`);
    const own = this.parts.privateSilentUs();
    this.guard("private stream", own > SILENCES * config.privateSilenceUs, () => `the private stream is silent for ${seconds(own)}`);
    this.guard("journal", this.isJournalFailing(nowUs), () => journal.refusal?.message ?? "");
    const drawdown = this.parts.drawdown();
    this.guard("drawdown", drawdown !== undefined, () => drawdown!, "reduce-only");
    const refusals = this.parts.refusals();
    if (refusals !== undefined) this.parts.trip(refusals, "risk");
    this.after(LOOK_EVERY_US, () => this.look());
  }

  /** A database comes back by itself, and without it no order leaves anyway: it may be away for a while. Everything else of a journal is for a person. */
  private isJournalFailing(nowUs: number): boolean {
    const { journal, config } = this.parts;
    const isAway = journal.refusal?.code === "TP_JOURNAL_AWAY";
    this.awaySinceUs = isAway ? (this.awaySinceUs ?? nowUs) : undefined;
    if (this.awaySinceUs !== undefined) return nowUs - this.awaySinceUs >= config.journalAwayUs;
    return journal.refusal !== undefined;
  }

  private async measureClock(): Promise<void> {
    const read = await this.parts.client.measureClock();
    if (this.isStopped) return;
    const { clockErrorUs } = this.parts.config;
    if (read.kind === "read") {
      this.clockErrorUs = Math.abs(read.value.offsetUs) + read.value.errorUs;
      this.badClocks = this.isClockGood ? 0 : this.badClocks + 1;
    } else this.parts.onAlarm(`the venue's clock could not be read: ${read.why}`);
    this.guard(
      "clock",
      this.badClocks >= BAD_CLOCKS,
      () => `the clocks differ by up to ${seconds(this.clockErrorUs)}, allowed is ${seconds(clockErrorUs)}`,
    );
    this.after(this.isClockGood ? CLOCK_EVERY_US : CLOCK_AGAIN_US, () => void this.measureClock());
  }

  private guard(by: string, isBad: boolean, reason: () => string, state?: "reduce-only" | "halted"): void {
    if (!isBad) {
      this.standing.delete(by);
      return;
    }
    if (this.standing.has(by)) return;
    this.standing.add(by);
    this.parts.trip(reason(), by, state);
  }

  private after(delayUs: number, run: () => void): void {
    if (this.isStopped) return;
    const timer = this.parts.env.timer(delayUs, () => {
      this.timers.delete(timer);
      if (!this.isStopped) run();
    });
    this.timers.add(timer);
  }
}

function seconds(us: number): string {
  return `${(us / 1e6).toFixed(us < 10e6 ? 2 : 0)} s`;
}
