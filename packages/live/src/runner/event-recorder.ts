import type { Engine } from "@tradepulse/core";
import type { Journal } from "../journal/journal.ts";
import { eventsFrom } from "../recovery/event-records.ts";

/** Events that stay in memory behind the last one recorded: 8 MiB. Older ones are in the journal. */
const HELD = 65_536;

/** Writes down what an engine decided, and what came of it: no part of a replay, but its proof, and what a later version of the strategy is compared with. */
export class EventRecorder {
  private readonly engine: Engine;
  private readonly journal: Pick<Journal, "append">;
  private readonly onLost: (error: unknown) => void;
  private recorded: number;

  /** Those up to `recorded` are in the journal. `onLost` is told when it takes no more, not the one who brought the fact. */
  constructor(engine: Engine, journal: Pick<Journal, "append">, recorded: number, onLost: (error: unknown) => void) {
    this.engine = engine;
    this.journal = journal;
    this.onLost = onLost;
    this.recorded = Math.min(recorded, engine.events.length);
  }

  /** After every fact. */
  record(): void {
    const { events } = this.engine;
    if (events.length === this.recorded) return;
    const from = this.recorded;
    this.recorded = events.length;
    try {
      this.journal.append("evidence", { events: eventsFrom(events, from) });
      events.release(this.recorded - HELD);
    } catch (error) {
      this.onLost(error);
    }
  }
}
