import { describe, expect, test } from "vitest";
import { InvariantViolation } from "../model/failure.ts";
import { bars } from "../testing/bars.ts";
import { BarSeries } from "./bar-series.ts";

/** Appends bar number `k`, whose prices are `k`. */
function append(series: BarSeries, k: number): void {
  series.append(k * 60, (k + 1) * 60, k, k, k, k, k);
}

describe("BarSeries.over()", () => {
  test("shows no bar until the cursor is moved", () => {
    const series = BarSeries.over("main", 0, 60, bars("1 2 3").columns);
    expect(series.cursor.index).toBe(-1);
    expect(series.columns.length).toBe(3);
  });

  test("takes no bar beyond its columns", () => {
    const series = BarSeries.over("main", 0, 60, bars("1").columns);
    append(series, 0);
    expect(() => append(series, 1)).toThrow(InvariantViolation);
  });
});

describe("BarSeries.growing()", () => {
  test("makes each appended bar the visible one", () => {
    const series = BarSeries.growing("main", 2, 60, 8);
    append(series, 0);
    append(series, 1);
    expect(series).toMatchObject({ name: "main", instrumentIndex: 2, intervalUs: 60, cursor: { index: 1 }, dropped: 0 });
    expect([series.columns.openUs[1], series.columns.closeUs[1], series.columns.close[1], series.columns.volume[1]]).toEqual([
      60, 120, 1, 1,
    ]);
  });

  test("drops its older half when it is full, and counts on", () => {
    const series = BarSeries.growing("main", 0, 60, 8);
    for (let k = 0; k < 9; k += 1) append(series, k);
    expect(series.cursor.index).toBe(4);
    expect(series.dropped).toBe(4);
    expect(Array.from(series.columns.close.subarray(0, 5))).toEqual([4, 5, 6, 7, 8]);
  });

  test("always holds the last half of its capacity in order, however long it runs", () => {
    const series = BarSeries.growing("main", 0, 60, 7);
    for (let k = 0; k < 100; k += 1) {
      append(series, k);
      const { index } = series.cursor;
      expect(index + series.dropped).toBe(k);
      for (let ago = 0; ago < Math.min(k + 1, 4); ago += 1) expect(series.columns.close[index - ago]).toBe(k - ago);
    }
  });

  test("tells its followers how far every drop moved the rows", () => {
    const series = BarSeries.growing("main", 0, 60, 8);
    const shifts: number[] = [];
    series.follow({ rebase: (shift) => shifts.push(shift) });
    for (let k = 0; k < 17; k += 1) append(series, k);
    expect(shifts).toEqual([4, 4, 4]);
    expect(series.dropped).toBe(12);
  });

  test("needs room for two bars", () => {
    expect(() => BarSeries.growing("main", 0, 60, 1)).toThrow(InvariantViolation);
  });
});
