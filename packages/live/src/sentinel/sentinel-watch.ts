import type { Env, Timer } from "@tradepulse/platform";
import { Pulse } from "./pulse.ts";

export interface SentinelWatchOptions {
  readonly env: Env;
  /** Folder of the sentinel of the account. Absolute. */
  readonly folder: string;
  /** Silence beyond which it counts as dead. */
  readonly timeoutUs: number;
  readonly onAlarm: (text: string) => void;
}

/** Folder of the sentinel of an account: its lock, its signs of life, its evidence. */
export function sentinelFolder(accountFolder: string): string {
  return `${accountFolder}/sentinel`;
}

const TICK_US = 250_000;

/** Who watches the watchman: a trader feels the pulse of its sentinel, and says when it is dead, was never there, or could not cancel. */
export class SentinelWatch {
  private readonly options: SentinelWatchOptions;
  private readonly pulse: Pulse;
  private timer: Timer | undefined;
  private told = "";

  constructor(options: SentinelWatchOptions) {
    this.options = options;
    this.pulse = new Pulse({ env: options.env, folder: options.folder, tickUs: TICK_US });
  }

  /** True once it was seen to live and could do its work. */
  get isThere(): boolean {
    return this.pulse.isAlive(this.options.timeoutUs) && this.pulse.beat!.isReady;
  }

  start(): void {
    void this.pulse.tick();
    this.tell();
    this.timer = this.options.env.timer(TICK_US, () => this.start());
  }

  stop(): void {
    this.timer?.cancel();
  }

  private tell(): void {
    const { onAlarm } = this.options;
    const trouble = this.trouble();
    if (trouble === this.told) return;
    const before = this.told;
    this.told = trouble;
    if (trouble !== "") onAlarm(trouble);
    else if (before !== "") onAlarm("the sentinel is back");
  }

  /** What is wrong with it; `""` when nothing is, or it is too early to say. */
  private trouble(): string {
    const { pulse, options } = this;
    const isLate = pulse.silentUs > options.timeoutUs;
    if (pulse.beat?.phase === "stopped" && (pulse.hasBeaten || isLate)) return "the sentinel has ended: nobody watches this trader";
    if (isLate)
      return pulse.hasBeaten ? "the sentinel gives no sign of life: nobody watches this trader" : "no sentinel watches this trader";
    // It asks the venue when it starts; the first answer is waited for.
    if (!pulse.hasBeaten || pulse.beat?.isReady === true || pulse.beat?.why === NOT_ASKED) return "";
    return `the sentinel could not cancel if it had to: ${pulse.beat?.why ?? ""}`;
  }
}

/** What a sentinel says of itself before the venue has answered for the first time. */
export const NOT_ASKED = "the venue was not asked yet";
