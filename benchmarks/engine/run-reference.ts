import {
  type BarColumns,
  type BarDriver,
  BarSeries,
  type BoundStrategy,
  type ColumnPool,
  Engine,
  engineOptions,
  feeSchedule,
  instrument,
  runBars,
  slippageFraction,
} from "@tradepulse/core";

const FEE = 0.0005;
const SLIPPAGE = 0.0001;
const CAPITAL = 1e7;

/** An engine set up for the reference work: whole units, fee 5 bp, slippage 1 bp, the nearer extreme first, brackets live at once. */
export function referenceEngine(columns: BarColumns, strategy: BoundStrategy, pool?: ColumnPool): Engine {
  return new Engine({
    ...(pool === undefined ? {} : { pool }),
    instruments: [instrument({ id: "REFERENCE@BENCH", lotScale: 0 })],
    series: [BarSeries.over("main", 0, 60_000_000, columns)],
    strategy,
    options: engineOptions({
      capital: CAPITAL,
      venue: {
        path: "nearest-extreme-first",
        fillBarChildren: "path",
        slippage: slippageFraction(SLIPPAGE),
        fees: [feeSchedule({ maker: FEE, taker: FEE }, 1e6, 1)],
      },
    }),
  });
}

export interface ReferenceRun {
  readonly nsPerBar: number;
  readonly fills: number;
  readonly equity: number;
  readonly drawdown: number;
  readonly engine: Engine;
  readonly equityByBar: Float64Array;
}

/** One run of the reference work, timed in processor time of the process, as the C reference is. */
export function runReference(
  columns: BarColumns,
  strategy: BoundStrategy,
  drive: BarDriver,
  equityColumn?: Float64Array,
  pool?: ColumnPool,
): ReferenceRun {
  const before = process.cpuUsage();
  const engine = referenceEngine(columns, strategy, pool);
  const result = runBars(engine, drive, undefined, equityColumn);
  const used = process.cpuUsage(before);
  return {
    nsPerBar: ((used.user + used.system) * 1e3) / columns.length,
    fills: engine.fillDesk.fills,
    equity: engine.equity,
    drawdown: result.maxDrawdown,
    engine,
    equityByBar: result.equity,
  };
}
