import { FailureError } from "@tradepulse/core";
import { type PostgresConnection, PostgresError } from "@tradepulse/platform";
import { deadDatabase, staleEpoch } from "./journal-failures.ts";
import { journalNameOf, PostgresJournal, type PostgresJournalOptions } from "./postgres-journal.ts";

/**
 * Opens the journal of a session and reads its last number. Throws what `connect` throws, and `TP_JOURNAL_EPOCH` when somebody else leads already.
 */
export async function openPostgresJournal(options: PostgresJournalOptions): Promise<PostgresJournal> {
  const connection = await options.connect();
  try {
    const { sessionId, lastSeq } = await openSession(connection, options);
    return new PostgresJournal(options, connection, sessionId, lastSeq);
  } catch (error) {
    await connection.close();
    throw error instanceof PostgresError ? new FailureError(deadDatabase(journalNameOf(options), 0, error.message), error) : error;
  }
}

async function openSession(connection: PostgresConnection, options: PostgresJournalOptions) {
  const { account, session, epoch } = options;
  const [leader] = await connection.query("SELECT epoch FROM tradepulse.leader WHERE account = $1 AND NOT released", [account]);
  if (Number(leader?.["epoch"]) !== epoch) throw new FailureError(staleEpoch(journalNameOf(options), epoch, 0));
  const [row] = await connection.query("SELECT session_id, last_seq FROM tradepulse.open_session($1, $2)", [account, session]);
  return { sessionId: Number(row!["session_id"]), lastSeq: Number(row!["last_seq"]) };
}
