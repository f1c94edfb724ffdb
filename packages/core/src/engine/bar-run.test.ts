import { expect, test } from "vitest";
import { ema } from "../indicators/ema.ts";
import { BarSeries } from "../market/bar-series.ts";
import { barColumnsOf } from "../model/bar.ts";
import { instrument } from "../model/instrument.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { buy, close } from "../strategy/intent.ts";
import { barRun, runBars } from "./bar-run.ts";
import { runHash } from "./digest.ts";
import { driveBars } from "./drive-bars.ts";
import { Engine } from "./engine.ts";
import { engineOptions } from "./engine-options.ts";
import { runSteps, stepRun } from "./step-run.ts";

const ROWS = 3_000;

const wave = defineStrategy({
  name: "wave",
  create(_, { indicator }) {
    const quick = indicator(ema(5));
    return {
      onBar(bar, { position }) {
        if (!quick.ready) return undefined;
        if (position.isFlat && bar.close > quick.value) return buy({ fraction: 0.5 });
        if (position.isLong && bar.close < quick.value) return close();
        return undefined;
      },
    };
  },
});

function engine(): Engine {
  const columns = barColumnsOf(
    Array.from({ length: ROWS }, (_, row) => {
      const price = Math.round(10_000 + 900 * Math.sin(row / 7)) / 100;
      return {
        openUs: row * 60e6,
        closeUs: (row + 1) * 60e6,
        open: price,
        high: price + 1,
        low: price - 1,
        close: price + 0.5,
        volume: 100,
      };
    }),
  );
  return new Engine({
    instruments: [instrument({ id: "X@TEST", priceScale: 2 })],
    series: [BarSeries.over("main", 0, 60e6, columns)],
    strategy: wave(),
    options: engineOptions(),
  });
}

test("barRun() and stepRun() give what runBars() and runSteps() give when they are resumed block by block", () => {
  const [whole, blocks, steps, stepBlocks] = [engine(), engine(), engine(), engine()];
  runBars(whole, driveBars);
  const rows: number[] = [];
  const run = barRun(blocks, driveBars);
  for (let step = run.next(true); step.done !== true; step = run.next(true)) rows.push(step.value);
  runSteps(steps);
  const slow = stepRun(stepBlocks);
  while (slow.next(true).done !== true);
  expect(rows).toEqual([1_024, 2_048, ROWS]);
  expect(whole.events.length).toBeGreaterThan(100);
  expect(new Set([whole, blocks, steps, stepBlocks].map((each) => runHash(each.events))).size).toBe(1);
});

test("barRun() ends where it is told to stop, with its orders expired and its equity sampled", () => {
  const stopped = engine();
  const run = barRun(stopped, driveBars);
  run.next(true);
  const last = run.next(false);
  expect(last.done).toBe(true);
  expect(stopped.series[0]!.cursor.index).toBe(1_023);
  expect(stopped.samples.timesUs.at(-1)).toBe(1_024 * 60e6);
});
