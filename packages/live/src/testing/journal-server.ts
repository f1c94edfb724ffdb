import { type Failure, FailureError } from "@tradepulse/core";
import { type Env, realEnv } from "@tradepulse/platform";
import { type CuttingProxy, type PostgresServer, startCuttingProxy, startPostgresServer } from "@tradepulse/platform/testing";
import { openPostgresJournal } from "../journal/open-postgres-journal.ts";
import type { PostgresJournal, PostgresJournalOptions } from "../journal/postgres-journal.ts";
import { type JournalDatabase, makeJournalDatabase } from "./journal-database.ts";

/** An account of its own, led in epoch 1, and how its journal is opened. */
export interface ServedJournal {
  readonly account: string;
  readonly alarms: readonly string[];
  readonly open: (more?: Partial<PostgresJournalOptions>) => Promise<PostgresJournal>;
}

/** A real server, and a way to it that can be cut. */
export class JournalServer {
  readonly env: Env = realEnv();
  readonly server: PostgresServer;
  readonly base: JournalDatabase;
  readonly proxy: CuttingProxy;
  private accounts = 0;

  constructor(server: PostgresServer, base: JournalDatabase, proxy: CuttingProxy) {
    this.server = server;
    this.base = base;
    this.proxy = proxy;
  }

  async begin(options: Partial<PostgresJournalOptions> = {}): Promise<ServedJournal> {
    const { env, base, proxy } = this;
    this.accounts += 1;
    const account = `account ${this.accounts}`;
    const epoch = await base.lead(account);
    const alarms: string[] = [];
    proxy.plan = () => ({});
    const fixed = { env, account, session: "one", epoch, connect: () => base.connect(proxy.port), retryUs: 1_000 };
    const onAlarm = ({ code }: Failure): void => void alarms.push(code);
    return { account, alarms, open: (more = {}) => openPostgresJournal({ ...fixed, onAlarm, ...options, ...more }) };
  }

  /** What is in the database, read past everything that stands in between: `at` of every payload. Throws when a number is missing. */
  async stored(account: string): Promise<readonly number[]> {
    const owner = await this.base.connectOwner();
    const rows = await owner.query(
      "SELECT r.seq, r.payload FROM tradepulse.journal_record r JOIN tradepulse.journal_session s ON s.id = r.session_id WHERE s.account = $1 ORDER BY r.seq",
      [account],
    );
    await owner.close();
    rows.forEach((row, k) => {
      if (Number(row["seq"]) !== k + 1) throw new Error(`record ${k + 1} of ${account} is missing, found ${String(row["seq"])}`);
    });
    return rows.map((row) => (JSON.parse(String(row["payload"])) as { at: number }).at);
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.env.sleep(1_000);
  }

  async end(): Promise<void> {
    await this.proxy.close();
    await this.server.end();
  }
}

export async function startJournalServer(): Promise<JournalServer> {
  const server = await startPostgresServer();
  return new JournalServer(server, await makeJournalDatabase(server), await startCuttingProxy(server.port));
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k + 1);
}

/** The code that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "nothing",
    (error: unknown) => (error instanceof FailureError ? error.failure.code : String(error)),
  );
}
