import type { BarSeries } from "../market/bar-series.ts";
import type { Engine } from "./engine.ts";
import { Register } from "./registers.ts";

/** Equity after each instant, and the running drawdown. */
export interface StepRunResult {
  readonly timesUs: number[];
  readonly equity: number[];
}

/** What is carried of the instants: the series that showed a new bar since the last one, and how the last one ended. */
export interface CarriedSteps {
  readonly started: boolean;
  readonly lastUs: number;
  readonly lastEquity: number;
  readonly advanced: readonly number[];
}

/**
 * One instant of the engine, whatever drives it: the bars that became visible are in (their cursors stand on them), now
 * fills, marks, timers and reactions follow in that order.
 */
export class StepRunner {
  /** Of a run over finished series. A live engine goes on for months, and lists nothing for each of its instants. */
  private readonly result: StepRunResult | undefined;
  private readonly engine: Engine;
  private readonly advanced = new Set<BarSeries>();
  private lastUs = Number.NaN;
  private lastEquity: number;
  private started = false;

  constructor(engine: Engine, result?: StepRunResult) {
    this.engine = engine;
    this.result = result;
    this.lastEquity = engine.options.capital;
  }

  /** Notes that a series shows a new bar. The engine starts with the first. */
  advance(series: BarSeries, openUs: number): void {
    if (!this.started) {
      this.started = true;
      this.engine.stepUs = openUs;
      // The strategy starts before it sees anything: the cursor steps back for that moment.
      series.cursor.index -= 1;
      this.engine.start(openUs);
      series.cursor.index += 1;
    }
    this.advanced.add(series);
  }

  /** Everything that this instant brings, then the reactions. */
  step(timeUs: number): void {
    const { engine, advanced } = this;
    if (!this.started) return;
    engine.stepUs = timeUs;
    engine.samples.roll(timeUs, this.lastUs, this.lastEquity);
    for (let index = 0; index < engine.instruments.length; index += 1) {
      if (advanced.has(engine.executionSeries[index]!)) engine.settleBar(index);
    }
    for (const series of advanced) engine.host.indicators.advance(series, series.cursor.index + 1);
    engine.host.indicators.advanceJoint(advanced);
    engine.settleRest(timeUs, lastClose(advanced, timeUs));
    this.mark(timeUs);
    this.reactToBars(timeUs);
    if (advanced.size > 0 && engine.host.reactions.onBars !== undefined) {
      engine.view.position = engine.view.positionAt(engine.series[0]!.instrumentIndex);
      engine.reactionDesk.react("onBars", timeUs, () => engine.host.reactions.onBars!(engine.view));
    }
    advanced.clear();
    this.lastUs = timeUs;
    this.lastEquity = engine.equity;
  }

  finish(): void {
    if (this.started) this.engine.finish(this.lastUs);
  }

  carry(): CarriedSteps {
    const { started, lastUs, lastEquity, advanced, engine } = this;
    return { started, lastUs, lastEquity, advanced: Array.from(advanced, (series) => engine.series.indexOf(series)) };
  }

  resume(carried: CarriedSteps): void {
    this.started = carried.started;
    this.lastUs = carried.lastUs;
    this.lastEquity = carried.lastEquity;
    for (const index of carried.advanced) this.advanced.add(this.engine.series[index]!);
  }

  private reactToBars(timeUs: number): void {
    const { engine, advanced } = this;
    if (engine.host.reactions.onBar === undefined) return;
    for (let k = 0; k < engine.series.length; k += 1) {
      const series = engine.series[k]!;
      if (!advanced.has(series)) continue;
      engine.view.position = engine.view.positionAt(series.instrumentIndex);
      engine.reactionDesk.react("onBar", timeUs, () => engine.host.reactions.onBar!(engine.host.bars[k]!, engine.view));
    }
  }

  private mark(timeUs: number): void {
    const registers = this.engine.registers;
    const equity = this.engine.equity;
    if (this.result !== undefined) {
      this.result.timesUs.push(timeUs);
      this.result.equity.push(equity);
    }
    if (equity > registers[Register.peak]!) registers[Register.peak] = equity;
    const depth = (registers[Register.peak]! - equity) * (1 / registers[Register.peak]!);
    if (depth > registers[Register.drawdown]!) registers[Register.drawdown] = depth;
  }
}

/** Close of the bars that became visible: in a live session a little before the instant at which they are all in. */
function lastClose(advanced: ReadonlySet<BarSeries>, timeUs: number): number {
  let closeUs = Number.NEGATIVE_INFINITY;
  for (const { columns, cursor } of advanced) closeUs = Math.max(closeUs, columns.closeUs[cursor.index]!);
  return advanced.size === 0 ? timeUs : closeUs;
}

/**
 * Drives several finished series together: at each instant all bars that close then become visible at once, the longer interval first,
 * so no series is seen ahead of another. `onStep` may stop the run by returning false.
 */
export function runSteps(engine: Engine, onStep?: (rows: number) => boolean): StepRunResult {
  const run = stepRun(engine);
  let step = run.next();
  while (step.done !== true) step = run.next(onStep === undefined || onStep(step.value));
  return step.value;
}

/** The same in blocks of some thousand rows, the last of them before the run ends: see `barRun`. */
export function* stepRun(engine: Engine): Generator<number, StepRunResult, boolean> {
  const result: StepRunResult = { timesUs: [], equity: [] };
  const runner = new StepRunner(engine, result);
  const order = engine.series.map((_, k) => k).sort((a, b) => compareSeries(engine.series[a]!, engine.series[b]!));
  const total = engine.series.reduce((sum, series) => sum + series.columns.length, 0);
  for (let rows = 0; rows < total; ) {
    let timeUs = Number.POSITIVE_INFINITY;
    for (const series of engine.series) {
      const next = series.columns.closeUs[series.cursor.index + 1];
      if (next !== undefined && next < timeUs) timeUs = next;
    }
    for (const k of order) {
      const series = engine.series[k]!;
      if (series.columns.closeUs[series.cursor.index + 1] !== timeUs) continue;
      series.cursor.index += 1;
      rows += 1;
      runner.advance(series, series.columns.openUs[series.cursor.index]!);
    }
    runner.step(timeUs);
    if ((rows === total || rows % 1_024 < engine.series.length) && !(yield rows)) break;
  }
  runner.finish();
  return result;
}

function compareSeries(a: BarSeries, b: BarSeries): number {
  return b.intervalUs - a.intervalUs || a.instrumentIndex - b.instrumentIndex;
}
