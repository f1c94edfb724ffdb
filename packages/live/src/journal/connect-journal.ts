import { type Failure, FailureError } from "@tradepulse/core";
import { type Env, type PostgresConnection, PostgresError, postgresSettings, type Secret } from "@tradepulse/platform";
import type { DatabaseConfig } from "../config/live-config.ts";

export interface JournalConnectionParts {
  readonly env: Env;
  /** Paths are absolute. */
  readonly database: DatabaseConfig;
  /** Variables of the process: those that would weaken a connection are refused. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Asked before every connection, so that a rotated password is used by the next one. */
  password(): Promise<Secret | undefined>;
  /** Shown in the server's list of connections. */
  readonly applicationName: string;
}

/** Opens connections to the database of a journal, each protected in the same way. Rejects with a PostgresError or a coded failure of the settings. */
export function journalConnector(parts: JournalConnectionParts): () => Promise<PostgresConnection> {
  const { env, database, variables, applicationName } = parts;
  const { url, host, port, user, sslmode, caFile, certFile, keyFile, connectTimeoutUs, answerTimeoutUs } = database;
  const where = { url, host, port, database: database.database, user, sslmode, caFile, certFile, keyFile };
  return async () => {
    const choice = { ...where, connectTimeoutUs, answerTimeoutUs, applicationName, password: await parts.password() };
    return env.postgres.connect(await postgresSettings(env, choice, variables));
  };
}

/** Does something with the database, and says in a coded failure what is wrong with it. */
export async function withDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PostgresError ? new FailureError(databaseTrouble(error), error) : error;
  }
}

function databaseTrouble(error: PostgresError): Failure {
  const { kind, message, sqlState } = error;
  const details = sqlState === undefined ? [] : [["SQLSTATE", sqlState] as const];
  switch (kind) {
    case "insecure":
      return {
        code: "TP_POSTGRES_INSECURE",
        message: `Cannot connect to PostgreSQL: ${message}`,
        details,
        next: "see to the server's certificate, its TLS and its pg_hba.conf; nothing secret was sent to it",
      };
    case "refused":
      return {
        code: "TP_POSTGRES_REFUSED",
        message: `Cannot connect to PostgreSQL: the server says "${message}", it must let this user in`,
        details,
        next: "check user, password, database and the server's pg_hba.conf",
      };
    case "server":
      return {
        code: "TP_POSTGRES_REFUSED",
        message: `Cannot use the database of the journal: the server says "${message}"`,
        details,
        next: "run tradepulse database migrate as the owner of the schema, which also grants what the user needs",
      };
    case "lost":
    case "unknown":
      return {
        code: "TP_POSTGRES_AWAY",
        message: `Cannot reach PostgreSQL: ${message}`,
        details,
        next: "see to the database and the way to it, then start again",
      };
  }
}

/** A moment later it may be otherwise: no connection, out of room or memory, a lock, a canceled statement, a server that starts. */
export function isPassingTrouble(error: unknown): boolean {
  if (!(error instanceof PostgresError)) return false;
  if (error.kind === "insecure") return false;
  return error.kind !== "server" || /^(53|40|55|57|58)/.test(error.sqlState ?? "");
}

export function troubleText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
