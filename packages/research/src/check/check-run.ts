import type { BoundStrategy } from "@tradepulse/core";
import type { RunOptions } from "../options/run-options.ts";
import type { BoundRun } from "../run/bind-inputs.ts";
import { type DrivenRun, driveEngine, type Pace, rowsOf } from "../run/drive-engine.ts";
import { engineSettings } from "../run/engine-settings.ts";

/** What every part of a check runs: one strategy under one set of options, over changing bars. */
export interface CheckContext {
  readonly strategy: BoundStrategy;
  readonly definition: string;
  readonly options: RunOptions;
  readonly pacing: Pace & { add(rows: number): void };
  /** Runs made so far. */
  runs: number;
}

/** Runs the strategy over these bars. */
export async function runFor(context: CheckContext, run: BoundRun): Promise<DrivenRun> {
  context.runs += 1;
  context.pacing.add(rowsOf(run));
  const settings = engineSettings(context.options, run.instruments, run.fromUs ?? Number.NEGATIVE_INFINITY);
  return driveEngine(context.strategy, context.definition, run, settings, context.pacing);
}

/** Options that leave the end of a run without decisions of its own, and keep no more than needed. */
export function checkOptions(options: RunOptions): RunOptions {
  return { ...options, endOfData: "mark", equity: "session", returns: "day" };
}
