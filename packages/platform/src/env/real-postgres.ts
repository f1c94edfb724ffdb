import tls from "node:tls";
import type { Client } from "pg";
import {
  type Postgres,
  type PostgresConnection,
  PostgresError,
  type PostgresQuery,
  type PostgresRow,
  type PostgresSettings,
} from "./postgres.ts";
import { realTimer } from "./real-clock.ts";
import { guardedClient, PasswordRefusal } from "./real-postgres-client.ts";
import { openPostgresSocket } from "./real-postgres-socket.ts";

/** PostgreSQL through the driver `pg`, which is loaded by the first connection. */
export const realPostgres: Postgres = {
  async connect(settings) {
    refuseWeakProcess();
    const socket = await openPostgresSocket(settings);
    const { client, hasIdentity } = await guardedClient(socket, settings);
    const timer = realTimer(settings.connectTimeoutUs, () => socket.destroy(new Error("the server did not finish the login in time")));
    try {
      await client.connect();
      if (!hasIdentity()) throw new PasswordRefusal("the server let us in without proving that it knows the password");
    } catch (error) {
      socket.destroy();
      throw loginTrouble(error);
    } finally {
      timer.cancel();
    }
    return new RealPostgresConnection(client, () => socket.destroy(), settings);
  },
};

/** What would weaken TLS for the whole process. We set our own bounds all the same; a process started so was not meant to be safe. */
function refuseWeakProcess(): void {
  if (process.env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0") {
    throw new PostgresError("insecure", "NODE_TLS_REJECT_UNAUTHORIZED is 0 in this process, it must not be set");
  }
  if (tls.DEFAULT_MIN_VERSION !== "TLSv1.2" && tls.DEFAULT_MIN_VERSION !== "TLSv1.3") {
    throw new PostgresError("insecure", `this process was started with ${tls.DEFAULT_MIN_VERSION} allowed, TLSv1.2 is the least`);
  }
}

class RealPostgresConnection implements PostgresConnection {
  isOpen = true;
  private readonly client: Client;
  private readonly cut: () => void;
  private readonly settings: PostgresSettings;
  private readonly lostRuns: ((error: PostgresError) => void)[] = [];
  private isClosing = false;

  constructor(client: Client, cut: () => void, settings: PostgresSettings) {
    this.client = client;
    this.cut = cut;
    this.settings = settings;
    client.on("error", (error) => this.lose(error));
    client.on("end", () => this.lose(new Error("the connection ended")));
  }

  readonly query: PostgresQuery = async (text, values = [], name) => {
    if (!this.isOpen) throw new PostgresError("lost", "the connection is closed");
    const overdue = realTimer(this.settings.answerTimeoutUs, () => this.cut());
    try {
      const bound = values.map((value) =>
        value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length) : value,
      );
      const result = await this.client.query(name === undefined ? { text, values: bound } : { text, values: bound, name });
      return result.rows as readonly PostgresRow[];
    } catch (error) {
      const trouble = statementTrouble(error);
      if (trouble.kind === "unknown") this.lose(error);
      throw trouble;
    } finally {
      overdue.cancel();
    }
  };

  async transaction<T>(run: (query: PostgresQuery) => Promise<T>): Promise<T> {
    let result: T;
    try {
      await this.query("BEGIN");
      result = await run(this.query);
    } catch (error) {
      if (this.isOpen) await this.query("ROLLBACK").catch(() => this.cut());
      // Without its COMMIT nothing of it can have had an effect.
      throw error instanceof PostgresError && error.kind === "unknown"
        ? new PostgresError("lost", error.message, error.sqlState, error)
        : error;
    }
    await this.query("COMMIT");
    return result;
  }

  async listen(channel: string, run: (payload: string) => void): Promise<void> {
    this.client.on("notification", (message) => {
      if (message.channel === channel) run(message.payload ?? "");
    });
    await this.query(`LISTEN "${channel.replaceAll('"', '""')}"`);
  }

  onLost(run: (error: PostgresError) => void): void {
    this.lostRuns.push(run);
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.isOpen = false;
    const overdue = realTimer(this.settings.connectTimeoutUs, () => this.cut());
    await this.client.end().catch(() => undefined);
    overdue.cancel();
  }

  private lose(error: unknown): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.cut();
    if (this.isClosing) return;
    const told = new PostgresError("lost", error instanceof Error ? error.message : String(error), undefined, error);
    for (const run of this.lostRuns.splice(0)) run(told);
  }
}

/** The server ended the connection with its word, or does not know itself what became of the statement. */
const ENDED = /^(57P0[1-5]|08...|40003|XX...)$/;

function statementTrouble(error: unknown): PostgresError {
  const { message, sqlState } = said(error);
  if (sqlState === undefined || ENDED.test(sqlState)) return new PostgresError("unknown", message, sqlState, error);
  return new PostgresError("server", message, sqlState, error);
}

/** Not yet started, shutting down, too many clients, out of resources: a moment later it may be otherwise. */
const PASSING = /^(57P0[1-5]|08...|53...|XX...)$/;

function loginTrouble(error: unknown): PostgresError {
  if (error instanceof PostgresError) return error;
  const { message, sqlState } = said(error);
  if (error instanceof PasswordRefusal || message.startsWith("SASL")) return new PostgresError("insecure", message, sqlState, error);
  const kind = sqlState === undefined || PASSING.test(sqlState) ? "lost" : "refused";
  return new PostgresError(kind, message, sqlState, error);
}

function said(error: unknown): { readonly message: string; readonly sqlState: string | undefined } {
  const message = error instanceof Error ? error.message : String(error);
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return { message, sqlState: typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined };
}
