import { type Env, Secret } from "@tradepulse/platform";
import { refuseConfig } from "../config/refuse-config.ts";
import { journalConnector } from "../journal/connect-journal.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { readJournal } from "../recovery/read-journal.ts";
import { databaseRecords } from "./postgres-session-store.ts";
import { journalFolder, type SessionRecord } from "./session-record.ts";

/**
 * The records of a session, wherever its journal is, for those who only read: replay, parity. A journal in a database is read with the password in the
 * variable `POSTGRES_PASSWORD`; throws `TP_LIVE_JOURNAL_PASSWORD` where it is needed and not set.
 */
export function sessionRecords(
  env: Env,
  folder: string,
  record: SessionRecord,
  variables: Readonly<Record<string, string | undefined>> = {},
  fromSeq = 1,
): AsyncIterable<JournalRecord> {
  const { journal } = record;
  if (journal === undefined) return readJournal(env.files, journalFolder(folder), fromSeq);
  const { account, session, database } = journal;
  const text = variables["POSTGRES_PASSWORD"] ?? "";
  if (text === "" && database.host?.startsWith("/") !== true) {
    refuseConfig(
      "TP_LIVE_JOURNAL_PASSWORD",
      `Cannot read the journal of session "${record.name}": it is in a database, and variable POSTGRES_PASSWORD is not set`,
      [["database", `${database.database ?? database.url ?? ""} of user ${database.user ?? ""}`]],
      "set POSTGRES_PASSWORD to the password of that user, and run the command again",
    );
  }
  const password = text === "" ? undefined : new Secret(text);
  const connect = journalConnector({
    env,
    database,
    variables,
    password: () => Promise.resolve(password),
    applicationName: "tradepulse reader",
  });
  return databaseRecords(connect, account, session);
}
