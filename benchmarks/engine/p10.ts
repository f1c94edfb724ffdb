import { PerformanceObserver } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { type BoundStrategy, ColumnPool, defineStrategy, sma } from "@tradepulse/core";
import { driveBars } from "@tradepulse/core/drive-bars";
import type { BenchRow } from "../statistics.ts";
import { referenceBars } from "./reference-data.ts";
import { referenceStrategy } from "./reference-strategy.ts";
import { runReference } from "./run-reference.ts";

const MARK_COMPACT = 4;

/** P10: collections inside a warmed run. Without orders a bar costs no bytes at all; with them only what the strategy's own wishes cost. */
export async function benchP10(bars: number): Promise<BenchRow[]> {
  const columns = referenceBars(bars);
  const equity = new Float64Array(bars);
  const idle = defineStrategy({
    name: "bench-quiet",
    create(_p, { indicator }) {
      const fast = indicator(sma(10));
      const slow = indicator(sma(50));
      let above = 0;
      return {
        onBar() {
          if (fast.value > slow.value) above += 1;
          if (above < 0) throw new RangeError("counted below zero");
        },
      };
    },
  });
  const pool = new ColumnPool();
  const pooled = (strategy: BoundStrategy): void => {
    runReference(columns, strategy, driveBars, equity, pool);
    pool.recycle();
  };
  const quiet = await collections(() => pooled(idle()));
  const busy = await collections(() => pooled(referenceStrategy()));
  return [
    {
      goal: "P10",
      what: "collections in a run without orders",
      value: quiet.all,
      unit: "",
      target: "<= 1, 0 full",
      met: quiet.all <= 1 && quiet.full === 0,
    },
    {
      goal: "P10",
      what: "collections in a run of the reference work",
      value: busy.all,
      unit: "",
      target: "<= 1, 0 full",
      met: busy.all <= 1 && busy.full === 0,
      note: `${busy.full} full`,
    },
  ];
}

async function collections(run: () => unknown): Promise<{ readonly all: number; readonly full: number }> {
  for (let warm = 0; warm < 4; warm += 1) run();
  let all = 0;
  let full = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      all += 1;
      if ((entry as { detail?: { kind?: number } }).detail?.kind === MARK_COMPACT) full += 1;
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  run();
  // The entries arrive with the next turns of the event loop.
  await wait(20);
  observer.disconnect();
  return { all, full };
}
