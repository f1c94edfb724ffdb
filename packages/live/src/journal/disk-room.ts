import type { Failure } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import { diskFull, isOutOfRoom } from "./journal-failures.ts";

export interface DiskRoomParts {
  readonly env: Env;
  readonly folder: string;
  /** Between attempts on a full disk. */
  readonly retryUs: number;
  /** Aborted when the journal closes: then room is waited for no more. */
  readonly closing: AbortSignal;
  readonly durableSeq: () => number;
  readonly onAlarm: ((failure: Failure) => void) | undefined;
}

/** Room on the disk of a journal. Want of it is told at the start of each spell, and what needs room is repeated until there is some. */
export class DiskRoom {
  /** Undefined while there is room, as far as is known. */
  shortage: Failure | undefined;
  private readonly parts: DiskRoomParts;

  constructor(parts: DiskRoomParts) {
    this.parts = parts;
  }

  /** Room was found. */
  found(): void {
    this.shortage = undefined;
  }

  /** Takes note that there is none. Throws `error` when it says something else. */
  missed(error: unknown): void {
    if (!isOutOfRoom(error)) throw error;
    if (this.shortage !== undefined) return;
    const { folder, durableSeq, onAlarm } = this.parts;
    this.shortage = diskFull(folder, durableSeq(), String(error));
    onAlarm?.(this.shortage);
  }

  /** Repeats `work` until there is room for it; `failed` is what it said when it was tried before. Other failures pass through. */
  async until(work: () => Promise<void>, failed?: unknown): Promise<void> {
    if (failed !== undefined) await this.waitAfter(failed);
    for (let isFirst = failed === undefined; ; isFirst = false) {
      try {
        await work();
        if (!isFirst) this.found();
        return;
      } catch (error) {
        await this.waitAfter(error);
      }
    }
  }

  /** Throws what is no want of room, and also that when the journal is closing. */
  private async waitAfter(error: unknown): Promise<void> {
    const { env, retryUs, closing } = this.parts;
    this.missed(error);
    if (closing.aborted) throw error;
    await env.sleep(retryUs, closing).catch(() => {});
  }
}
