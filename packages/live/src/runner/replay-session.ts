import { type BoundStrategy, runHash } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import { readJournal } from "../recovery/read-journal.ts";
import { type Divergence, type ReadRecord, replay } from "../recovery/replay.ts";
import { buildEngine, type SessionEngine, type SessionOptions } from "./build-engine.ts";
import { journalFolder, type SessionRecord } from "./session-record.ts";

/** What a replay of a session came to. */
export interface SessionReplay {
  readonly built: SessionEngine;
  readonly records: readonly ReadRecord[];
  readonly facts: number;
  readonly commands: number;
  /** Where the engine decided otherwise than it did then; empty for a replay that is bit-identical. */
  readonly divergences: readonly Divergence[];
  /** Over the event list, the end of the session included. */
  readonly runHash: string;
  /** The same as the session recorded it; `undefined` when it did not end by itself, or still runs. */
  readonly recordedHash: string | undefined;
}

/** Feeds the journal of a session through a fresh engine, and ends the run where the journal ends. */
export async function replaySession(
  env: Env,
  folder: string,
  record: SessionRecord,
  strategy: BoundStrategy,
  optionsOf: SessionOptions,
): Promise<SessionReplay> {
  const records: ReadRecord[] = [];
  for await (const each of readJournal(env.files, journalFolder(folder))) records.push(each);
  const built = buildEngine(record, strategy, optionsOf);
  const { facts, commands, divergences } = replay(records, built.driver);
  built.driver.finish();
  return {
    built,
    records,
    facts,
    commands: commands.length,
    divergences,
    runHash: runHash(built.engine.events),
    recordedHash: recordedHash(records),
  };
}

function recordedHash(records: readonly ReadRecord[]): string | undefined {
  const last = records.findLast(({ kind }) => kind === "metadata");
  return last !== undefined && "runHash" in last.payload ? String(last.payload.runHash) : undefined;
}
