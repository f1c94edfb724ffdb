import {
  type Postgres,
  type PostgresConnection,
  PostgresError,
  type PostgresQuery,
  type PostgresRow,
  type PostgresValue,
  type RandomStream,
} from "@tradepulse/platform";

/** What becomes of a statement: it is carried out or not, and its answer arrives or not. */
export type StatementFate = "answered" | "lost-before" | "lost-after" | "canceled";

interface Batch {
  readonly first: number;
  readonly last: number;
  readonly run: string;
  readonly epoch: number;
}

interface Session {
  readonly account: string;
  readonly name: string;
  readonly batches: Batch[];
  readonly records: PostgresRow[];
}

export interface SimulatedDatabaseOptions {
  /** Waits before a statement is carried out, and again before its answer arrives. */
  readonly pause?: () => Promise<void>;
  readonly random?: RandomStream;
}

/**
 * The database of the journal for worlds under virtual time: the statements of the journal, with what can go wrong on the way. It does what the functions of
 * `migrations/0001-journal.sql` do; the contract of the journal holds over both.
 */
export class SimulatedDatabase implements Postgres {
  /** No connection is had, and those that there are end. */
  isDown = false;
  /** Decides over every statement that appends. */
  fate: () => StatementFate = () => "answered";
  private readonly options: SimulatedDatabaseOptions;
  private readonly epochs = new Map<string, { epoch: number; isReleased: boolean }>();
  private readonly sessions: Session[] = [];
  private readonly open = new Set<SimulatedConnection>();

  constructor(options: SimulatedDatabaseOptions = {}) {
    this.options = options;
  }

  connect(): Promise<PostgresConnection> {
    if (this.isDown) return Promise.reject(new PostgresError("lost", "the simulated server is down"));
    const connection = new SimulatedConnection(
      (text, values) => this.run(text, values),
      () => this.open.delete(connection),
      this,
    );
    this.open.add(connection);
    return Promise.resolve(connection);
  }

  /** Ends every connection, and takes no new ones until {@link SimulatedDatabase.start}. */
  stop(): void {
    this.isDown = true;
    this.cutAll();
  }

  start(): void {
    this.isDown = false;
  }

  cutAll(): void {
    for (const connection of this.open) connection.lose();
  }

  /** Takes the lead of an account; gives the epoch. */
  lead(account: string): number {
    const epoch = (this.epochs.get(account)?.epoch ?? 0) + 1;
    this.epochs.set(account, { epoch, isReleased: false });
    return epoch;
  }

  /** Payloads of a session, in the order of their numbers. */
  payloads(account: string): readonly unknown[] {
    const session = this.sessions.find((each) => each.account === account);
    return (session?.records ?? []).map((row) => JSON.parse(row["payload"] as string) as unknown);
  }

  /** Epoch of each batch of a session, in order. */
  batchEpochs(account: string): readonly number[] {
    return (this.sessions.find((each) => each.account === account)?.batches ?? []).map(({ epoch }) => epoch);
  }

  async pause(): Promise<void> {
    await this.options.pause?.();
  }

  private run(text: string, values: readonly PostgresValue[]): readonly PostgresRow[] {
    if (text.includes("append_batch")) return [{ answer: this.append(values) }];
    if (text.includes("open_session")) {
      const id = this.sessionId(values[0] as string, values[1] as string);
      return [{ session_id: id, last_seq: String(this.sessions[id]!.records.length) }];
    }
    if (text.includes("FROM tradepulse.leader")) {
      const leader = this.epochs.get(values[0] as string);
      return leader === undefined || leader.isReleased ? [] : [{ epoch: String(leader.epoch) }];
    }
    if (text.includes("FROM tradepulse.journal_record")) {
      const [id, from, upTo, limit] = values as [number, number, number, number];
      return this.sessions[id]!.records.slice(from - 1, Math.min(upTo, from - 1 + limit));
    }
    throw new PostgresError("server", `the simulated database knows no such statement: ${text}`, "42601");
  }

  private append([id, epoch, run, first, schema, kinds, payloads]: readonly PostgresValue[]): string {
    const session = this.sessions[id as number]!;
    const leader = this.epochs.get(session.account);
    if (leader === undefined || leader.epoch !== epoch || leader.isReleased) return "epoch";
    const kindIds = (kinds as string).split(" ");
    const texts = (payloads as string).split("\n");
    const last = (first as number) + kindIds.length - 1;
    if (session.records.length !== (first as number) - 1) {
      const isThere = session.batches.some((batch) => batch.first === first && batch.last === last && batch.run === run);
      return isThere ? "again" : "sequence";
    }
    session.batches.push({ first: first as number, last, run: run as string, epoch });
    kindIds.forEach((kind, k) => {
      session.records.push({ seq: String((first as number) + k), kind: Number(kind), schema, payload: texts[k] });
    });
    return "ok";
  }

  private sessionId(account: string, name: string): number {
    const found = this.sessions.findIndex((each) => each.account === account && each.name === name);
    if (found >= 0) return found;
    this.sessions.push({ account, name, batches: [], records: [] });
    return this.sessions.length - 1;
  }
}

class SimulatedConnection implements PostgresConnection {
  isOpen = true;
  private readonly carryOut: (text: string, values: readonly PostgresValue[]) => readonly PostgresRow[];
  private readonly onEnd: () => void;
  private readonly database: SimulatedDatabase;
  private lostRun: ((error: PostgresError) => void) | undefined;
  /** Statements are carried out one after the other. */
  private before: Promise<void> = Promise.resolve();

  constructor(
    carryOut: (text: string, values: readonly PostgresValue[]) => readonly PostgresRow[],
    onEnd: () => void,
    database: SimulatedDatabase,
  ) {
    this.carryOut = carryOut;
    this.onEnd = onEnd;
    this.database = database;
  }

  readonly query: PostgresQuery = async (text, values = []) => {
    if (!this.isOpen) throw new PostgresError("lost", "the connection is closed");
    const turn = this.before;
    let end: () => void = () => undefined;
    this.before = new Promise((resolve) => {
      end = resolve;
    });
    await turn;
    try {
      return await this.answer(text, values);
    } finally {
      end();
    }
  };

  private async answer(text: string, values: readonly PostgresValue[]): Promise<readonly PostgresRow[]> {
    await this.database.pause();
    const fate = text.includes("append_batch") ? this.database.fate() : "answered";
    if (fate === "canceled") throw new PostgresError("server", "canceling statement due to user request", "57014");
    // A server carries out what it has received, whether or not anybody still listens.
    const wasOpen = this.isOpen;
    if (fate === "lost-before") this.lose();
    const rows = fate === "lost-before" || (!wasOpen && this.database.isDown) ? [] : this.carryOut(text, values);
    if (fate === "lost-after") this.lose();
    await this.database.pause();
    if (!this.isOpen) throw new PostgresError("unknown", "the connection ended before the answer");
    return rows;
  }

  async transaction<T>(run: (query: PostgresQuery) => Promise<T>): Promise<T> {
    return await run(this.query);
  }

  listen(): Promise<void> {
    return Promise.resolve();
  }

  onLost(run: (error: PostgresError) => void): void {
    this.lostRun = run;
  }

  close(): Promise<void> {
    this.isOpen = false;
    this.onEnd();
    return Promise.resolve();
  }

  lose(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.onEnd();
    const run = this.lostRun;
    queueMicrotask(() => run?.(new PostgresError("lost", "the connection ended")));
  }
}
