import type { Failure } from "@tradepulse/core";
import type { RecordKind } from "./record-kinds.ts";

/** One entry as it was appended. */
export interface JournalRecord {
  /** Its place, from 1, without gaps. */
  readonly seq: number;
  readonly kind: RecordKind;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Keeps everything a session saw and did, in one order. `journalContract` states its laws; the file and the database obey the same.
 *
 * Whatever happens, a reader finds a prefix of what was appended that holds every record called durable, or a refusal that names the damage.
 */
export interface Journal {
  /** Number of the last record taken; 0 in an empty journal. */
  readonly lastSeq: number;
  /** Every record up to this number is on the disk. Never falls. */
  readonly durableSeq: number;
  /** Why no new risk may be taken now: dead, out of room, too far behind. `undefined` when all is well. Asked before every order. */
  readonly refusal: Failure | undefined;

  /**
   * Takes a record and returns its number at once; nothing is awaited. Throws a FailureError and takes nothing when the journal is dead
   * (`TP_JOURNAL_DEAD`), closed (`TP_JOURNAL_CLOSED`), or when as many bytes wait as may (`TP_JOURNAL_BEHIND`, `TP_JOURNAL_DISK_FULL`).
   */
  append(kind: RecordKind, payload: object): number;

  /** Resolves when the record and all before it are durable; rejects with a FailureError when that can no longer be had. */
  durable(seq: number): Promise<void>;

  /** The durable records from a number on, up to those durable at the call. Throws `TP_JOURNAL_CORRUPT` where they cannot be read. */
  records(fromSeq?: number): AsyncIterable<JournalRecord>;

  /**
   * Puts away records before this number that no start needs any more, as far as they can be put away by themselves. They stay readable, and nothing is
   * deleted. Absent where there is nothing to put away.
   */
  archiveBefore?(seq: number): Promise<void>;

  /** Makes durable what was taken and ends. Rejects when records were lost with it. */
  close(): Promise<void>;
}
