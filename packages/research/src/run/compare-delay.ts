import { allocateBarColumns, type BarColumns, type BoundStrategy, bars, FailureError, type Reactions, resample } from "@tradepulse/core";
import type { RunOptions } from "../options/run-options.ts";
import type { BoundInput, BoundRun } from "./bind-inputs.ts";
import { driveEngine, type Pace, rowsOf } from "./drive-engine.ts";
import { engineSettings } from "./engine-settings.ts";

const PARTS = ["open", "high", "low", "close", "volume"] as const;
const UNDELAYED = "undelayed ";

/**
 * Total return of the run when the strategy knows everything one bar later: it sees the prices of the bar before, while orders fill,
 * positions are marked and stops are touched on the bars as they are. `undefined` when the strategy fails on that.
 */
export async function delayedTotalReturn(
  strategy: BoundStrategy,
  definition: string,
  run: BoundRun,
  options: RunOptions,
  pacing: Pace & { add(rows: number): void },
): Promise<number | undefined> {
  const delayed = delayRun(run);
  const settings = engineSettings(
    { ...options, equity: "session", returns: "day" },
    run.instruments,
    run.fromUs ?? Number.NEGATIVE_INFINITY,
  );
  pacing.add(rowsOf(delayed));
  try {
    const { engine } = await driveEngine(delayStrategy(strategy, delayed.inputs), definition, delayed, settings, pacing);
    return engine.equity / options.capital - 1;
  } catch (error) {
    if (error instanceof FailureError) return undefined;
    throw error;
  }
}

/** The inputs one bar late, and after them the bars as they are, on which the engine fills. */
function delayRun(run: BoundRun): BoundRun {
  const late = new Map(run.inputs.filter(({ of }) => of === undefined).map((input) => [input.name, oneLater(input.columns)]));
  const inputs = run.inputs.map((input) => ({
    ...input,
    // The engine fills an instrument on its shortest series: a microsecond makes that the undelayed one.
    intervalUs: input.intervalUs + 1,
    columns: input.of === undefined ? late.get(input.name)! : resample(late.get(input.of)!, input.intervalUs),
  }));
  const own = run.inputs.filter(({ of }) => of === undefined).map((input) => ({ ...input, name: `${UNDELAYED}${input.name}` }));
  return { ...run, inputs: [...inputs, ...own] };
}

/** The same times, each with what happened in the bar before; the first bar keeps its own. */
function oneLater(columns: BarColumns): BarColumns {
  const { length } = columns;
  const out = allocateBarColumns(length, columns.volumeKnown);
  out.openUs.set(columns.openUs.subarray(0, length));
  out.closeUs.set(columns.closeUs.subarray(0, length));
  for (const part of PARTS) {
    out[part].set(columns[part].subarray(0, length - 1), 1);
    out[part][0] = columns[part][0]!;
  }
  return out;
}

/** The strategy with the undelayed bars as inputs that it is not told of. */
function delayStrategy(strategy: BoundStrategy, inputs: readonly BoundInput[]): BoundStrategy {
  const hidden = inputs.filter(({ name }) => name.startsWith(UNDELAYED)).map(({ name }) => [name, bars()] as const);
  return {
    ...strategy,
    inputs: { ...strategy.inputs, ...Object.fromEntries(hidden) },
    create(tools) {
      const reactions = strategy.create(tools);
      if (reactions.onBar === undefined) return reactions;
      const wrapped: Reactions = Object.create(reactions);
      wrapped.onBar = (bar, view) => (bar.input.startsWith(UNDELAYED) ? undefined : reactions.onBar!(bar, view));
      return wrapped;
    },
  };
}
