import { FailureError } from "@tradepulse/core";
import { type Env, type PostgresConnection, type PostgresQuery, Secret } from "@tradepulse/platform";
import type { LiveConfig } from "../config/live-config.ts";
import { readConfig } from "../config/read-config.ts";
import { checkDatabase } from "../journal/check-database.ts";
import { journalConnector, withDatabase } from "../journal/connect-journal.ts";
import { checkMigrations, migrateJournal } from "../journal/migrate-journal.ts";
import { type AuditVerdict, verifyAudit } from "../journal/verify-audit.ts";

export interface AdministrationParts {
  readonly env: Env;
  readonly configPath: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly flags?: Readonly<Record<string, string>>;
  /** Makes a path of the configuration absolute. */
  readonly absolute: (path: string) => string;
}

/** What a database is, for those who look after it. */
export interface JournalDatabaseState {
  readonly server: string;
  readonly user: string;
  /** `TLSv1.3 TLS_AES_256_GCM_SHA384`, or that there is none. */
  readonly protection: string;
  readonly leaders: readonly { readonly account: string; readonly epoch: number; readonly isReleased: boolean; readonly holder: string }[];
}

/** The audit of one account. */
export interface AccountAudit extends AuditVerdict {
  readonly account: string;
}

/**
 * Makes the schema of the journal, or brings it up to date, as `owner` with the password in `POSTGRES_OWNER_PASSWORD`, and lets the user of the
 * configuration use it. Gives the names of the migrations that ran. Throws what {@link migrateJournal} throws, and `TP_POSTGRES_*`.
 */
export async function migrateDatabase(parts: AdministrationParts, owner: string): Promise<readonly string[]> {
  const config = await databaseConfig(parts);
  const { user } = config.journal.connection;
  if (user === undefined || user === owner) {
    return refuse(
      `its user is ${user === undefined ? "not set" : `"${user}"`}, needed is a role that is not the owner "${owner}"`,
      "set user in [journal] to the role that trades",
    );
  }
  const connect = connector(parts, config, owner, parts.variables["POSTGRES_OWNER_PASSWORD"]);
  return await using(connect, (connection) => migrateJournal(parts.env, connection, user));
}

/** Looks at the database as a session would that starts. Throws what keeps a session from starting. */
export async function checkJournalDatabase(parts: AdministrationParts): Promise<JournalDatabaseState> {
  const config = await databaseConfig(parts);
  return await using(userConnector(parts, config), async ({ query }) => {
    await checkMigrations(parts.env, query);
    await checkDatabase(query);
    const [about] = await query(
      `SELECT current_setting('server_version') AS server, current_user AS name,
              (SELECT version || ' ' || cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl) AS protection`,
    );
    const leaders = await query("SELECT account, epoch, released, holder FROM tradepulse.leader ORDER BY account");
    return {
      server: about!["server"] as string,
      user: about!["name"] as string,
      protection: (about!["protection"] as string | null) ?? "none: Unix socket or loopback",
      leaders: leaders.map((row) => ({
        account: row["account"] as string,
        epoch: Number(row["epoch"]),
        isReleased: row["released"] === true,
        holder: row["holder"] as string,
      })),
    };
  });
}

/** Walks the audit of every account, or of one. `heads` are hashes kept elsewhere, by account. */
export async function auditJournalDatabase(
  parts: AdministrationParts,
  heads: Readonly<Record<string, string>>,
): Promise<readonly AccountAudit[]> {
  const config = await databaseConfig(parts);
  return await using(userConnector(parts, config), async ({ query }) => {
    await checkMigrations(parts.env, query);
    const audits: AccountAudit[] = [];
    for (const account of await accounts(query, Object.keys(heads)))
      audits.push({ account, ...(await verifyAudit(query, account, heads[account])) });
    return audits;
  });
}

async function accounts(query: PostgresQuery, known: readonly string[]): Promise<readonly string[]> {
  const rows = await query("SELECT DISTINCT account FROM tradepulse.audit");
  return [...new Set([...rows.map((row) => row["account"] as string), ...known])].toSorted();
}

async function databaseConfig(parts: AdministrationParts): Promise<LiveConfig> {
  const { env, configPath, variables, flags } = parts;
  const config = await readConfig(env, parts.absolute(configPath), { variables, ...(flags === undefined ? {} : { flags }) });
  if (config.journal.kind === "postgres") return config;
  return refuse('its journal is in files, needed is kind = "postgres" in [journal]', "see the guide to the PostgreSQL journal");
}

function userConnector(parts: AdministrationParts, config: LiveConfig): () => Promise<PostgresConnection> {
  return connector(parts, config, config.journal.connection.user, parts.variables["POSTGRES_PASSWORD"]);
}

function connector(
  { env, variables, absolute }: AdministrationParts,
  config: LiveConfig,
  user: string | undefined,
  password: string | undefined,
) {
  const { connection } = config.journal;
  const path = (given: string | undefined): string | undefined => (given === undefined ? undefined : absolute(given));
  return journalConnector({
    env,
    database: {
      ...connection,
      user,
      caFile: path(connection.caFile),
      certFile: path(connection.certFile),
      keyFile: path(connection.keyFile),
    },
    variables,
    password: () => Promise.resolve(password === undefined || password === "" ? undefined : new Secret(password)),
    applicationName: "tradepulse database",
  });
}

async function using<T>(connect: () => Promise<PostgresConnection>, work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
  return await withDatabase(async () => {
    const connection = await connect();
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  });
}

function refuse(why: string, next: string): never {
  throw new FailureError({
    code: "TP_POSTGRES_SETTINGS",
    message: `Cannot work on the database of the configuration: ${why}`,
    details: [],
    next,
  });
}
