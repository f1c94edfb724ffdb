import type { Secret } from "../secret/secret.ts";

/**
 * How a connection is protected. `verify-full`: TLS 1.2 or later, a certificate of the given authority alone, made out for the host. `local`: no TLS,
 * and therefore a Unix socket or a loopback address only.
 */
export type PostgresSecurity =
  | {
      readonly kind: "verify-full";
      /** Certificates of the authorities that are trusted, in PEM. No others are. */
      readonly ca: string;
      /** Certificate and key of the client, in PEM, where the server asks for them. */
      readonly certificate?: string;
      readonly key?: Secret;
    }
  | { readonly kind: "local" };

export interface PostgresSettings {
  /** Name, address, or absolute folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Only SCRAM-SHA-256 is answered with it. `undefined` on a Unix socket whose server asks the system who is there. */
  readonly password: Secret | undefined;
  readonly security: PostgresSecurity;
  /** Shown in the server's list of connections. */
  readonly applicationName: string;
  /** From the call to a connection that takes statements. */
  readonly connectTimeoutUs: number;
  /** Longest wait for the answer to one statement; then the connection counts as lost. */
  readonly answerTimeoutUs: number;
}

/** One row by the names of its columns, as the server's text: `null`, text, or what its type means (int4, bool, bytea). int8 is text. */
export type PostgresRow = Readonly<Record<string, unknown>>;

export type PostgresValue = string | number | boolean | null | Uint8Array;

/** Runs one statement. `name` prepares it once for the connection. */
export type PostgresQuery = (text: string, values?: readonly PostgresValue[], name?: string) => Promise<readonly PostgresRow[]>;

/** PostgreSQL as the journal needs it: single connections, no pool. */
export interface Postgres {
  /** Rejects with a {@link PostgresError} of kind `insecure`, `refused` or `lost`. */
  connect(settings: PostgresSettings): Promise<PostgresConnection>;
}

export interface PostgresConnection {
  /** False once the connection is lost or closed. */
  readonly isOpen: boolean;
  /**
   * One statement, a transaction of its own. Statements may be sent before earlier ones are answered; they are answered in order. Rejects with a
   * {@link PostgresError}.
   */
  readonly query: PostgresQuery;
  /** Statements as one transaction; nothing else may use the connection meanwhile. A commit without answer rejects as `unknown`. */
  transaction<T>(run: (query: PostgresQuery) => Promise<T>): Promise<T>;
  /** Tells of every `NOTIFY` on the channel from here on. */
  listen(channel: string, run: (payload: string) => void): Promise<void>;
  /** Called once when the connection is lost; not when it is closed here. */
  onLost(run: (error: PostgresError) => void): void;
  /** Ends the connection. What is not answered yet rejects. */
  close(): Promise<void>;
}

/**
 * What went wrong.
 * `insecure`: the connection could not be protected, or the server asked for the password in a form that gives it away; nothing secret was sent.
 * `refused`: the server takes no connection from this user, with this password, to this database. Trying again as it is changes nothing.
 * `lost`: there is no connection; the statement had no effect.
 * `server`: the server refused the statement, which had no effect; `sqlState` says why.
 * `unknown`: the connection ended between the statement and its answer. Whether it had its effect must be read.
 */
export type PostgresTrouble = "insecure" | "refused" | "lost" | "server" | "unknown";

export class PostgresError extends Error {
  override readonly name = "PostgresError";
  readonly kind: PostgresTrouble;
  /** Five characters, where the server said something. */
  readonly sqlState: string | undefined;

  constructor(kind: PostgresTrouble, message: string, sqlState?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.sqlState = sqlState;
  }
}
