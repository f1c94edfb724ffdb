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

export function laterRecord(name: string, seq: number, schema: number, kindId: number): Failure {
  return {
    code: "TP_JOURNAL_SCHEMA",
    message: `Cannot read record ${seq} of journal "${name}": it has schema ${schema} and kind number ${kindId}, this version knows schema 1 and no such kind`,
    details: [],
    next: "start the version that wrote the journal, or a later one",
  };
}

export function staleEpoch(name: string, epoch: number, durableSeq: number): Failure {
  return {
    code: "TP_JOURNAL_EPOCH",
    message: `Cannot write journal "${name}" in epoch ${epoch}: the account is led in another epoch, or by nobody, and only its leader may write`,
    details: [["durable up to", `record ${durableSeq}`]],
    next: "leave the account to its leader; a start takes the lead again when nobody has it",
  };
}

export function conflictingRecords(name: string, seq: number, durableSeq: number): Failure {
  return {
    code: "TP_JOURNAL_CONFLICT",
    message: `Cannot write record ${seq} of journal "${name}": the database holds another one there, or lacks the one before, and rows are written once`,
    details: [["durable up to", `record ${durableSeq}`]],
    next: "find out who else writes this session, or whether an older copy of the database was restored; then start again",
  };
}

export function deadDatabase(name: string, durableSeq: number, cause: string): Failure {
  return {
    code: "TP_JOURNAL_DEAD",
    message: `Cannot write journal "${name}": the database refuses the records, and waiting does not help`,
    details: [
      ["durable up to", `record ${durableSeq}`],
      ["cause", cause],
    ],
    next: "mend what the cause names, then start again; the start reconciles with the venue",
  };
}

export function fullDatabase(name: string, durableSeq: number, cause: string): Failure {
  return {
    code: "TP_JOURNAL_DISK_FULL",
    message: `Cannot write journal "${name}": the disk of the database is full, room for further records is needed`,
    details: [
      ["durable up to", `record ${durableSeq}`],
      ["cause", cause],
    ],
    next: "free room there; no new order is sent until then, and the journal goes on by itself",
  };
}

export function awayJournal(name: string, durableSeq: number, cause: string): Failure {
  return {
    code: "TP_JOURNAL_AWAY",
    message: `Cannot write journal "${name}": the database does not answer, and no order is sent without it`,
    details: [
      ["durable up to", `record ${durableSeq}`],
      ["cause", cause],
    ],
    next: "see to the database and the way to it; the journal goes on by itself when it answers",
  };
}

/** Whether a file operation failed for want of room: then it may succeed later. */
export function isOutOfRoom(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
