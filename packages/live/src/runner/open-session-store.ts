import type { Env, Secret } from "@tradepulse/platform";
import type { DatabaseConfig, JournalConfig } from "../config/live-config.ts";
import { CredentialSource } from "../credentials/credential-source.ts";
import type { SecretResolver } from "../credentials/secret-backend.ts";
import { journalConnector } from "../journal/connect-journal.ts";
import { postgresSessionStore } from "./postgres-session-store.ts";
import type { SessionJournal } from "./session-record.ts";
import { fileSessionStore, type SessionStore } from "./session-store.ts";

export interface SessionStoreParts {
  readonly env: Env;
  readonly config: JournalConfig;
  /** Absolute, of the account and of the session in it. */
  readonly accountFolder: string;
  readonly folder: string;
  readonly session: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly backends: Readonly<Record<string, SecretResolver>>;
  /** Makes a path of the configuration absolute. */
  absolute(path: string): string;
  onAlarm(text: string): void;
  /** Told of every password that was fetched: it must appear in no text. */
  onSecrets(secrets: readonly Secret[]): void;
}

export interface OpenedSessionStore {
  readonly store: SessionStore;
  /** Where the journal is, for the session's record; `undefined` for files, which lie beside it. */
  readonly journal: SessionJournal | undefined;
}

/** Where the configuration wants the journal of a session. Loads and connects nothing of a database for one in files. */
export async function openSessionStore(parts: SessionStoreParts): Promise<OpenedSessionStore> {
  const { env, config, accountFolder, folder, session, variables } = parts;
  if (config.kind === "file") return { store: fileSessionStore(env, accountFolder, folder), journal: undefined };
  const credentials = new CredentialSource({
    env,
    venue: "journal",
    config: config.credentials,
    backends: parts.backends,
    variables,
    onAlarm: (text) => parts.onAlarm(text),
    onSecrets: (secrets) => parts.onSecrets(secrets),
  });
  const database = absolutePaths(config.connection, (path) => parts.absolute(path));
  const account = accountFolder.slice(accountFolder.lastIndexOf("/") + 1);
  const connect = journalConnector({
    env,
    database,
    variables,
    password: async () => (await credentials.current()).fields["PASSWORD"],
    applicationName: `tradepulse ${account}`,
  });
  const holder = `${variables["HOSTNAME"] ?? "host"} ${env.uniqueId().slice(0, 8)}`;
  try {
    const store = await postgresSessionStore({ env, connect, account, session, folder, holder, giveUpUs: config.giveUpUs });
    const close = async (): Promise<void> => {
      credentials.close();
      await store.close();
    };
    return { store: { ...store, close }, journal: { kind: "postgres", account, session, database } };
  } catch (error) {
    credentials.close();
    throw error;
  }
}

function absolutePaths(database: DatabaseConfig, absolute: (path: string) => string): DatabaseConfig {
  const path = (given: string | undefined): string | undefined => (given === undefined ? undefined : absolute(given));
  return { ...database, caFile: path(database.caFile), certFile: path(database.certFile), keyFile: path(database.keyFile) };
}
