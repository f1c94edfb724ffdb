import type { CauseName } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import type { SentinelConfig } from "../config/live-config.ts";
import { Heart } from "../sentinel/heart.ts";
import type { HeartbeatWords } from "../sentinel/heartbeat.ts";
import { SentinelWatch, sentinelFolder } from "../sentinel/sentinel-watch.ts";

export interface TraderLifeParts {
  readonly env: Env;
  /** Folder of the session, which lies in that of its account. Absolute. */
  readonly folder: string;
  readonly intervalUs: number;
  readonly sentinel: SentinelConfig | undefined;
  /** Asked at each beat. */
  readonly tell: () => HeartbeatWords;
  readonly onAlarm: (text: string) => void;
}

/** A trader and its sentinel, as each sees the other: the signs of life that the one gives, and those that it looks for. */
export class TraderLife {
  private readonly heart: Heart;
  private readonly watch: SentinelWatch | undefined;
  private readonly mustBeWatched: boolean;

  constructor(parts: TraderLifeParts) {
    const { env, folder, sentinel, onAlarm } = parts;
    this.heart = new Heart(parts);
    this.mustBeWatched = sentinel?.whenAway === "refuse";
    const account = folder.slice(0, folder.lastIndexOf("/"));
    if (sentinel !== undefined)
      this.watch = new SentinelWatch({ env, folder: sentinelFolder(account), timeoutUs: sentinel.heartbeatTimeoutUs, onAlarm });
  }

  /** Why nothing new may be risked for want of a sentinel. */
  get refusal(): CauseName | undefined {
    return this.mustBeWatched && this.watch?.isThere !== true ? "in-doubt" : undefined;
  }

  start(): void {
    this.heart.start();
    this.watch?.start();
  }

  /** Something that others should know at once. */
  say(): void {
    void this.heart.beat();
  }

  /** Falls silent, as the dead do. */
  still(): void {
    this.heart.still();
    this.watch?.stop();
  }

  /** The last sign of life, which says how it ended. */
  async end(): Promise<void> {
    this.watch?.stop();
    await this.heart.end();
  }
}
