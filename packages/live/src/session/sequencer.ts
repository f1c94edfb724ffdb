import type { Fact, OrderCommand } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";

/** A fact before it has its place: the sequencer adds `seq`, `timeUs` (never going back) and `receiveUs`. */
export type Unplaced<F extends Fact = Fact> = F extends Fact ? Omit<F, "seq" | "timeUs" | "receiveUs"> & { readonly atUs?: number } : never;

/** What the sequencer needs of a journal. */
export interface FactJournal {
  /** Takes a record without waiting; returns its sequence number. Throws when the journal can take no more. */
  append(kind: string, payload: object): number;
}

/** What takes facts: the engine behind its one door. */
export interface FactTaker {
  process(fact: Fact): void;
  takeCommands(): readonly OrderCommand[];
}

/**
 * One total order for everything that happens. A fact gets its place, goes to the journal, and only then to the engine; facts that arrive while
 * another is being processed wait. Commands leave with the number of the fact that caused them.
 */
export class Sequencer {
  private readonly env: Env;
  private readonly journal: FactJournal;
  private readonly taker: FactTaker;
  private readonly onCommand: (command: OrderCommand, factSeq: number) => void;
  private readonly onLost: ((error: unknown) => void) | undefined;
  private isLost = false;
  private readonly waiting: Unplaced[] = [];
  private isBusy = false;
  lastUs = Number.NEGATIVE_INFINITY;
  lastSeq = 0;

  /** `onLost` is told once when the journal takes no more: from then on nothing happens here any more. Without it the failure is thrown. */
  constructor(
    env: Env,
    journal: FactJournal,
    taker: FactTaker,
    onCommand: (command: OrderCommand, factSeq: number) => void,
    onLost?: (error: unknown) => void,
  ) {
    this.env = env;
    this.journal = journal;
    this.taker = taker;
    this.onCommand = onCommand;
    this.onLost = onLost;
  }

  push(fact: Unplaced): void {
    if (this.isLost) return;
    this.waiting.push(fact);
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) this.place(next);
    } finally {
      this.isBusy = false;
    }
  }

  private place(unplaced: Unplaced): void {
    const receiveUs = this.env.wallUs();
    const timeUs = Math.max(this.lastUs, unplaced.atUs ?? receiveUs);
    const seq = this.record(unplaced.kind, payloadOf(unplaced, timeUs, receiveUs));
    if (seq === undefined) return;
    const fact = factOf(unplaced, seq, timeUs, receiveUs);
    this.lastUs = timeUs;
    this.lastSeq = seq;
    this.taker.process(fact);
    for (const command of this.taker.takeCommands()) this.onCommand(command, seq);
  }

  /** What cannot be recorded does not happen: a fact without its place in the journal would make a replay another run. */
  private record(kind: string, payload: object): number | undefined {
    try {
      return this.journal.append(kind, payload);
    } catch (error) {
      if (this.onLost === undefined) throw error;
      this.isLost = true;
      this.waiting.length = 0;
      this.onLost(error);
      return undefined;
    }
  }
}

/** What is recorded: the fact without its number. Bars and steps are nearly all there is, and written out they take a fifth of the time. */
function payloadOf(unplaced: Unplaced, timeUs: number, receiveUs: number): object {
  if (unplaced.kind === "step") return { kind: "step", timeUs, receiveUs };
  if (unplaced.kind === "bar") {
    const { kind, seriesIndex, openUs, closeUs, open, high, low, close, volume } = unplaced;
    return { kind, seriesIndex, openUs, closeUs, open, high, low, close, volume, timeUs, receiveUs };
  }
  const { atUs: _, ...body } = unplaced;
  return { ...body, timeUs, receiveUs };
}

function factOf(unplaced: Unplaced, seq: number, timeUs: number, receiveUs: number): Fact {
  if (unplaced.kind === "step") return { kind: "step", seq, timeUs, receiveUs };
  if (unplaced.kind === "bar") {
    const { kind, seriesIndex, openUs, closeUs, open, high, low, close, volume } = unplaced;
    return { kind, seq, timeUs, receiveUs, seriesIndex, openUs, closeUs, open, high, low, close, volume };
  }
  const { atUs: _, ...body } = unplaced;
  return { ...body, seq, timeUs, receiveUs };
}
