import type { Failure, Result } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import { openFileJournal } from "../journal/file-journal.ts";
import type { Journal, JournalRecord } from "../journal/journal.ts";
import { takeFileLeadership } from "../latch/file-leadership.ts";
import type { Leadership, LeadershipTerms } from "../latch/leadership.ts";
import { readJournal } from "../recovery/read-journal.ts";
import { fileSnapshots, snapshotFolder } from "../snapshot/file-snapshots.ts";
import { readSnapshotHead } from "../snapshot/session-snapshot.ts";
import type { SnapshotStore } from "../snapshot/snapshot-store.ts";
import { findSessionRecord, journalFolder, type SessionRecord, writeSessionRecord } from "./session-record.ts";

/** How a session wants its journal. */
export interface JournalOpening {
  /** The epoch in whose name records are written. */
  readonly epoch: number;
  /** What lies before this record is not read; default 1. For a start from a snapshot. */
  readonly fromSeq?: number;
  readonly onAlarm?: (failure: Failure) => void;
}

/** Opens the journal of a session. Throws the coded failures of the journal. */
export type OpenJournal = (opening: JournalOpening) => Promise<Journal>;

/** Where a live session keeps its journal, and who decides which process leads the account: files of one host, or a database that hosts share. */
export interface SessionStore {
  /** The records that are there from a number on, default 1, whoever writes them; empty before the first start. */
  records(fromSeq?: number): AsyncIterable<JournalRecord>;
  /** The highest epoch that the journal knows; 0 when it knows none. */
  lastEpoch(): Promise<number>;
  /** Fails with `TP_LEADER_HELD` while another process leads, and `TP_LEADER_EPOCH` when the last epoch cannot be known. */
  takeLeadership(terms: LeadershipTerms): Promise<Result<Leadership>>;
  readonly openJournal: OpenJournal;
  /** Where snapshots of the session are kept; absent where none can be. */
  readonly snapshots?: SnapshotStore;
  /** What the session is; `undefined` before it was begun. */
  findRecord(): Promise<SessionRecord | undefined>;
  /** Begins the session, in the name of the epoch. */
  writeRecord(record: SessionRecord, epoch: number): Promise<void>;
  /** Ends the connections, when journal and leadership are no longer needed. */
  close(): Promise<void>;
}

/** Journal and leadership in files: `<account>/leader`, and `journal` in the folder of the session. Both absolute. */
export function fileSessionStore(env: Env, accountFolder: string, sessionFolder: string): SessionStore {
  const folder = journalFolder(sessionFolder);
  const snapshots = fileSnapshots(env, snapshotFolder(sessionFolder));
  return {
    records: (fromSeq) => readJournal(env.files, folder, fromSeq),
    lastEpoch: () => epochAfter(snapshots, (fromSeq) => readJournal(env.files, folder, fromSeq)),
    snapshots,
    takeLeadership: (terms) => takeFileLeadership({ ...terms, env, folder: `${accountFolder}/leader` }),
    openJournal: ({ fromSeq, onAlarm }) =>
      openFileJournal({
        env,
        folder,
        ...(fromSeq === undefined ? {} : { fromSeq }),
        ...(onAlarm === undefined ? {} : { onAlarm }),
      }),
    findRecord: () => findSessionRecord(env, sessionFolder),
    writeRecord: async (record) => {
      await env.files.makeFolder(sessionFolder);
      await writeSessionRecord(env, sessionFolder, record);
    },
    close: () => Promise.resolve(),
  };
}

async function epochOf(records: AsyncIterable<JournalRecord>): Promise<number> {
  let epoch = 0;
  for await (const { kind, payload } of records) {
    if (kind === "leader") epoch = Math.max(epoch, payload["epoch"] as number);
  }
  return epoch;
}

/** The same, of a journal that need not be read before the newest snapshot that can be. */
async function epochAfter(snapshots: SnapshotStore, records: (fromSeq: number) => AsyncIterable<JournalRecord>): Promise<number> {
  for (const seq of await snapshots.list()) {
    const read = readSnapshotHead(await snapshots.read(seq), seq);
    // What is wrong with it is told when the session starts.
    if (read.ok) return Math.max(read.value.epoch, await epochOf(records(seq)));
  }
  return await epochOf(records(1));
}
