import { createHash } from "node:crypto";
import type { PostgresQuery } from "@tradepulse/platform";

/** What a walk over the audit of an account came to. */
export interface AuditVerdict {
  /** Rows that fit together from the first one on. */
  readonly rows: number;
  /** Hash of the last of them in hexadecimal: kept elsewhere, it shows later whether the end was cut off. */
  readonly head: string;
  /** The first row that does not fit, and why; `undefined` when all do. */
  readonly bad: { readonly seq: number; readonly why: string } | undefined;
}

const CHUNK = 5_000;
const READ =
  "SELECT seq, at_us, epoch, session_id, record_seq, kind, payload, prev_hash, hash FROM tradepulse.audit WHERE account = $1 AND seq > $2 ORDER BY seq LIMIT $3";

/**
 * Walks the chain of an account: every row must have the next number and carry the hash of the row before, and its own hash must be the one of its content.
 * Also compares each row with the record of the journal that it was written with. An end that was cut off shows only against a head kept elsewhere:
 * `knownHead` must be among the hashes.
 */
export async function verifyAudit(query: PostgresQuery, account: string, knownHead?: string): Promise<AuditVerdict> {
  let rows = 0;
  let head = Buffer.alloc(32);
  let isHeadSeen = knownHead === undefined || knownHead === head.toString("hex");
  const bad = (seq: number, why: string): AuditVerdict => ({ rows, head: head.toString("hex"), bad: { seq, why } });
  for (;;) {
    const chunk = await query(READ, [account, rows, CHUNK]);
    for (const row of chunk) {
      const seq = Number(row["seq"]);
      if (seq !== rows + 1) return bad(rows + 1, "it is missing");
      if (!head.equals(row["prev_hash"] as Buffer)) return bad(seq, "it does not follow the row before");
      const content = ["seq", "at_us", "epoch", "session_id", "record_seq", "kind", "payload"].map((name) => String(row[name])).join("\n");
      const hash = createHash("sha256").update(head).update(content).digest();
      if (!hash.equals(row["hash"] as Buffer)) return bad(seq, "its content is not what its hash was made of");
      head = hash;
      rows = seq;
      isHeadSeen ||= head.toString("hex") === knownHead;
    }
    if (chunk.length < CHUNK) break;
  }
  if (!isHeadSeen) return bad(rows + 1, "the chain does not reach the head that is known");
  const other = await firstOtherRecord(query, account);
  return other === undefined ? { rows, head: head.toString("hex"), bad: undefined } : bad(other, "the journal holds another record");
}

async function firstOtherRecord(query: PostgresQuery, account: string): Promise<number | undefined> {
  const [row] = await query(
    `SELECT a.seq FROM tradepulse.audit a
       LEFT JOIN tradepulse.journal_record r ON r.session_id = a.session_id AND r.seq = a.record_seq
      WHERE a.account = $1 AND (r.kind, r.payload) IS DISTINCT FROM (a.kind, a.payload) ORDER BY a.seq LIMIT 1`,
    [account],
  );
  return row === undefined ? undefined : Number(row["seq"]);
}
