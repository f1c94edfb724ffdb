import {
  type Postgres,
  type PostgresConnection,
  PostgresError,
  type PostgresRow,
  type PostgresValue,
  type SimProcess,
} from "@tradepulse/platform";
import { SimulatedConnection, type SimulatedServer, type StatementFate } from "./simulated-connection.ts";

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
  record: string | null;
}

interface Lead {
  epoch: number;
  isReleased: boolean;
}

/** What the database held at some moment. */
export interface DatabaseCopy {
  readonly leads: readonly (readonly [account: string, lead: Lead])[];
  readonly sessions: readonly Session[];
}

type Statement = (values: readonly PostgresValue[], by: SimulatedConnection) => readonly PostgresRow[];

/**
 * The database of the journal for worlds under virtual time: the statements of journal and leadership, with what can go wrong on the way. It does what the
 * functions of `migrations/0001-journal.sql` do; the contracts of journal and leadership hold over both.
 */
export class SimulatedDatabase implements Postgres, SimulatedServer {
  /** No connection is had, and those that there were have ended. */
  isDown = false;
  /** Decides over every statement that appends. */
  fate: () => StatementFate = () => "answered";
  private readonly leads = new Map<string, Lead>();
  private readonly locks = new Map<string, SimulatedConnection>();
  private readonly sessions: Session[] = [];
  private readonly open = new Set<SimulatedConnection>();
  private readonly pauses: (() => Promise<void>) | undefined;

  /** `pause` is waited before a statement is carried out, and again before its answer arrives. */
  constructor(options: { readonly pause?: () => Promise<void> } = {}) {
    this.pauses = options.pause;
  }

  connect(): Promise<PostgresConnection> {
    return this.connectFor(undefined);
  }

