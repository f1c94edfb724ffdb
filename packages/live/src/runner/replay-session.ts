import { type BoundStrategy, EVENT_KIND_NAMES, EventList, runHash } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import { firstOtherEvent, recordedEvents } from "../recovery/event-records.ts";
import { firstRecordOf } from "../recovery/read-journal.ts";
import { Recovery } from "../recovery/recover.ts";
import type { Divergence, ReadRecord } from "../recovery/replay.ts";
import { fileSnapshots, snapshotFolder } from "../snapshot/file-snapshots.ts";
import { readSnapshot, type SessionSnapshot } from "../snapshot/session-snapshot.ts";
import { type SnapshotProof, SnapshotProver } from "../snapshot/snapshot-proof.ts";
import { buildEngine, type SessionEngine, type SessionOptions } from "./build-engine.ts";
import { journalFolder, type SessionRecord } from "./session-record.ts";
import { sessionRecords } from "./session-records.ts";

/** What a replay of a session came to. */
export interface SessionReplay {
  readonly built: SessionEngine;
  readonly records: readonly ReadRecord[];
  /** Number of the record at which the snapshot stood that the replay began with; 0 for the first record of the journal. */
  readonly fromSeq: number;
  readonly facts: number;
  readonly commands: number;
  /** What the session itself recorded of its decisions and what came of them. */
  readonly recorded: EventList;
  /** The first event that came out otherwise; `undefined` when all that were recorded came out the same. */
  readonly otherEvent: { readonly seq: number; readonly recorded: string; readonly replayed: string } | undefined;
  /** Where the engine decided otherwise than it did then; empty for a replay that is bit-identical. */
  readonly divergences: readonly Divergence[];
  /** Snapshots that the session kept, each compared with the state that the replay came to at its record. */
  readonly snapshots: readonly SnapshotProof[];
  /** Over the event list, the end of the session included. */
  readonly runHash: string;
  /** The same as the session recorded it; `undefined` when it did not end by itself, or still runs. */
  readonly recordedHash: string | undefined;
}

/**
 * Feeds the journal of a session through a fresh engine, and ends the run where the journal ends. Snapshots that the session kept are proved on the way. Where
 * the first segments of the journal are not there any more, the replay begins at the oldest snapshot behind the gap.
 */
export async function replaySession(
  env: Env,
  folder: string,
  record: SessionRecord,
  strategy: BoundStrategy,
  optionsOf: SessionOptions,
  variables: Readonly<Record<string, string | undefined>> = {},
): Promise<SessionReplay> {
  const from = await snapshotBehindGap(env, folder, record);
  const built = buildEngine(record, strategy, optionsOf);
  const { engine, driver } = built;
  if (from !== undefined) driver.resume(from.state.engine);
  const fromSeq = from?.head.seq ?? 0;
  const recovery = new Recovery(engine, driver, record.series, from && { seq: fromSeq, session: from.state.session });
  const prover = new SnapshotProver(engine, driver, recovery.fold);
  const records: ReadRecord[] = [];
  for await (const each of sessionRecords(env, folder, record, variables, fromSeq + 1)) {
    records.push(each);
    recovery.take(each);
    prover.take(each);
  }
  const { facts, commandCount, divergences } = recovery.plan().replay;
  driver.finish();
  const before = new EventList();
  if (from !== undefined) before.resume(from.state.engine.events);
  const recorded = recordedEvents(records, before);
  const { events } = engine;
  const at = firstOtherEvent(recorded, events);
  return {
    built,
    records,
    fromSeq,
    facts,
    commands: commandCount,
    recorded,
    otherEvent: at === undefined ? undefined : { seq: at + 1, recorded: eventText(recorded, at), replayed: eventText(events, at) },
    divergences,
    snapshots: prover.proofs,
    runHash: runHash(events),
    recordedHash: recordedHash(records),
  };
}

/** `undefined` where the journal is there from its first record on. */
async function snapshotBehindGap(env: Env, folder: string, record: SessionRecord): Promise<SessionSnapshot | undefined> {
  if (record.journal !== undefined) return undefined;
  const first = await firstRecordOf(env.files, journalFolder(folder));
  if (first === 1) return undefined;
  const store = fileSnapshots(env, snapshotFolder(folder));
  for (const seq of [...(await store.list())].reverse()) {
    const read = readSnapshot(await store.read(seq), seq);
    if (read.ok && seq + 1 >= first) return read.value;
  }
  return undefined;
}

/** `submitted order 12, 20000 lots`: enough to find it again. */
function eventText(events: EventList, at: number): string {
  if (at >= events.length) return "nothing";
  const { kind, timeUs, orderId, fields } = events.record(at);
  return `${EVENT_KIND_NAMES[kind]} of order ${orderId} at ${timeUs} us: ${fields.join(" ")}`;
}

function recordedHash(records: readonly ReadRecord[]): string | undefined {
  const last = records.findLast(({ kind }) => kind === "metadata");
  return last !== undefined && "runHash" in last.payload ? String(last.payload.runHash) : undefined;
}
