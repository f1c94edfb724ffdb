import {
  type BarColumns,
  type BarDriver,
  type BoundStrategy,
  buy,
  ColumnPool,
  close,
  defineStrategy,
  donchian,
  ema,
  roc,
  rsi,
  sma,
  zscore,
} from "@tradepulse/core";
import { type BenchRow, median } from "../statistics.ts";
import { referenceBars } from "./reference-data.ts";
import { referenceStrategy } from "./reference-strategy.ts";
import { runReference } from "./run-reference.ts";

/** Seven strategies of different shapes, to be run before the reference work is timed again. */
const others: readonly (() => BoundStrategy)[] = [
  defineStrategy({
    name: "bench-ema",
    create(_p, { indicator }) {
      const quick = indicator(ema(12));
      const steady = indicator(ema(26));
      return {
        onBar: (_bar, { position }) =>
          quick.value > steady.value ? (position.isFlat ? buy({ quantity: 10 }) : undefined) : position.isLong ? close() : undefined,
      };
    },
  }),
  defineStrategy({
    name: "bench-rsi",
    create(_p, { indicator }) {
      const strength = indicator(rsi(14));
      return {
        onBar(_bar, { position }) {
          if (position.isFlat && strength.value < 25) return buy({ quantity: 10 });
          if (position.isLong && strength.value > 60) return close();
        },
      };
    },
  }),
  defineStrategy({
    name: "bench-donchian",
    create(_p, { indicator }) {
      const channel = indicator(donchian(50));
      return {
        onBar(bar, { position }) {
          if (position.isFlat && bar.high >= channel.upper.value) return buy({ quantity: 10, stopLoss: { ratio: 0.01 } });
        },
      };
    },
  }),
  defineStrategy({
    name: "bench-zscore",
    create(_p, { indicator }) {
      const score = indicator(zscore(100));
      let bars = 0;
      return {
        onBar(_bar, { position }) {
          bars += 1;
          if (bars % 3 === 0 && position.isFlat && score.value < -2) return buy({ quantity: 10 });
          if (position.isLong && score.value > 0) return close();
        },
      };
    },
  }),
  defineStrategy({
    name: "bench-momentum",
    create(_p, { indicator }) {
      const speed = indicator(roc(20));
      return {
        onBar: (_bar, { position }) =>
          position.isFlat && speed.value > 0.8 ? buy({ quantity: 10, takeProfit: { ratio: 0.01 } }) : undefined,
      };
    },
  }),
  defineStrategy({
    name: "bench-range",
    create: (_p, { main }) => ({
      onBar(bar, { position }) {
        if (bar.index < 5) return;
        if (position.isFlat && main.close.ago(5) > bar.close * 1.002) return buy({ quantity: 10, limit: bar.low });
        if (position.isLong && position.barsHeld > 10) return close();
      },
    }),
  }),
  defineStrategy({
    name: "bench-idle",
    create(_p, { indicator }) {
      const average = indicator(sma(200));
      let above = 0;
      return {
        onBar(bar) {
          if (bar.close > average.value) above += 1;
          return above < 0 ? buy() : undefined;
        },
      };
    },
  }),
];

/** A copy of the bar loop of its own, as every strategy definition gets. */
async function driverCopy(name: string): Promise<BarDriver> {
  const module = (await import(`${import.meta.resolve("@tradepulse/core/drive-bars")}?copy=bench-${name}`)) as { driveBars: BarDriver };
  return module.driveBars;
}

/** P2: the reference work alone, and again after seven other strategies ran in the same process. */
export async function benchP2(bars: number, rounds: number): Promise<BenchRow[]> {
  const columns = referenceBars(bars);
  const equity = new Float64Array(bars);
  const drive = await driverCopy("reference");
  const bound = referenceStrategy();
  const solo = time(columns, bound, drive, equity, rounds);
  for (const [k, make] of others.entries()) {
    const copy = await driverCopy(`other-${k}`);
    for (let round = 0; round < 3; round += 1) timed(columns, make(), copy, equity);
  }
  const after = time(columns, bound, drive, equity, rounds);
  const ratio = after / solo;
  return [
    { goal: "P2", what: "reference work alone", value: solo, unit: "ns/bar", target: "", met: undefined },
    { goal: "P2", what: "the same after 7 other strategies in the process", value: after, unit: "ns/bar", target: "", met: undefined },
    { goal: "P2", what: "after against alone", value: ratio, unit: "x", target: "<= 1.1", met: ratio <= 1.1 },
  ];
}

function time(columns: BarColumns, strategy: BoundStrategy, drive: BarDriver, equity: Float64Array, rounds: number): number {
  for (let warm = 0; warm < 3; warm += 1) timed(columns, strategy, drive, equity);
  return median(Array.from({ length: rounds }, () => timed(columns, strategy, drive, equity)));
}

const pool = new ColumnPool();

function timed(columns: BarColumns, strategy: BoundStrategy, drive: BarDriver, equity: Float64Array): number {
  const run = runReference(columns, strategy, drive, equity, pool);
  pool.recycle();
  return run.nsPerBar;
}
