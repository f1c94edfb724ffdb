import { type Failure, FailureError, type TradingState } from "@tradepulse/core";
import type { Env, Timer } from "@tradepulse/platform";
import { halted, LatchFiles, type LatchState, stricter } from "./latch-files.ts";

export interface KillLatchOptions {
  readonly env: Env;
  /** Absolute; the same for every process of the account. */
  readonly folder: string;
  /** Between looks at the folder; default 25 ms. */
  readonly pollUs?: number;
  /** A look that is older than this is worth nothing: halted until the next one; default 1 s. For a process that stood still. */
  readonly staleUs?: number;
  /** Told of every change, after it is latched. */
  readonly onChange?: (now: LatchState, before: LatchState) => void;
  readonly onAlarm?: (failure: Failure) => void;
}

interface OwnTrip {
  readonly said: LatchState;
  progress: "new" | "writing" | "written";
}

/** A look that permits an order is no older than this, and twice the time that a look takes on this disk. */
const FRESH_US = 50_000;
/** Trips that may hold in the folder. While there are so many and trading is halted, further ones change nothing. */
const TRIPS_MAX = 256;

/** Opens the latch of a folder and looks at it once; it then looks again every `pollUs` until {@link KillLatch.stop}. */
export async function openKillLatch(options: KillLatchOptions): Promise<KillLatch> {
  const latch = new KillLatch(options);
  await latch.poll();
  latch.watch();
  return latch;
}

/**
 * The trading state of an account, latched on disk before anything else happens and shared by all its processes. It only ever tightens by
 * itself: {@link arm} is the one way back, on purpose. Unknown and unreadable is halted, at the start as later.
 */
export class KillLatch {
  private readonly options: KillLatchOptions;
  private readonly files: LatchFiles;
  private read: LatchState = halted("the latch was not read yet");
  private readUs = Number.NEGATIVE_INFINITY;
  /** What the last look took. */
  private lookUs = 0;
  /** Trips of this process that no look has confirmed yet. They hold here; those that the disk did not take are written again at every look. */
  private readonly own = new Map<string, OwnTrip>();
  private tripCount = 0;
  private told: LatchState = this.read;
  private timer: Timer | undefined;
  private isStopped = false;
  private looking: Promise<void> | undefined;

  constructor(options: KillLatchOptions) {
    this.options = options;
    this.files = new LatchFiles(options.env.files, options.folder);
  }

  get state(): TradingState {
    return this.current.state;
  }

  get current(): LatchState {
    return this.within(this.staleUs);
  }

  /**
   * Asked right before an order leaves: by a look so recent that a trip is obeyed within some 50 ms, also by a process that stood still for less than the
   * staleness of {@link state}. Wait for {@link fresh} first, or a moment of standing still is taken for a halt.
   */
  get sendState(): TradingState {
    return this.within(Math.min(this.staleUs, FRESH_US + 2 * this.lookUs)).state;
  }

  /** Resolves once the latch was looked at as recently as {@link sendState} asks for, at once when it was. */
  async fresh(): Promise<void> {
    for (let look = 0; look < 2 && this.options.env.monoUs() - this.readUs > FRESH_US; look += 1) await this.poll();
  }

  /**
   * Makes trading stricter; never less strict. This process obeys from the call on; when the promise resolves every process will. Rejects with
   * `TP_LATCH_WRITE` when the disk does not take it: this process stays stricter and keeps trying.
   */
  async trip(state: "reduce-only" | "halted", reason: string, by: string): Promise<void> {
    const { env } = this.options;
    if (this.tripCount >= TRIPS_MAX && this.state === "halted") return;
    const name = `trip-${env.uniqueId()}.json`;
    const trip: OwnTrip = { said: { state, reason, by, atUs: env.wallUs() }, progress: "new" };
    this.own.set(name, trip);
    this.tripCount += 1;
    try {
      await this.write(name, trip);
    } catch (error) {
      const failure = notWritten(this.options.folder, trip.said, error);
      this.options.onAlarm?.(failure);
      this.tell();
      throw new FailureError(failure, error);
    }
    this.tell();
  }

