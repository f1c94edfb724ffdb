import { setImmediate as turn } from "node:timers/promises";
import { BarSeries, type BoundStrategy, barRun, Engine, type EngineOptions, fitsBarLoop, stepRun } from "@tradepulse/core";
import type { BacktestHooks } from "./backtest-request.ts";
import type { BacktestResult } from "./backtest-result.ts";
import { barDriverFor } from "./bar-driver.ts";
import type { BoundRun } from "./bind-inputs.ts";

/** An engine after its run. */
export interface DrivenRun {
  readonly engine: Engine;
  /** Equity in money by bar close; `null` where only session ends were kept. */
  readonly barEquity: BacktestResult["barEquity"];
  /** Largest fall of equity from its peak over all bars, 0 to 1. */
  readonly maxDrawdown: number;
  readonly elapsedMs: number;
  /** Events of the run itself, before its end expired what was open. */
  readonly eventsBeforeEnd: number;
}

/** Counts bars over all engines of a backtest, and lets the process breathe. */
export interface Pace {
  /** Told the rows done by the engine that runs. Resolves when the run may go on; throws when it is aborted. */
  breathe(rows: number): Promise<void>;
  /** An engine is finished. */
  finished(rows: number): void;
  readonly due: () => boolean;
}

/** Milliseconds between two turns of the event loop: short enough for Ctrl-C and a progress line, long enough to cost nothing. */
const PAUSE_EVERY_MS = 50;

/** A pace over `total` rows; `add` announces more of them. */
export function pace(hooks: BacktestHooks, total: number): Pace & { add(rows: number): void } {
  let expected = total;
  let before = 0;
  let nextMs = performance.now() + PAUSE_EVERY_MS;
  return {
    due: () => performance.now() >= nextMs,
    async breathe(rows) {
      hooks.onProgress?.(before + rows, expected);
      await turn();
      hooks.signal?.throwIfAborted();
      nextMs = performance.now() + PAUSE_EVERY_MS;
    },
    finished(rows) {
      before += rows;
      hooks.onProgress?.(before, expected);
      hooks.signal?.throwIfAborted();
    },
    add(rows) {
      expected += rows;
    },
  };
}

/** Rows that an engine over these inputs goes through. */
export function rowsOf(run: Pick<BoundRun, "inputs">): number {
  return run.inputs.reduce((sum, { columns }) => sum + columns.length, 0);
}

/**
 * Runs a strategy over bound inputs from the first row to the last: by its own copy of the bar loop where that fits, by steps
 * otherwise. Gives the event loop a turn every 50 ms. `definition` names the strategy definition that the copy belongs to.
 */
export async function driveEngine(
  strategy: BoundStrategy,
  definition: string,
  run: Pick<BoundRun, "instruments" | "inputs">,
  options: EngineOptions,
  pacing: Pace,
): Promise<DrivenRun> {
  const series = run.inputs.map((input) => BarSeries.over(input.name, input.instrumentIndex, input.intervalUs, input.columns));
  const engine = new Engine({ instruments: run.instruments, series, strategy, options });
  const isBarLoop = fitsBarLoop(engine);
  const driver = isBarLoop ? await barDriverFor(definition) : undefined;
  const blocks = driver === undefined ? stepRun(engine) : barRun(engine, driver);
  let elapsedMs = 0;
  let sinceMs = performance.now();
  let block = blocks.next(true);
  let eventsBeforeEnd = 0;
  while (block.done !== true) {
    eventsBeforeEnd = engine.events.length;
    if (pacing.due()) {
      elapsedMs += performance.now() - sinceMs;
      await pacing.breathe(block.value);
      sinceMs = performance.now();
    }
    block = blocks.next(true);
  }
  elapsedMs += performance.now() - sinceMs;
  pacing.finished(rowsOf(run));
  const keepsBars = options.equity === "bar";
  const result = block.value;
  if ("timesUs" in result) {
    const barEquity = { timeUs: Float64Array.from(result.timesUs), equity: Float64Array.from(result.equity) };
    return { engine, barEquity: keepsBars ? barEquity : null, maxDrawdown: engine.registers[DRAWDOWN]!, elapsedMs, eventsBeforeEnd };
  }
  const closeUs = series[0]!.columns.closeUs.subarray(0, series[0]!.columns.length);
  return {
    engine,
    barEquity: keepsBars ? { timeUs: closeUs, equity: result.equity } : null,
    maxDrawdown: result.maxDrawdown,
    elapsedMs,
    eventsBeforeEnd,
  };
}

/** Register of the running drawdown, in both drivers. */
const DRAWDOWN = 7;
