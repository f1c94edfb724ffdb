import { type Env, type PostgresConnection, postgresSettings, realEnv, Secret } from "@tradepulse/platform";
import type { PostgresServer } from "@tradepulse/platform/testing";
import { checkDatabase } from "../journal/check-database.ts";
import { migrateJournal } from "../journal/migrate-journal.ts";

const TRADER = "trader";
const TRADER_PASSWORD = "throw-away too";

/** A fresh database with the schema, on a throw-away server, and how it is reached. */
export interface JournalDatabase {
  readonly database: string;
  /** As the application; `port` leads through something in between. */
  connect(port?: number): Promise<PostgresConnection>;
  /** As the owner of everything. */
  connectOwner(): Promise<PostgresConnection>;
  /** Takes the lead of an account without a leader that lives; gives the epoch. */
  lead(account: string): Promise<number>;
}

let databases = 0;

/** Makes a database of its own on the server, migrates it, and lets the role `trader` use it. */
export async function makeJournalDatabase(server: PostgresServer, env: Env = realEnv()): Promise<JournalDatabase> {
  databases += 1;
  const database = `journal_${databases}`;
  const connect = async (user: string, password: string, name: string, port = server.port, tls = true): Promise<PostgresConnection> => {
    const protection = tls && server.caFile !== undefined ? { sslmode: "verify-full", caFile: server.caFile } : { sslmode: "local" };
    const choice = { host: "127.0.0.1", port, database: name, user, password: new Secret(password), ...protection };
    const times = { connectTimeoutUs: 20_000_000, answerTimeoutUs: 20_000_000 };
    return env.postgres.connect(await postgresSettings(env, { ...choice, applicationName: "journal test", ...times }, {}));
  };
  const main = await connect(server.user, server.password, "postgres");
  await main.query(`CREATE DATABASE ${database}`);
  const [found] = await main.query(`SELECT 1 AS one FROM pg_roles WHERE rolname = '${TRADER}'`);
  if (found === undefined) await main.query(`CREATE ROLE ${TRADER} LOGIN PASSWORD '${TRADER_PASSWORD}'`);
  await main.close();
  const connectOwner = (): Promise<PostgresConnection> => connect(server.user, server.password, database);
  const owner = await connectOwner();
  await migrateJournal(env, owner, TRADER);
  await owner.close();
  return {
    database,
    connectOwner,
    async connect(port) {
      // What stands in between may cut at a chosen byte, so it must see the protocol as it is.
      const connection = await connect(TRADER, TRADER_PASSWORD, database, port, port === undefined);
      await checkDatabase(connection.query);
      return connection;
    },
    async lead(account) {
      const connection = await connect(TRADER, TRADER_PASSWORD, database);
      const [row] = await connection.query("SELECT new_epoch FROM tradepulse.take_lead($1, 0, 'test')", [account]);
      await connection.close();
      return Number(row!["new_epoch"]);
    },
  };
}
