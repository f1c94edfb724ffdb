import { basename, dirname, join } from "node:path";
import { FailureError } from "@tradepulse/core";
import { latchFolder, readSessionRecord } from "@tradepulse/live";
import type { Env } from "@tradepulse/platform";

/** What a halt must know of a session. */
export interface HaltedSession {
  readonly name: string;
  readonly mode: "live" | "paper";
  /** Folder of its kill latch. */
  readonly latch: string;
  /** Why its record could not be read; `undefined` for one that was. */
  readonly flaw: string | undefined;
}

/**
 * The session in a folder. A record that is damaged keeps nobody from halting: the latch of a live session lies beside its folder, that of one on
 * paper in it. Which of the two it is, is told by what is there, and live in doubt.
 */
export async function haltedSession(env: Env, folder: string): Promise<HaltedSession> {
  try {
    const record = await readSessionRecord(env, folder);
    return { name: record.name, mode: record.mode, latch: latchFolder(folder, record), flaw: undefined };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    const mode = (await env.files.list(join(folder, "latch"))).length > 0 ? "paper" : "live";
    const latch = join(mode === "paper" ? folder : dirname(folder), "latch");
    return { name: basename(folder), mode, latch, flaw: error.failure.message };
  }
}
