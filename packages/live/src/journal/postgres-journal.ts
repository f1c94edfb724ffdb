import { type Failure, FailureError, invariant } from "@tradepulse/core";
import { type Env, type PostgresConnection, PostgresError } from "@tradepulse/platform";
import { isPassingTrouble, troubleText } from "./connect-journal.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import {
  awayJournal,
  closedJournal,
  conflictingRecords,
  deadDatabase,
  fullDatabase,
  journalBehind,
  staleEpoch,
} from "./journal-failures.ts";
import { KeptConnection } from "./kept-connection.ts";
import { readDatabaseRecords } from "./read-database-records.ts";
import { RecordBatch } from "./record-batch.ts";
import { RECORD_SCHEMA } from "./record-buffer.ts";
import type { RecordKind } from "./record-kinds.ts";
import { recordTextOf } from "./record-text.ts";

export interface PostgresJournalOptions {
  readonly env: Env;
  /** Opens a protected connection to a database that was checked. Asked again after every loss, so that it sees new keys and settings. */
  readonly connect: () => Promise<PostgresConnection>;
  /** Names the account and the session in it. */
  readonly account: string;
  readonly session: string;
  /** In whose name records are written: the database refuses every other one than the last that was taken. */
  readonly epoch: number;
  /** Characters that may wait for the database; default 8 Mi. From half of it on no new risk may be taken. */
  readonly queueBytes?: number;
  /** Transactions under way at once; default 2. */
  readonly pipeline?: number;
  /** First pause between attempts to connect, which doubles up to 16 times as long; default 0.25 s. */
  readonly retryUs?: number;
  /** Longest time without a commit while records wait; then the journal is dead. Default 5 min. */
  readonly giveUpUs?: number;
  /** How long {@link PostgresJournal.close} waits for a database that is away; default 10 s. */
  readonly closeWaitUs?: number;
  /** After so long a connection is exchanged for a fresh one, which a retired certificate does not get; default 30 min. */
  readonly maxAgeUs?: number;
  /** Told once when the journal dies, and at the start of each spell in which the database is away or too far behind. */
  readonly onAlarm?: (failure: Failure) => void;
}

const MEBIBYTE = 1_048_576;
const BATCH_RECORDS = 2_000;
const BATCH_UNITS = MEBIBYTE;
const APPEND = "SELECT tradepulse.append_batch($1, $2, $3, $4, $5::int::smallint, $6, $7) AS answer";

interface Waiter {
  readonly seq: number;
  resolve(): void;
  reject(error: FailureError): void;
}

/**
 * A journal in PostgreSQL. Records that arrive while transactions are under way are collected and go with the next one, so a commit serves all that
 * waited for it and the caller waits for none. Whatever goes wrong on the way (a connection that ends before, in or after a commit) has one answer: a new
 * connection, and the same batches again in the same order. The database takes each exactly once, since it knows what it has; so it is never asked what
 * became of a commit, and there is neither a gap nor a double. An epoch that is no longer the last one ends the journal for good.
 */
export class PostgresJournal implements Journal {
  lastSeq: number;
  durableSeq: number;
  private readonly options: PostgresJournalOptions;
  private readonly name: string;
  private readonly sessionId: number;
  /** Tells this opening from every other: a batch is known again by it. */
  private readonly run: string;
  private readonly queueBytes: number;
  private filling: RecordBatch;
  /** Not yet committed for certain, oldest first; the first `sent` of them are under way on the connection of now. */
  private readonly queue: RecordBatch[] = [];
  private sent = 0;
  private queued = 0;
  private waiters: Waiter[] = [];
  private readonly line: KeptConnection;
  private isKicked = false;
  private awaySinceUs: number | undefined;
  private away: Failure | undefined;
  private death: Failure | undefined;
  private isBehind = false;
  private readonly closing = new AbortController();
  private ended: (() => void) | undefined;

