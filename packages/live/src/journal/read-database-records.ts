import { FailureError } from "@tradepulse/core";
import type { PostgresConnection } from "@tradepulse/platform";
import type { JournalRecord } from "./journal.ts";
import { laterRecord, missingRecords } from "./journal-failures.ts";
import { RECORD_SCHEMA } from "./record-buffer.ts";
import { recordKindOf } from "./record-kinds.ts";
import { payloadOf } from "./record-text.ts";

const CHUNK = 2_000;
const READ =
  "SELECT seq, kind, schema, payload FROM tradepulse.journal_record WHERE session_id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq LIMIT $4";

/**
 * The records of a session from one number to another, over a connection of their own and a few thousand at a time. Throws `TP_JOURNAL_GAP` where one is
 * missing, `TP_JOURNAL_SCHEMA` for one of a later version.
 */
export async function* readDatabaseRecords(
  connect: () => Promise<PostgresConnection>,
  name: string,
  sessionId: number,
  fromSeq: number,
  upTo: number,
): AsyncGenerator<JournalRecord, void, undefined> {
  if (fromSeq > upTo) return;
  const connection = await connect();
  try {
    for (let next = fromSeq; next <= upTo; ) {
      const rows = await connection.query(READ, [sessionId, next, upTo, CHUNK]);
      if (rows.length === 0) throw new FailureError(missingRecords(name, next, upTo + 1));
      for (const row of rows) {
        const seq = Number(row["seq"]);
        if (seq !== next) throw new FailureError(missingRecords(name, next, seq));
        const kindId = Number(row["kind"]);
        const kind = recordKindOf(kindId);
        if (kind === undefined || Number(row["schema"]) > RECORD_SCHEMA)
          throw new FailureError(laterRecord(name, seq, Number(row["schema"]), kindId));
        yield { seq, kind, payload: payloadOf(kind, row["payload"] as string) };
        next += 1;
      }
    }
  } finally {
    await connection.close();
  }
}
