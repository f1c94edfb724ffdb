import {
  type BarColumns,
  BarSeries,
  buy,
  close,
  defineStrategy,
  Engine,
  engineOptions,
  instrument,
  runBars,
  sliceBarColumns,
} from "@tradepulse/core";
import { driveBars } from "@tradepulse/core/drive-bars";
import { type BenchRow, median } from "../statistics.ts";
import { referenceBars } from "./reference-data.ts";
import { referenceStrategy } from "./reference-strategy.ts";
import { runReference } from "./run-reference.ts";

/** A market order on every bar: in one bar, out the next. Each fills at the next open. */
const everyBar = defineStrategy({
  name: "bench-every-bar",
  create: () => ({ onBar: (_bar, { position }) => (position.isFlat ? buy({ quantity: 1 }) : close()) }),
});

/** Far limit orders that never fill, placed on the first bar; otherwise the strategy does nothing. */
const farOrders = (count: number): ReturnType<typeof defineStrategy> =>
  defineStrategy({
    name: "bench-far-orders",
    create: () => ({
      onBar(bar) {
        if (bar.index === 0) return Array.from({ length: count }, (_, k) => buy({ quantity: 1, limit: 1 + k * 1e-4 }));
      },
    }),
  });

/** The table of the engine's specification: a million orders, linear growth, cost of far orders, memory of a long run. */
export function benchScaling(bars: number, rounds: number): BenchRow[] {
  const million = referenceBars(1_000_000);
  const equity = new Float64Array(bars);
  const orders = median(Array.from({ length: rounds + 2 }, () => timeMs(() => run(million, everyBar(), equity))).slice(2));
  const calm = referenceStrategy({ margin: 0.002, pullbackEvery: 1024 });
  const long = referenceBars(bars);
  // The orders themselves cost their placing and their end; what must not grow is the cost of the bars between.
  const farCost = (count: number): number => {
    const of = (columns: BarColumns): number =>
      median(Array.from({ length: rounds + 1 }, () => timeMs(() => run(columns, farOrders(count)(), equity))).slice(1));
    return of(million) - of(tenth);
  };
  const tenth = sliceBarColumns(million, 0, 100_000);
  const farRatio = farCost(10_000) / farCost(0);
  const small = median(Array.from({ length: rounds }, () => runReference(million, calm, driveBars, equity).nsPerBar));
  const before = memory();
  const big = median(Array.from({ length: Math.max(3, rounds - 2) }, () => runReference(long, calm, driveBars, equity).nsPerBar));
  const grown = memory() - before;
  const columnsMb = (bars * 8 * 2) / 1e6;
  return [
    { goal: "table", what: "1 M market orders with fills and accounting", value: orders, unit: "ms", target: "<= 100", met: orders <= 100 },
    {
      goal: "table",
      what: "10,000 far resting orders against none",
      value: farRatio,
      unit: "x",
      target: "~ 1",
      met: farRatio <= 1.2,
    },
    {
      goal: "table",
      what: `cost per bar, ${bars / 1e6}M against 1M bars`,
      value: big / small,
      unit: "x",
      target: "~ 1 (linear)",
      met: big / small <= 1.3,
    },
    {
      goal: "table",
      what: `memory grown by a ${bars / 1e6}M bar run beyond 2 indicator columns`,
      value: Math.max(0, grown - columnsMb),
      unit: "MB",
      target: "<= 64",
      met: grown - columnsMb <= 64,
    },
  ];
}

function run(
  columns: ReturnType<typeof referenceBars>,
  strategy: ReturnType<ReturnType<typeof defineStrategy>>,
  equity: Float64Array,
): void {
  const engine = new Engine({
    instruments: [instrument({ id: "SCALING@BENCH", lotScale: 0 })],
    series: [BarSeries.over("main", 0, 60_000_000, columns)],
    strategy,
    options: engineOptions({ capital: 1e7, maxIntents: 100_000 }),
  });
  runBars(engine, driveBars, undefined, equity);
}

function timeMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e3;
}

function memory(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1e6;
}
