import type { TimeUs } from "./time.ts";

/** One closed bar of one series, as the sequencer delivers it. */
export interface BarFact {
  readonly kind: "bar";
  readonly seq: number;
  /** When it became visible: its close. */
  readonly timeUs: TimeUs;
  readonly receiveUs: TimeUs;
  readonly seriesIndex: number;
  readonly openUs: TimeUs;
  readonly closeUs: TimeUs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** All bars of one instant are in, or will not come: fills, timers and reactions may run. A fact, so that a replay sees it too. */
export interface StepFact {
  readonly kind: "step";
  readonly seq: number;
  readonly timeUs: TimeUs;
  readonly receiveUs: TimeUs;
}

/** What happened in the world, in one total order. The only thing that enters the engine. */
export type Fact = BarFact | StepFact;
