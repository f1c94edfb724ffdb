import { describe, expect, test } from "vitest";
import { pairZscore } from "../indicators/pair-zscore.ts";
import { sma } from "../indicators/sma.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { bars as barsInput } from "../strategy/inputs.ts";
import { bars } from "../testing/bars.ts";
import { runTest } from "../testing/play.ts";
import { JointSeries } from "./joint-series.ts";

describe("JointSeries", () => {
  test("adds one row for all its inputs at each instant", () => {
    const rows = new JointSeries(2, 8);
    expect(rows.cursor.index).toBe(-1);
    rows.append([1, 10]);
    rows.append([2, 20]);
    expect(rows.cursor.index).toBe(1);
    expect(rows.inputs.map((column) => Array.from(column.subarray(0, 2)))).toEqual([
      [1, 2],
      [10, 20],
    ]);
  });

  test("gives output columns without a value", () => {
    expect(Array.from(new JointSeries(1, 4).column())).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });

  test("drops its older half when it is full, outputs included, and tells its followers", () => {
    const rows = new JointSeries(1, 4);
    const output = rows.column();
    const shifts: number[] = [];
    rows.follow({ rebase: (shift) => shifts.push(shift) });
    for (let k = 0; k < 7; k += 1) {
      rows.append([k]);
      output[rows.cursor.index] = 100 + k;
    }
    expect(shifts).toEqual([2, 2]);
    expect(Array.from(rows.inputs[0]!.subarray(0, rows.cursor.index + 1))).toEqual([4, 5, 6].slice(-(rows.cursor.index + 1)));
    expect(Array.from(output.subarray(0, rows.cursor.index + 1))).toEqual([104, 105, 106].slice(-(rows.cursor.index + 1)));
  });
});

/** What `gap` and its average over two rows show at each instant. */
function shown(a: string, b: string): string[] {
  const seen: string[] = [];
  const strategy = defineStrategy({
    name: "pair",
    inputs: { a: barsInput(), b: barsInput() },
    create(_params, { a: first, b: second, indicator }) {
      const gap = indicator(pairZscore(2), { of: [first.close, second.close] });
      const average = indicator(sma(2), { of: gap });
      return {
        onBars() {
          seen.push(`${gap.value.toFixed(0)} ${average.value.toFixed(1)}`);
        },
      };
    },
  });
  runTest(strategy(), { a: bars(a), b: bars(b) }, { driver: "steps" });
  return seen;
}

describe("an indicator over two inputs", () => {
  // The z-score of the last of two different values is 1 or -1, of two equal ones 0.
  test("moves on at instants at which both have a bar", () => {
    expect(shown("10 11 12 11", "10 10 10 10")).toEqual(["NaN NaN", "1 NaN", "1 1.0", "-1 0.0"]);
  });

  test("stands still, and what is computed from it too, while one has no bar", () => {
    expect(shown("10 11 99 12 11", "10 10 - 10 10")).toEqual(["NaN NaN", "1 NaN", "1 NaN", "1 1.0", "-1 0.0"]);
  });
});
