import { type Engine, type FactDriver, type Failure, FailureError } from "@tradepulse/core";
import type { Journal, JournalRecord } from "../journal/journal.ts";
import { Recovery, type RecoveryPlan } from "../recovery/recover.ts";
import type { SessionFold } from "../recovery/session-fold.ts";
import type { SeriesPlan } from "../session/bar-assembler.ts";
import { notOurs, readSnapshot, type SessionSnapshot, type SnapshotAbout } from "../snapshot/session-snapshot.ts";
import type { SnapshotStore } from "../snapshot/snapshot-store.ts";

/** An engine that has taken no fact yet. */
export interface FreshEngine {
  readonly engine: Engine;
  readonly driver: FactDriver;
  /** What stopped it, when it could not take a fact; `undefined` while it can. */
  failure(): unknown;
}

export interface SessionStartParts {
  /** Where snapshots are looked for; `undefined` to start from the first record. */
  readonly snapshots: SnapshotStore | undefined;
  readonly about: SnapshotAbout;
  readonly plans: readonly SeriesPlan[];
  /** Opens the journal from a record on, and appends what a start begins with; that is durable when it resolves. */
  open(fromSeq: number): Promise<Journal>;
  /** Makes a fresh engine: one for each attempt. */
  make(): FreshEngine;
  onAlarm(text: string): void;
}

/** A session where its journal ends. */
export interface StartedSession {
  readonly journal: Journal;
  readonly engine: Engine;
  readonly driver: FactDriver;
  readonly plan: RecoveryPlan;
  readonly fold: SessionFold;
  /** Number of the record at which the snapshot stood that it started from; 0 for the first record of the journal. */
  readonly fromSeq: number;
}

/**
 * Brings a session to where its journal ends: from the newest snapshot that can be read and was taken by the same code, else from an older one, else from
 * the first record, each step down told aloud. Records are read as they come and not kept. A start from a snapshot that decides otherwise than the session
 * had is not believed: then the whole journal is replayed.
 */
export async function startSession(parts: SessionStartParts): Promise<StartedSession> {
  const known = parts.snapshots === undefined ? [] : [...(await parts.snapshots.list())];
  let journal: Journal | undefined;
  for (const seq of known) {
    const snapshot = await readOne(parts, seq);
    if (snapshot === undefined) continue;
    journal ??= await parts.open(seq);
    if (journal.lastSeq < seq) {
      parts.onAlarm(`TP_SNAPSHOT_CORRUPT: Cannot start from snapshot ${seq}: the journal ends before it, with record ${journal.lastSeq}`);
      continue;
    }
    const started = await attempt(parts, journal, snapshot);
    if (started !== undefined) return started;
    break;
  }
  journal ??= await parts.open(1);
  return (await attempt(parts, journal, undefined))!;
}

async function readOne(parts: SessionStartParts, seq: number): Promise<SessionSnapshot | undefined> {
  const { snapshots, about } = parts;
  let failure: Failure | undefined;
  try {
    const read = readSnapshot(await snapshots!.read(seq), seq);
    if (!read.ok) failure = read.failure;
    else {
      failure = notOurs(read.value.head, about);
      if (failure === undefined) return read.value;
    }
  } catch (error) {
    parts.onAlarm(`snapshot ${seq} cannot be read: ${String(error)}`);
    return undefined;
  }
  parts.onAlarm(`${failure.code}: ${failure.message}`);
  return undefined;
}

/** One way to the end of the journal; `undefined` when it started from a snapshot and is not to be believed. */
async function attempt(
  parts: SessionStartParts,
  journal: Journal,
  snapshot: SessionSnapshot | undefined,
): Promise<StartedSession | undefined> {
  const fresh = parts.make();
  const { engine, driver } = fresh;
  const fromSeq = snapshot?.head.seq ?? 0;
  if (snapshot !== undefined) {
    try {
      driver.resume(snapshot.state.engine);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      parts.onAlarm(`${error.failure.code}: ${error.failure.message}`);
      return undefined;
    }
  }
  const from = snapshot === undefined ? undefined : { seq: fromSeq, session: snapshot.state.session };
  const recovery = new Recovery(engine, driver, parts.plans, from);
  for await (const record of journal.records(Math.max(1, fromSeq))) {
    if (snapshot === undefined || record.seq > fromSeq) recovery.take(record);
    else if (!isTakenHere(record, snapshot)) {
      parts.onAlarm(`snapshot ${fromSeq} was not taken in this journal; the journal is replayed from its first record`);
      return undefined;
    }
  }
  const plan = recovery.plan();
  const first = plan.replay.divergences[0];
  const isBelieved = snapshot === undefined || (first === undefined && fresh.failure() === undefined);
  if (isBelieved) return { journal, engine, driver, plan, fold: recovery.fold, fromSeq };
  const why =
    first === undefined
      ? `it cannot go on: ${String(fresh.failure())}`
      : `it decides otherwise than the session did after fact ${first.factSeq}`;
  parts.onAlarm(`from snapshot ${fromSeq} ${why}; the journal is replayed from its first record`);
  return undefined;
}

/** The journal itself says where each snapshot was taken, and when. */
function isTakenHere({ kind, payload }: JournalRecord, { head }: SessionSnapshot): boolean {
  return kind === "snapshot" && payload["state"] === "taken" && payload["takenUs"] === head.takenUs;
}
