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

export interface ReplayResult {
  readonly facts: number;
  readonly commands: readonly OrderCommand[];
  /** Decided at the very end, without a record: the batch was cut between the fact and its commands. A session that goes on records them first. */
  readonly unrecorded: readonly DecidedCommand[];
  /** Empty when the engine decided the same, command for command. */
  readonly divergences: readonly Divergence[];
  readonly lastUs: number;
  readonly lastSeq: number;
}

/**
 * Feeds recorded facts through an engine and compares what it decides with what was recorded. Commands decided at the very end may lack their record:
 * the session ended between the fact and its commands. Everything else must agree.
 */
export function replay(records: Iterable<ReadRecord>, driver: FactDriver): ReplayResult {
  const commands: OrderCommand[] = [];
  const divergences: Divergence[] = [];
  let waiting: DecidedCommand[] = [];
  let facts = 0;
  let lastUs = Number.NEGATIVE_INFINITY;
  let lastSeq = 0;
  for (const record of records) {
    lastSeq = record.seq;
    if (record.kind === "command") {
      const next = waiting.shift();
      compare(record.payload, next, divergences);
      continue;
    }
    if (!isFact(record)) continue;
    // Commands of a fact are recorded before the next fact: what still waits was decided now and not then.
    for (const { factSeq, command } of waiting) divergences.push({ factSeq, recorded: "nothing", replayed: text(command) });
    waiting = [];
    const fact = factOf(record);
    driver.process(fact);
    facts += 1;
    lastUs = Math.max(lastUs, fact.timeUs);
    for (const command of driver.takeCommands()) {
      commands.push(command);
      waiting.push({ factSeq: fact.seq, command });
    }
  }
  return { facts, commands, unrecorded: waiting, divergences, lastUs, lastSeq };
}

function compare(recorded: object, next: DecidedCommand | undefined, divergences: Divergence[]): void {
  const { factSeq, ...command } = recorded as OrderCommand & { readonly factSeq: number };
  const was = text(command);
  const is = next === undefined ? "nothing" : text(next.command);
  if (was !== is || next?.factSeq !== factSeq) divergences.push({ factSeq, recorded: was, replayed: is });
}

/** A command in one canonical line. */
function text(command: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(command).sort(([a], [b]) => (a < b ? -1 : 1))));
}
