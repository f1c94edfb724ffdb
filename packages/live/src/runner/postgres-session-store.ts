import { FailureError } from "@tradepulse/core";
import type { Env, PostgresConnection } from "@tradepulse/platform";
import { checkDatabase } from "../journal/check-database.ts";
import { withDatabase } from "../journal/connect-journal.ts";
import { checkMigrations } from "../journal/migrate-journal.ts";
import { openPostgresJournal } from "../journal/open-postgres-journal.ts";
import { readDatabaseRecords } from "../journal/read-database-records.ts";
import { epochFloor } from "../latch/epoch-floor.ts";
import { takePostgresLeadership } from "../latch/postgres-leadership.ts";
import { fileSnapshots } from "../snapshot/file-snapshots.ts";
import { findSessionRecord, type SessionRecord, writeSessionRecord } from "./session-record.ts";
import type { SessionStore } from "./session-store.ts";

export interface PostgresSessionStoreParts {
  readonly env: Env;
  readonly connect: () => Promise<PostgresConnection>;
  /** Names the account and the session in the database, whichever host asks. */
  readonly account: string;
  readonly session: string;
  /** Absolute folder of the session on this host. */
  readonly folder: string;
  /** Shown to people as the leader: host and process. */
  readonly holder: string;
  readonly giveUpUs: number;
}

/**
 * Journal, leadership and record of a session in a database that hosts share. Refuses a database of another version, one whose commits may be lost, and a
 * user who may change what was written; the latter two at every connection. Throws `TP_JOURNAL_MIGRATION`, `TP_JOURNAL_UNSAFE`, `TP_JOURNAL_ROLE`, and
 * `TP_POSTGRES_*` for a connection that cannot be had.
 */
export async function postgresSessionStore(parts: PostgresSessionStoreParts): Promise<SessionStore> {
  const { env, account, session, folder } = parts;
  const connect = async (): Promise<PostgresConnection> => {
    const connection = await parts.connect();
    try {
      await checkDatabase(connection.query);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
  const once = <T>(work: (connection: PostgresConnection) => Promise<T>): Promise<T> => withDatabase(() => usingOne(parts.connect, work));
  await once(async (connection) => {
    await checkMigrations(env, connection.query);
    await checkDatabase(connection.query);
  });
  const floor = epochFloor(env, `${folder.slice(0, folder.lastIndexOf("/"))}/leader`);
  return {
    records: (fromSeq) => databaseRecords(connect, account, session, fromSeq),
    lastEpoch: async () => {
      const inDatabase = await once(async ({ query }) => {
        const [row] = await query(
          "SELECT max(b.epoch) AS epoch FROM tradepulse.journal_batch b JOIN tradepulse.journal_session s ON s.id = b.session_id WHERE s.account = $1",
          [account],
        );
        return Number(row?.["epoch"] ?? 0);
      });
      return Math.max(inDatabase, await floor.read());
    },
    takeLeadership: async (terms) => {
      const taken = await withDatabase(() => takePostgresLeadership({ ...terms, env, connect, account, holder: parts.holder }));
      if (taken.ok) await floor.write(taken.value.epoch);
      return taken;
    },
    openJournal: ({ epoch, onAlarm }) =>
      withDatabase(() =>
        openPostgresJournal({
          env,
          connect,
          account,
          session,
          epoch,
          giveUpUs: parts.giveUpUs,
          ...(onAlarm === undefined ? {} : { onAlarm }),
        }),
      ),
    // Of this host. They are taken from the journal, so one that the database is behind of, or that another host went past, is only older.
    snapshots: fileSnapshots(env, `${folder}/snapshots`),
    findRecord: async () => {
      const [row] = await once(({ query }) =>
        query("SELECT record FROM tradepulse.journal_session WHERE account = $1 AND name = $2", [account, session]),
      );
      const text = row?.["record"];
      if (typeof text !== "string") return undefined;
      const record = JSON.parse(text) as SessionRecord;
      // The copy on this host: commands find a session by its folder.
      if ((await findSessionRecord(env, folder)) === undefined) await keepCopy(env, folder, record);
      return record;
    },
    writeRecord: async (record, epoch) => {
      const text = JSON.stringify(record);
      const [row] = await once(({ query }) =>
        query("SELECT tradepulse.begin_session($1, $2, $3, $4) AS answer", [account, session, epoch, text]),
      );
      if (row?.["answer"] !== "ok") throw new FailureError(notBegun(account, session, String(row?.["answer"])));
      await keepCopy(env, folder, record);
    },
    close: () => Promise.resolve(),
  };
}

/** The records of a session from a number on, those that are committed when the reading begins. Throws `TP_POSTGRES_*`, `TP_JOURNAL_GAP`, `TP_JOURNAL_SCHEMA`. */
export async function* databaseRecords(connect: () => Promise<PostgresConnection>, account: string, session: string, fromSeq = 1) {
  const [found] = await withDatabase(() =>
    usingOne(connect, ({ query }) =>
      query(
        `SELECT s.id, (SELECT max(b.last_seq) FROM tradepulse.journal_batch b WHERE b.session_id = s.id) AS last_seq
           FROM tradepulse.journal_session s WHERE s.account = $1 AND s.name = $2`,
        [account, session],
      ),
    ),
  );
  if (found === undefined || found["last_seq"] === null) return;
  yield* readDatabaseRecords(connect, `${account}/${session}`, Number(found["id"]), fromSeq, Number(found["last_seq"]));
}

async function usingOne<T>(connect: () => Promise<PostgresConnection>, work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
  const connection = await connect();
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

async function keepCopy(env: Env, folder: string, record: SessionRecord): Promise<void> {
  await env.files.makeFolder(folder);
  await writeSessionRecord(env, folder, record);
}

function notBegun(account: string, session: string, answer: string) {
  return {
    code: "TP_JOURNAL_EPOCH",
    message: `Cannot begin session "${session}" of account "${account}": the database answers "${answer}", only its leader may begin a session, and once`,
    details: [],
    next: "leave the account to its leader; a start takes the lead again when nobody has it",
  };
}
