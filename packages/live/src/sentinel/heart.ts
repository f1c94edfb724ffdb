import type { Env, Timer } from "@tradepulse/platform";
import { encodeHeartbeat, HEARTBEAT_NAME, type HeartbeatWords } from "./heartbeat.ts";

export interface HeartOptions {
  readonly env: Env;
  /** Where the file goes. Absolute. */
  readonly folder: string;
  readonly intervalUs: number;
  /** Asked at each beat, on the thread that decides: a thread that is stuck does not beat. */
  readonly tell: () => HeartbeatWords;
  readonly onAlarm: (text: string) => void;
}

/**
 * Writes the signs of life of one process. They come from a timer of the thread that decides, never from a thread or a process of their own, so that
 * one which stands still falls silent. A write that takes long is not overtaken by the next.
 */
export class Heart {
  private readonly options: HeartOptions;
  private readonly life: string;
  private count = 0;
  private timer: Timer | undefined;
  private writing: Promise<void> | undefined;
  private isStill = false;
  private isTold = false;

  constructor(options: HeartOptions) {
    this.options = options;
    this.life = options.env.uniqueId();
  }

  start(): void {
    if (this.isStill) return;
    // A disk that is slow makes beats rarer, never a queue of them.
    if (this.writing === undefined) void this.beat();
    this.timer = this.options.env.timer(this.options.intervalUs, () => this.start());
  }

  /** Now, whatever the rhythm: for something that others should know at once. Resolves when it is on the disk, or failed to get there. */
  beat(): Promise<void> {
    const before = this.writing ?? Promise.resolve();
    const writing = before
      .then(() => this.write())
      .finally(() => {
        if (this.writing === writing) this.writing = undefined;
      });
    this.writing = writing;
    return writing;
  }

  /** The last beat: says how it ended. */
  async end(): Promise<void> {
    this.still();
    await this.beat();
  }

  /** Falls silent without a word. */
  still(): void {
    this.isStill = true;
    this.timer?.cancel();
  }

  private async write(): Promise<void> {
    const { env, folder, intervalUs, tell, onAlarm } = this.options;
    this.count += 1;
    const beat = { ...tell(), life: this.life, count: this.count, intervalUs, atUs: env.wallUs() };
    try {
      await env.files.replace(`${folder}/${HEARTBEAT_NAME}`, encodeHeartbeat(beat));
      this.isTold = false;
    } catch (error) {
      if (!this.isTold) onAlarm(`the sign of life could not be written: ${String(error)}`);
      this.isTold = true;
    }
  }
}