  constructor(options: PostgresJournalOptions, connection: PostgresConnection, sessionId: number, lastSeq: number) {
    this.options = options;
    this.name = journalNameOf(options);
    this.sessionId = sessionId;
    this.lastSeq = lastSeq;
    this.durableSeq = lastSeq;
    this.run = options.env.uniqueId();
    this.queueBytes = options.queueBytes ?? 8 * MEBIBYTE;
    this.filling = new RecordBatch(lastSeq + 1);
    const { env, connect, retryUs = 250_000, maxAgeUs = 1_800_000_000 } = options;
    this.line = new KeptConnection(
      {
        env,
        connect,
        retryUs,
        maxAgeUs,
        isWanted: () => this.death === undefined && (this.hasWork || !this.closing.signal.aborted),
        isIdle: () => this.sent === 0,
        onReady: () => this.onReady(),
        onTrouble: (error, from) => this.onTrouble(error, from === "connection"),
      },
      connection,
    );
  }

  get refusal(): Failure | undefined {
    if (this.death !== undefined) return this.death;
    if (this.away !== undefined) return this.away;
    return this.waiting >= this.queueBytes / 2 ? journalBehind(this.name, this.waiting, this.queueBytes / 2) : undefined;
  }

  append(kind: RecordKind, payload: object): number {
    if (this.death !== undefined) throw new FailureError(this.death);
    if (this.closing.signal.aborted) throw new FailureError(closedJournal(this.name));
    if (this.waiting >= this.queueBytes) throw new FailureError(this.away ?? journalBehind(this.name, this.waiting, this.queueBytes));
    const text = recordTextOf(kind, payload);
    const { filling } = this;
    if (filling.count > 0 && (filling.count >= BATCH_RECORDS || filling.length + text.payload.length > BATCH_UNITS)) this.seal();
    this.filling.add(text);
    this.lastSeq += 1;
    if (!this.isBehind && this.waiting >= this.queueBytes / 2) {
      this.isBehind = true;
      this.options.onAlarm?.(journalBehind(this.name, this.waiting, this.queueBytes / 2));
    }
    this.kickSoon();
    return this.lastSeq;
  }

  durable(seq: number): Promise<void> {
    invariant(seq <= this.lastSeq, `record ${seq} is awaited, but the last record is ${this.lastSeq}`);
    if (seq <= this.durableSeq) return Promise.resolve();
    if (this.death !== undefined) return Promise.reject(new FailureError(this.death));
    return new Promise((resolve, reject) => {
      this.waiters.push({ seq, resolve, reject });
    });
  }

  records(fromSeq = 1): AsyncGenerator<JournalRecord, void, undefined> {
    return readDatabaseRecords(this.options.connect, this.name, this.sessionId, fromSeq, this.durableSeq);
  }

  async close(): Promise<void> {
    if (!this.closing.signal.aborted) {
      this.closing.abort(new Error("the journal is closed"));
      const { env, closeWaitUs = 10_000_000 } = this.options;
      const overdue = env.timer(closeWaitUs, () =>
        this.die(this.away ?? awayJournal(this.name, this.durableSeq, "the commit did not come in time")),
      );
      if (this.hasWork) {
        await new Promise<void>((resolve) => {
          this.ended = resolve;
          this.kick();
        });
      }
      overdue.cancel();
      await this.line.end();
    }
    if (this.durableSeq < this.lastSeq) throw new FailureError(this.death!);
  }

  /** Characters that are not committed for certain. */
  private get waiting(): number {
    return this.queued + this.filling.length;
  }

  private get hasWork(): boolean {
    return this.death === undefined && this.durableSeq < this.lastSeq;
  }

  /** Ends the batch that is filling. */
  private seal(): void {
    this.queue.push(this.filling);
    this.queued += this.filling.length;
    this.filling = new RecordBatch(this.lastSeq + 1);
  }

  /** The first record of a burst waits for the rest of it. */
  private kickSoon(): void {
    if (this.isKicked) return;
    this.isKicked = true;
    queueMicrotask(() => {
      this.isKicked = false;
      this.kick();
    });
  }

