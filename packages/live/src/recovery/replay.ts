import type { Fact, FactDriver, OrderCommand } from "@tradepulse/core";

/** A record of the journal, read back. */
export interface ReadRecord {
  readonly seq: number;
  readonly kind: string;
  readonly payload: object;
}

const FACT_KINDS: ReadonlySet<string> = new Set(["bar", "step", "order", "external", "transfer", "operator", "trust", "timer"]);

export function isFact(record: ReadRecord): boolean {
  return FACT_KINDS.has(record.kind);
}

/** The fact of a record: its payload with its place. */
export function factOf(record: ReadRecord): Fact {
  return { ...record.payload, kind: record.kind, seq: record.seq } as unknown as Fact;
}

/** The command of a record: what was decided, without the fact that it was decided on. */
export function commandOf(payload: object): OrderCommand {
  const { factSeq: _, ...command } = payload as OrderCommand & { readonly factSeq: number };
  return command;
}

/** Where a replay took other decisions than the session had recorded. */
export interface Divergence {
  readonly factSeq: number;
  readonly recorded: string;
  readonly replayed: string;
}

/** A command with the fact that it was decided on. */
export interface DecidedCommand {
  readonly factSeq: number;
  readonly command: OrderCommand;
}

/** What a replay came to. */
export interface ReplayOutcome {
  readonly facts: number;
  readonly commandCount: number;
  /** Decided at the very end, without a record: the batch was cut between the fact and its commands. A session that goes on records them first. */
  readonly unrecorded: readonly DecidedCommand[];
  /** Empty when the engine decided the same, command for command. */
  readonly divergences: readonly Divergence[];
  readonly lastUs: number;
  readonly lastSeq: number;
}

export interface ReplayResult extends ReplayOutcome {
  readonly commands: readonly OrderCommand[];
}

/**
 * Feeds recorded facts through an engine, one record at a time, and compares what it decides with what was recorded. Commands decided at the very end may
 * lack their record: the session ended between the fact and its commands. Everything else must agree.
 */
export class Replayer {
  private readonly driver: FactDriver;
  private readonly onDecided: (command: OrderCommand) => void;
  private readonly divergences: Divergence[] = [];
  private waiting: DecidedCommand[] = [];
  private facts = 0;
  private commandCount = 0;
  private lastUs: number;
  private lastSeq: number;

  /** `from` says where an engine stands that goes on from a snapshot. */
  constructor(driver: FactDriver, onDecided: (command: OrderCommand) => void, from = { lastUs: Number.NEGATIVE_INFINITY, lastSeq: 0 }) {
    this.driver = driver;
    this.onDecided = onDecided;
    this.lastUs = from.lastUs;
    this.lastSeq = from.lastSeq;
  }

  take(record: ReadRecord): void {
    this.lastSeq = record.seq;
    if (record.kind === "command") {
      compare(record.payload, this.waiting.shift(), this.divergences);
      return;
    }
    if (!isFact(record)) return;
    // Commands of a fact are recorded before the next fact: what still waits was decided now and not then.
    for (const { factSeq, command } of this.waiting) this.divergences.push({ factSeq, recorded: "nothing", replayed: text(command) });
    this.waiting = [];
    const fact = factOf(record);
    this.driver.process(fact);
    this.facts += 1;
    this.lastUs = Math.max(this.lastUs, fact.timeUs);
    for (const command of this.driver.takeCommands()) {
      this.commandCount += 1;
      this.onDecided(command);
      this.waiting.push({ factSeq: fact.seq, command });
    }
  }

  get outcome(): ReplayOutcome {
    const { facts, commandCount, waiting: unrecorded, divergences, lastUs, lastSeq } = this;
    return { facts, commandCount, unrecorded, divergences, lastUs, lastSeq };
  }
}

/** The same over all records of a session, with every command that was decided. */
export function replay(records: Iterable<ReadRecord>, driver: FactDriver): ReplayResult {
  const commands: OrderCommand[] = [];
  const replayer = new Replayer(driver, (command) => commands.push(command));
  for (const record of records) replayer.take(record);
  return { ...replayer.outcome, commands };
}

function compare(recorded: object, next: DecidedCommand | undefined, divergences: Divergence[]): void {
  const { factSeq } = recorded as { readonly factSeq: number };
  const was = text(commandOf(recorded));
  const is = next === undefined ? "nothing" : text(next.command);
  if (was !== is || next?.factSeq !== factSeq) divergences.push({ factSeq, recorded: was, replayed: is });
}

/** A command in one canonical line. */
function text(command: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(command).sort(([a], [b]) => (a < b ? -1 : 1))));
}
