import type { FactDriver, OperatorFact } from "@tradepulse/core";
import type { Env, Timer } from "@tradepulse/platform";
import type { FeedBar } from "@tradepulse/venues";
import type { Journal } from "../journal/journal.ts";
import type { RecordKind } from "../journal/record-kinds.ts";
import { BarAssembler, type SeriesPlan } from "../session/bar-assembler.ts";
import { Sequencer } from "../session/sequencer.ts";

export interface PaperSessionParts {
  readonly env: Env;
  readonly driver: FactDriver;
  readonly journal: Journal;
  readonly plans: readonly SeriesPlan[];
  /**
   * Which clock an operator's word is stamped by: the wall's, or that of the bars. A recording is of another time, and a fact of today would
   * make its next bars happen today.
   */
  readonly clock: "wall" | "bars";
  /** How long an instant waits for the bars of the other instruments. */
  readonly syncTimeoutUs: number;
  /** After each instant that the engine has reacted to. */
  onInstant(closeUs: number): void;
  /** A fact could not be taken: the strategy failed, or the journal. The session is over. */
  onFailure(error: unknown): void;
}

/**
 * A paper session: the same assembler, sequencer and journal as a live one, around an engine that fills its own orders. What enters the engine
 * is in the journal first, so a replay decides the same.
 */
export class PaperSession {
  readonly assembler: BarAssembler;
  readonly sequencer: Sequencer;
  private readonly parts: PaperSessionParts;
  private readonly timers = new Set<Timer>();
  private isOver = false;

  constructor(parts: PaperSessionParts) {
    this.parts = parts;
    const { env, journal, driver } = parts;
    // An engine that fills its own orders issues no commands.
    this.sequencer = new Sequencer(
      env,
      { append: (kind, payload) => journal.append(kind as RecordKind, payload) },
      driver,
      () => undefined,
    );
    this.assembler = new BarAssembler(parts.plans, (bars, closeUs) => {
      for (const bar of bars) this.sequencer.push({ ...bar, atUs: closeUs });
      this.sequencer.push({ kind: "step", atUs: closeUs });
      parts.onInstant(closeUs);
    });
  }

  take(bar: FeedBar): void {
    this.guarded(() => this.assembler.take(bar));
    if (!this.assembler.isWaiting || this.parts.clock === "bars") return;
    const timer = this.parts.env.timer(this.parts.syncTimeoutUs, () => {
      this.timers.delete(timer);
      this.instantDone(bar.closeUs);
    });
    this.timers.add(timer);
  }

  /** Nothing more will come for this instant or one before it. */
  instantDone(closeUs: number): void {
    this.guarded(() => this.assembler.releaseBefore(closeUs));
  }

  operate(action: OperatorFact["action"], reason: string): void {
    const { lastUs } = this.sequencer;
    // Before the first bar of a recording there is no time yet.
    const atUs = this.parts.clock === "wall" ? {} : { atUs: Number.isFinite(lastUs) ? lastUs : 0 };
    this.guarded(() => this.sequencer.push({ kind: "operator", action, reason, ...atUs }));
  }

  /** Takes no more. */
  stop(): void {
    this.isOver = true;
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
  }

  private guarded(run: () => void): void {
    if (this.isOver) return;
    try {
      run();
    } catch (error) {
      this.stop();
      this.parts.onFailure(error);
    }
  }
}
