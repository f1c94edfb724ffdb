import { type RoundTrip, roundTripsOf } from "../../analytics/round-trips.ts";
import { BarSeries } from "../../market/bar-series.ts";
import { allocateBarColumns, type BarColumns } from "../../model/bar.ts";
import type { Fill } from "../../model/fill.ts";
import { type Instrument, type InstrumentOptions, instrument } from "../../model/instrument.ts";
import type { BoundStrategy } from "../../strategy/define-strategy.ts";
import { runBars } from "../bar-run.ts";
import { driveBars } from "../drive-bars.ts";
import { Engine } from "../engine.ts";
import { type EngineOptions, engineOptions } from "../engine-options.ts";
import { fillsOf } from "../read-events.ts";

/** A bar of a reference's data: when it opens, and its prices. */
export interface ReferenceBar {
  readonly openUs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** What a reference run leaves to compare. */
export interface ReferenceRun {
  readonly engine: Engine;
  readonly instrument: Instrument;
  readonly fills: readonly Fill[];
  readonly trips: readonly RoundTrip[];
  /** Deepest fall of equity between bar closes, from 0 to 1. */
  readonly maxDrawdown: number;
  /** Row of the bar that an instant of the run belongs to. */
  rowAt(timeUs: number): number;
}

/**
 * Columns of bars that are stamped by their open. Each closes a microsecond before the next opens, so that the time of a fill tells its bar
 * whether it filled at the open or later. Volume is left out: peers fill whatever the volume.
 */
function referenceColumns(bars: readonly ReferenceBar[]): BarColumns {
  const columns = allocateBarColumns(bars.length, false);
  bars.forEach((bar, row) => {
    const next = bars[row + 1]?.openUs ?? bar.openUs + (bar.openUs - (bars[row - 1]?.openUs ?? 0));
    columns.openUs[row] = bar.openUs;
    columns.closeUs[row] = next - 1;
    columns.open[row] = bar.open;
    columns.high[row] = bar.high;
    columns.low[row] = bar.low;
    columns.close[row] = bar.close;
  });
  return columns;
}

/** Runs a strategy of one input through the engine, as a peer's reference is compared with. */
export function runReference(
  bars: readonly ReferenceBar[],
  strategy: BoundStrategy,
  options: Partial<EngineOptions>,
  how: InstrumentOptions,
): ReferenceRun {
  const traded = instrument(how);
  const columns = referenceColumns(bars);
  const engine = new Engine({
    instruments: [traded],
    series: [BarSeries.over("main", 0, columns.closeUs[1]! - columns.closeUs[0]!, columns)],
    strategy,
    options: engineOptions(options),
  });
  const { maxDrawdown } = runBars(engine, driveBars);
  const fills = fillsOf(engine.events);
  const trips = roundTripsOf(fills, { instruments: [traded], marks: Float64Array.of(bars.at(-1)!.close) });
  const rowAt = (timeUs: number): number => {
    let row = columns.length - 1;
    while (row > 0 && columns.openUs[row]! > timeUs) row -= 1;
    return row;
  };
  return { engine, instrument: traded, fills, trips, maxDrawdown, rowAt };
}
