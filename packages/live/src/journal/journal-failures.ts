import type { Failure } from "@tradepulse/core";

/** The failures of the journal, each made in one place. `cause` is what the system said. */

export function corruptSegment(segment: string, offset: number, seq: number, proven: string): Failure {
  return {
    code: "TP_JOURNAL_CORRUPT",
    message: `Cannot read journal record ${seq}: segment "${segment}" is damaged at byte ${offset}, and the record was durable`,
    details: [["known from", proven]],
    next: "restore the segment from a copy; never delete it, since orders may be known from it alone",
  };
}

export function missingRecords(folder: string, fromSeq: number, firstSeq: number): Failure {
  return {
    code: "TP_JOURNAL_GAP",
    message: `Cannot read journal "${folder}" from record ${fromSeq}: it begins with record ${firstSeq}, it must begin at or before ${fromSeq}`,
    details: [],
    next: "restore the older segments, or start from a snapshot that covers them",
  };
}

export function laterSchema(segment: string, offset: number, schema: number, kindId: number): Failure {
  return {
    code: "TP_JOURNAL_SCHEMA",
    message: `Cannot read segment "${segment}" at byte ${offset}: the record has schema ${schema} and kind number ${kindId}, this version knows schema 1 and no such kind`,
    details: [],
    next: "start the version that wrote the journal, or a later one",
  };
}

export function strangePayload(seq: number, kind: string, field: string, found: string, form: string): Failure {
  return {
    code: "TP_JOURNAL_PAYLOAD",
    message: `Cannot read record ${seq} of kind "${kind}": its field "${field}" is ${found}, this version expects ${form}`,
    details: [],
    next: "start the version that wrote the journal",
  };
}

export function unknownKind(kind: string): Failure {
  return {
    code: "TP_JOURNAL_KIND",
    message: `Cannot append a record of kind "${kind}": the table of record kinds has no such name, allowed are its names`,
    details: [],
    next: "add the kind to record-kinds.ts",
  };
}

export function deadJournal(folder: string, durableSeq: number, cause: string): Failure {
  return {
    code: "TP_JOURNAL_DEAD",
    message: `Cannot write journal "${folder}": a write or sync failed, and after that no sync can be believed`,
    details: [
      ["durable up to", `record ${durableSeq}`],
      ["cause", cause],
    ],
    next: "check the disk, then start again; the start reconciles with the venue",
  };
}

export function diskFull(folder: string, durableSeq: number, cause: string): Failure {
  return {
    code: "TP_JOURNAL_DISK_FULL",
    message: `Cannot write journal "${folder}": the disk is full, room for further records is needed`,
    details: [
      ["durable up to", `record ${durableSeq}`],
      ["cause", cause],
    ],
    next: "free room on the disk; no new order is sent until then",
  };
}

export function journalBehind(folder: string, waitingBytes: number, limitBytes: number): Failure {
  return {
    code: "TP_JOURNAL_BEHIND",
    message: `Cannot take new risk on journal "${folder}": ${waitingBytes} bytes wait for the disk, limit is ${limitBytes} bytes`,
    details: [],
    next: "find what slows the disk; orders are sent again once the queue is short",
  };
}

export function closedJournal(folder: string): Failure {
  return {
    code: "TP_JOURNAL_CLOSED",
    message: `Cannot append to journal "${folder}": it is closed, only an open one takes records`,
    details: [],
    next: "open the journal again",
  };
}
