import type { Env } from "@tradepulse/platform";
import { decodeHeartbeat, HEARTBEAT_NAME, type Heartbeat } from "./heartbeat.ts";

export interface PulseOptions {
  readonly env: Env;
  /** Folder of the file. Absolute. */
  readonly folder: string;
  /** Time between two calls of {@link Pulse.tick}, as it is meant. */
  readonly tickUs: number;
}

/**
 * Feels the pulse of another process by its file. Proof of life is a *change* that this process has seen: a higher count, or a new life. What it counts
 * is time in which it watched, on its own monotonic clock. Wall clocks are never compared, and time in which the watcher itself stood still is not held
 * against the watched.
 */
export class Pulse {
  /** The last one that could be read; `undefined` before the first. */
  beat: Heartbeat | undefined;
  /** Watched without a proof of life, in microseconds. */
  silentUs = 0;
  /** True once a change was seen: a file that merely lies there proves nothing. */
  hasBeaten = false;
  /** The file as it is now cannot be read, though it is there. */
  isTorn = false;
  private readonly options: PulseOptions;
  private lastTickUs: number;
  /** A file that appears while it is watched for was written by somebody who lives. */
  private wasAbsent = false;
  private looking: Promise<void> | undefined;

  constructor(options: PulseOptions) {
    this.options = options;
    this.lastTickUs = options.env.monoUs();
  }

  /** Counts the time since the last tick and begins a look, unless one is still under way. */
  tick(): Promise<void> {
    const { env, tickUs } = this.options;
    const nowUs = env.monoUs();
    this.silentUs += Math.min(nowUs - this.lastTickUs, 2 * tickUs);
    this.lastTickUs = nowUs;
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** True while changes are seen often enough, and the process does not say that it has ended or failed. */
  isAlive(timeoutUs: number): boolean {
    return this.hasBeaten && this.silentUs <= timeoutUs && this.beat?.phase !== "stopped" && this.beat?.phase !== "failed";
  }

  private async look(): Promise<void> {
    const { env, folder } = this.options;
    let found: Heartbeat | undefined;
    try {
      const hasFile = (await env.files.list(folder)).includes(HEARTBEAT_NAME);
      if (!hasFile) {
        this.isTorn = false;
        this.wasAbsent = true;
        return;
      }
      found = decodeHeartbeat(await env.files.read(`${folder}/${HEARTBEAT_NAME}`));
    } catch {
      found = undefined;
    }
    this.isTorn = found === undefined;
    if (found !== undefined) this.take(found);
  }

  private take(found: Heartbeat): void {
    const { beat } = this;
    // A leader that was overtaken and wakes up again writes over its successor's: it proves nothing.
    if (beat !== undefined && found.epoch < beat.epoch) return;
    if (beat !== undefined && found.life === beat.life && found.count <= beat.count) return;
    this.beat = found;
    if (beat === undefined && !this.wasAbsent) return;
    this.hasBeaten = true;
    this.silentUs = 0;
  }
}
