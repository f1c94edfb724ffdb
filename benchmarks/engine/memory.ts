import {
  type BarColumns,
  BarSeries,
  type BoundStrategy,
  defineStrategy,
  Engine,
  engineOptions,
  instrument,
  runBars,
  sma,
} from "@tradepulse/core";
import { driveBars } from "@tradepulse/core/drive-bars";
import type { BenchRow } from "../statistics.ts";
import { referenceBars } from "./reference-data.ts";

const MB = 1e6;

/** Looks at two averages on every bar and never trades. */
const idle = defineStrategy({
  name: "bench-memory",
  create(_params, { indicator }) {
    const fast = indicator(sma(10));
    const slow = indicator(sma(50));
    let above = 0;
    return {
      onBar() {
        if (fast.value > slow.value) above += 1;
        if (above < 0) throw new Error("unreachable");
      },
    };
  },
});

/**
 * Decision 15: what a long run takes beyond the columns of its market, when only session ends of equity are kept: the outputs that the
 * strategy asked for, which are its indicator lines, and at most 64 MB. Resident memory, sampled during the run as well as after it.
 */
export function benchMemory(bars: number): BenchRow[] {
  const columns = referenceBars(bars);
  run(columns.length > 100_000 ? { ...columns, length: 100_000 } : columns, idle());
  const before = resident();
  const peak = run(columns, idle());
  const grown = (Math.max(peak, resident()) - before) / MB;
  const lines = (2 * bars * Float64Array.BYTES_PER_ELEMENT) / MB;
  const label = `${bars / 1e6}M bars`;
  return [
    {
      goal: "memory",
      what: `resident before, with the market's columns, ${label}`,
      value: before / MB,
      unit: "MB",
      target: "",
      met: undefined,
    },
    { goal: "memory", what: "grown by the run, at most", value: grown, unit: "MB", target: "", met: undefined },
    { goal: "memory", what: "of it 2 indicator lines, as asked for", value: lines, unit: "MB", target: "", met: undefined },
    { goal: "memory", what: "beyond", value: grown - lines, unit: "MB", target: "<= 64", met: grown - lines <= 64 },
  ];
}

/** Runs without a trade; gives the most memory that was resident at the end of a block. */
function run(columns: BarColumns, strategy: BoundStrategy): number {
  const engine = new Engine({
    instruments: [instrument({ id: "MEMORY@BENCH" })],
    series: [BarSeries.over("main", 0, 60_000_000, columns)],
    strategy,
    options: engineOptions({ equity: "session" }),
  });
  let most = 0;
  let blocks = 0;
  runBars(engine, driveBars, () => {
    blocks += 1;
    if (blocks % 256 === 0) most = Math.max(most, process.memoryUsage.rss());
    return true;
  });
  return most;
}

function resident(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}
