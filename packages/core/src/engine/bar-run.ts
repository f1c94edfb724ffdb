import type { Wish } from "../strategy/define-strategy.ts";
import type { BarLoop } from "./drive-bars.ts";
import type { Engine } from "./engine.ts";
import { setGateMoney } from "./price-gate.ts";
import { Register } from "./registers.ts";

/** A copy of `driveBars`: one per strategy definition keeps the hot loop specialised. */
export type BarDriver = (loop: BarLoop, from: number, to: number) => void;

/** Rows between two calls of the driver: indicators are computed this far ahead of the cursor, and progress is reported. */
const BLOCK_ROWS = 1_024;

/** True when the bar loop can run this engine: one input, and no reaction that needs the step driver. */
export function fitsBarLoop(engine: Engine): boolean {
  return engine.series.length === 1 && engine.host.reactions.onBar !== undefined && engine.host.reactions.onBars === undefined;
}

export interface BarRunResult {
  /** Equity by bar; empty when only session ends were asked for. */
  readonly equity: Float64Array;
  readonly maxDrawdown: number;
}

/** Runs the single series of an engine from its first row to its last. `onBlock` is told the rows done and may stop the run by returning false. */
export function runBars(engine: Engine, drive: BarDriver, onBlock?: (rows: number) => boolean, equityColumn?: Float64Array): BarRunResult {
  const run = barRun(engine, drive, equityColumn);
  let step = run.next();
  while (step.done !== true) step = run.next(onBlock === undefined || onBlock(step.value));
  return step.value;
}

/**
 * The same in blocks: yields the rows done after each, and goes on when it is told to; `next(false)` ends the run there. Whoever
 * drives it may do something else between two blocks.
 */
export function* barRun(engine: Engine, drive: BarDriver, equityColumn?: Float64Array): Generator<number, BarRunResult, boolean> {
  const series = engine.series[0]!;
  const { columns, cursor } = series;
  const keepsBars = engine.options.equity === "bar";
  const equity = keepsBars ? (equityColumn ?? new Float64Array(columns.length)) : new Float64Array(1);
  const registers = engine.registers;
  let gateUs = Number.NEGATIVE_INFINITY;
  const setGate = (row: number): void => {
    engine.setGate();
    if (registers[Register.nextUs] === gateUs) return;
    gateUs = registers[Register.nextUs]!;
    registers[Register.nextRow] = firstRowAt(columns.closeUs, row, gateUs);
  };
  const settle = (row: number): void => {
    engine.settleBar(0);
    engine.settleRest(columns.closeUs[row]!);
    setGateMoney(registers, engine.market);
  };
  const loop: BarLoop = {
    cursor,
    registers,
    high: columns.high,
    low: columns.low,
    close: columns.close,
    equity,
    equityMask: keepsBars ? -1 : 0,
    bar: engine.host.bars[0]!,
    view: engine.view,
    reactions: engine.host.reactions,
    settleFirst: settle,
    settle: (row) => {
      const lastEquity = registers[Register.cash]! + registers[Register.exposure]! * columns.close[row - 1]!;
      engine.samples.roll(columns.closeUs[row]!, columns.closeUs[row - 1]!, lastEquity);
      settle(row);
    },
    take: (wish, row) => {
      engine.reactionDesk.take("onBar", wish as Wish, columns.closeUs[row]!);
      setGate(row);
    },
    setGate: (_wish, row) => setGate(row),
  };
  if (columns.length === 0) return { equity: new Float64Array(0), maxDrawdown: 0 };
  engine.start(columns.openUs[0]!);
  setGate(0);
  // The first bar is always settled: see the loop.
  registers[Register.pending] = 1;
  for (let from = 0; from < columns.length; from += BLOCK_ROWS) {
    const to = Math.min(columns.length, from + BLOCK_ROWS);
    engine.host.indicators.advance(series, to);
    try {
      drive(loop, from, to);
    } catch (error) {
      throw engine.host.failureOf("onBar", columns.closeUs[cursor.index]!, error);
    }
    if (!(yield to)) break;
  }
  engine.finish(columns.closeUs[cursor.index]!);
  return { equity: keepsBars ? equity : new Float64Array(0), maxDrawdown: registers[Register.drawdown]! };
}

/** First row from `from` on that closes at an instant or later; Infinity for none. In growing steps, then by halves: the instant is often near. */
function firstRowAt(closeUs: Float64Array, from: number, timeUs: number): number {
  let step = 1;
  let below = from;
  while (below + step < closeUs.length && closeUs[below + step]! < timeUs) {
    below += step;
    step *= 2;
  }
  // Rows before `below` close earlier, and `above` closes at the instant or later, or is the end.
  let above = Math.min(below + step, closeUs.length);
  while (below < above) {
    const middle = (below + above) >> 1;
    if (closeUs[middle]! < timeUs) below = middle + 1;
    else above = middle;
  }
  return below === closeUs.length ? Number.POSITIVE_INFINITY : below;
}