  /**
   * Allows trading again: ends every trip that is there now; one that comes in meanwhile holds. Throws `TP_LATCH_ARM` without a reason, without a
   * name, or while the halt file is there; `TP_LATCH_WRITE` when the disk does not take it.
   */
  async arm(state: "enabled" | "reduce-only", reason: string, by: string): Promise<void> {
    const { env, folder } = this.options;
    if (reason.trim() === "" || by.trim() === "") {
      throw new FailureError(notArmed(folder, `who arms is "${by}" and the reason is "${reason}", both must be stated in words`));
    }
    const { trips, hasHaltFile } = await this.files.read();
    if (hasHaltFile) throw new FailureError(notArmed(folder, 'a file named "HALT" is there, it must be removed first'));
    const arming = { state, reason, by, atUs: env.wallUs(), clears: [...new Set([...trips, ...this.own.keys()])] };
    try {
      await this.files.writeArming(arming);
    } catch (error) {
      throw new FailureError(notWritten(folder, arming, error), error);
    }
    for (const name of arming.clears) this.own.delete(name);
    // A look that is under way may have begun before.
    await this.looking;
    await this.poll();
  }

  /** Looks at the folder now. Never rejects: what cannot be read is halted. */
  poll(): Promise<void> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** For the opener: looks again and again. */
  watch(): void {
    if (this.isStopped) return;
    this.timer = this.options.env.timer(this.options.pollUs ?? 25_000, () => {
      void this.poll().then(() => this.watch());
    });
  }

  /** Ends the looking. The state goes stale, which is halted. */
  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  private get staleUs(): number {
    return this.options.staleUs ?? 1_000_000;
  }

  private within(ageUs: number): LatchState {
    return this.options.env.monoUs() - this.readUs > ageUs ? halted("the latch was not read for too long") : this.held;
  }

  private get held(): LatchState {
    return [...this.own.values()].map(({ said }) => said).reduce(stricter, this.read);
  }

  private async look(): Promise<void> {
    for (const [name, trip] of this.own) if (trip.progress === "new") await this.write(name, trip).catch(() => {});
    const startUs = this.options.env.monoUs();
    const writtenBefore = [...this.own].filter(([, { progress }]) => progress === "written").map(([name]) => name);
    try {
      const { strictest, standing } = await this.files.read();
      this.read = strictest;
      this.tripCount = standing;
      // What was written before this look began is contained in it, or was ended by an arming.
      for (const name of writtenBefore) this.own.delete(name);
    } catch (error) {
      this.read = halted(`the latch cannot be read: ${String(error)}`);
    }
    this.readUs = startUs;
    this.lookUs = this.options.env.monoUs() - startUs;
    this.tell();
  }

  private async write(name: string, trip: OwnTrip): Promise<void> {
    trip.progress = "writing";
    try {
      await this.files.writeTrip(name, trip.said);
      trip.progress = "written";
    } catch (error) {
      trip.progress = "new";
      throw error;
    }
  }

  private tell(): void {
    const before = this.told;
    const now = this.held;
    if (now.state === before.state) return;
    this.told = now;
    this.options.onChange?.(now, before);
  }
}

function notWritten(folder: string, wanted: LatchState, cause: unknown): Failure {
  return {
    code: "TP_LATCH_WRITE",
    message: `Cannot latch trading state "${wanted.state}": writing in "${folder}" failed, it must be on the disk to bind other processes`,
    details: [
      ["reason", wanted.reason],
      ["by", wanted.by],
      ["cause", String(cause)],
    ],
    next: "free or repair the disk, and halt the other processes by hand",
  };
}

function notArmed(folder: string, why: string): Failure {
  return {
    code: "TP_LATCH_ARM",
    message: `Cannot arm trading in "${folder}": ${why}`,
    details: [],
    next: "find out why trading was halted, then arm it with a reason",
  };
}