  /** The same database for a process, whose connections end with it. */
  forProcess(process: SimProcess): Postgres {
    return { connect: () => this.connectFor(process) };
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

  /** Takes the lead of an account, whoever has it; gives the epoch. */
  lead(account: string): number {
    const epoch = (this.leads.get(account)?.epoch ?? 0) + 1;
    this.leads.set(account, { epoch, isReleased: false });
    return epoch;
  }

  /** Payloads of the session of an account, in the order of their numbers. */
  payloads(account: string): readonly unknown[] {
    const session = this.sessions.find((each) => each.account === account);
    return (session?.records ?? []).map((row) => JSON.parse(row["payload"] as string) as unknown);
  }

  /** Epoch of each batch of it, in order. */
  batchEpochs(account: string): readonly number[] {
    return (this.sessions.find((each) => each.account === account)?.batches ?? []).map(({ epoch }) => epoch);
  }

  /** Goes back to what it held when the copy was made, as a standby does that lacked the last commits. Connections end. */
  restore(copy: DatabaseCopy): void {
    this.cutAll();
    const { leads, sessions } = structuredClone(copy);
    this.leads.clear();
    for (const [account, lead] of leads) this.leads.set(account, lead);
    this.sessions.splice(0, this.sessions.length, ...sessions);
  }

  copy(): DatabaseCopy {
    return structuredClone({ leads: [...this.leads], sessions: this.sessions });
  }

  fateOf(text: string): StatementFate {
    return text.includes("append_batch") ? this.fate() : "answered";
  }

  async pause(): Promise<void> {
    await this.pauses?.();
  }

  ended(connection: SimulatedConnection): void {
    this.open.delete(connection);
    for (const [account, holder] of this.locks) if (holder === connection) this.locks.delete(account);
  }

  carryOut(text: string, values: readonly PostgresValue[], by: SimulatedConnection): readonly PostgresRow[] {
    const known = this.statements.find(([part]) => text.includes(part));
    if (known !== undefined) return known[1](values, by);
    throw new PostgresError("server", `the simulated database knows no such statement: ${text}`, "42601");
  }

  private connectFor(process: SimProcess | undefined): Promise<PostgresConnection> {
    if (this.isDown) return Promise.reject(new PostgresError("lost", "the simulated server is down"));
    const connection = new SimulatedConnection(this, process);
    this.open.add(connection);
    return Promise.resolve(connection);
  }

  /** By a part that no other one has; the first that fits counts. */
  private readonly statements: readonly (readonly [part: string, carryOut: Statement])[] = [
    ["append_batch", (values) => [{ answer: this.append(values) }]],
    ["open_session", ([account, name]) => this.openSession(account as string, name as string)],
    ["begin_session", (values) => [{ answer: this.beginSession(values) }]],
    ["take_lead", ([account, used], by) => [this.takeLead(account as string, used as number, by)]],
    ["resume_lead", ([account, epoch], by) => [{ answer: this.resumeLead(account as string, epoch as number, by) }]],
    ["release_lead", ([account, epoch]) => this.releaseLead(account as string, epoch as number)],
    ["pg_advisory_unlock_all", (_values, by) => this.unlock(by)],
    ["set_config", () => []],
    ["current_setting('fsync')", () => [{ fsync: "on", full_page_writes: "on", synchronous_commit: "on", data_sync_retry: "off" }]],
    ["rolsuper", () => [{ name: "trader", is_super: false, may_change: false }]],
    ["to_regclass", () => [{ is_there: false }]],
    ["max(b.epoch)", ([account]) => [{ epoch: this.lastEpoch(account as string) }]],
    ["max(b.last_seq)", ([account, name]) => this.findSession(account as string, name as string)],
    [
      "SELECT record FROM",
      ([account, name]) => this.sessions.filter((s) => s.account === account && s.name === name).map(({ record }) => ({ record })),
    ],
    ["AND NOT released", ([account]) => this.leadOf(account as string, true)],
    ["SELECT holder FROM", () => [{ holder: "another" }]],
    ["FROM tradepulse.leader", ([account]) => this.leadOf(account as string, false)],
    [
      "FROM tradepulse.journal_record",
      ([id, from, upTo, limit]) => this.recordsOf(id as number, from as number, upTo as number, limit as number),
    ],
  ];

  private append([id, epoch, run, first, schema, kinds, payloads]: readonly PostgresValue[]): string {
    const session = this.sessions[id as number]!;
    const lead = this.leads.get(session.account);
    if (lead === undefined || lead.epoch !== epoch || lead.isReleased) return "epoch";
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

  private openSession(account: string, name: string): readonly PostgresRow[] {
    const id = this.sessionId(account, name);
    return [{ session_id: id, last_seq: String(this.sessions[id]!.records.length) }];
  }

  private beginSession([account, name, epoch, record]: readonly PostgresValue[]): string {
    const lead = this.leads.get(account as string);
    if (lead?.epoch !== epoch || lead?.isReleased !== false) return "epoch";
    const session = this.sessions[this.sessionId(account as string, name as string)]!;
    session.record ??= record as string;
    return session.record === record ? "ok" : "exists";
  }

  private takeLead(account: string, used: number, by: SimulatedConnection): PostgresRow {
    if (this.locks.has(account) && this.locks.get(account) !== by) return { new_epoch: null, was_released: null };
    this.locks.set(account, by);
    const before = this.leads.get(account);
    const epoch = Math.max(before?.epoch ?? 0, used) + 1;
    this.leads.set(account, { epoch, isReleased: false });
    return { new_epoch: String(epoch), was_released: (before?.isReleased ?? true) && used <= (before?.epoch ?? 0) };
  }

  private resumeLead(account: string, epoch: number, by: SimulatedConnection): string {
    const isLast = this.leads.get(account)?.epoch === epoch;
    if (!isLast) return "epoch";
    if (this.locks.has(account) && this.locks.get(account) !== by) return "held";
    this.locks.set(account, by);
    return "ok";
  }

  private releaseLead(account: string, epoch: number): readonly PostgresRow[] {
    const lead = this.leads.get(account);
    if (lead?.epoch === epoch) lead.isReleased = true;
    return [];
  }

  private unlock(by: SimulatedConnection): readonly PostgresRow[] {
    for (const [account, holder] of this.locks) if (holder === by) this.locks.delete(account);
    return [];
  }

  private leadOf(account: string, onlyOpen: boolean): readonly PostgresRow[] {
    const lead = this.leads.get(account);
    return lead === undefined || (onlyOpen && lead.isReleased) ? [] : [{ epoch: String(lead.epoch) }];
  }

  private lastEpoch(account: string): string | null {
    const epochs = this.sessions.filter((each) => each.account === account).flatMap(({ batches }) => batches.map(({ epoch }) => epoch));
    return epochs.length === 0 ? null : String(Math.max(...epochs));
  }

  private findSession(account: string, name: string): readonly PostgresRow[] {
    const id = this.sessions.findIndex((each) => each.account === account && each.name === name);
    if (id < 0) return [];
    const { length } = this.sessions[id]!.records;
    return [{ id, last_seq: length === 0 ? null : String(length) }];
  }

  private recordsOf(id: number, from: number, upTo: number, limit: number): readonly PostgresRow[] {
    return this.sessions[id]!.records.slice(from - 1, Math.min(upTo, from - 1 + limit));
  }

  private sessionId(account: string, name: string): number {
    const found = this.sessions.findIndex((each) => each.account === account && each.name === name);
    if (found >= 0) return found;
    this.sessions.push({ account, name, batches: [], records: [], record: null });
    return this.sessions.length - 1;
  }
}