  /** Sends what may be sent now. */
  private kick(): void {
    if (!this.hasWork) {
      this.ended?.();
      return;
    }
    const connection = this.line.current;
    if (connection === undefined) {
      this.line.reconnect();
      return;
    }
    while (this.sent < (this.options.pipeline ?? 2)) {
      if (this.sent === this.queue.length) {
        if (this.filling.count === 0) return;
        this.seal();
      }
      this.send(connection, this.queue[this.sent]!);
      this.sent += 1;
    }
  }

  private send(connection: PostgresConnection, batch: RecordBatch): void {
    const { epoch } = this.options;
    const values = [this.sessionId, epoch, this.run, batch.firstSeq, RECORD_SCHEMA, batch.kindText(), batch.payloadText()];
    connection.query(APPEND, values, "append").then(
      ([row]) => this.onAnswer(connection, batch, String(row?.["answer"])),
      (error: unknown) => {
        if (connection === this.line.current) this.onTrouble(error, true);
      },
    );
  }

  private onAnswer(connection: PostgresConnection, batch: RecordBatch, answer: string): void {
    // What an earlier connection still says has been asked again on this one.
    if (connection !== this.line.current || this.death !== undefined) return;
    if (answer !== "ok" && answer !== "again") {
      const { epoch } = this.options;
      this.die(
        answer === "epoch" ? staleEpoch(this.name, epoch, this.durableSeq) : conflictingRecords(this.name, batch.firstSeq, this.durableSeq),
      );
      return;
    }
    this.queue.shift();
    this.sent -= 1;
    this.queued -= batch.length;
    this.durableSeq = batch.lastSeq;
    this.isBack();
    if (this.waiting < this.queueBytes / 2) this.isBehind = false;
    const done = this.waiters.filter(({ seq }) => seq <= batch.lastSeq);
    if (done.length > 0) this.waiters = this.waiters.filter(({ seq }) => seq > batch.lastSeq);
    for (const waiter of done) waiter.resolve();
    this.line.worked();
    this.kick();
  }

  /** There is a connection again, or nobody wants one. */
  private onReady(): void {
    // With nothing to write there is no commit that would prove it: being connected is all that can be asked.
    if (this.line.current !== undefined && !this.hasWork) {
      this.isBack();
      this.line.worked();
    }
    this.kick();
  }

  /** What is not answered goes again with the next connection, if one helps at all. */
  private onTrouble(error: unknown, isOfConnection: boolean): void {
    if (this.death !== undefined) return;
    this.setAway(error);
    if (!isPassingTrouble(error))
      this.die(error instanceof FailureError ? error.failure : deadDatabase(this.name, this.durableSeq, troubleText(error)));
    else if (isOfConnection) {
      this.sent = 0;
      this.line.replace();
    }
  }

  private isBack(): void {
    this.away = undefined;
    this.awaySinceUs = undefined;
  }

  private setAway(error: unknown): void {
    const { env, giveUpUs = 300_000_000 } = this.options;
    const isFull = error instanceof PostgresError && error.sqlState === "53100";
    const failure = (isFull ? fullDatabase : awayJournal)(this.name, this.durableSeq, troubleText(error));
    if (this.away === undefined) this.options.onAlarm?.(failure);
    this.away = failure;
    this.awaySinceUs ??= env.monoUs();
    if (this.hasWork && env.monoUs() - this.awaySinceUs >= giveUpUs) this.die(failure);
  }

  private die(failure: Failure): void {
    if (this.death !== undefined) return;
    this.death = failure;
    this.options.onAlarm?.(failure);
    for (const waiter of this.waiters.splice(0)) waiter.reject(new FailureError(failure));
    void this.line.end();
    this.ended?.();
  }
}

/** As it stands in every message. */
export function journalNameOf({ account, session }: PostgresJournalOptions): string {
  return `${account}/${session}`;
}
