import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FailureError } from "../model/failure.ts";
import { crossedAbove, crossedBelow } from "./crossing.ts";
import { Line } from "./line.ts";

function lineOf(values: readonly number[], index: number): { line: Line; cursor: { index: number } } {
  const cursor = { index };
  return { line: new Line("main.close", Float64Array.from(values), cursor), cursor };
}

function failureOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FailureError) return `${error.failure.code}: ${error.failure.message}`;
    throw error;
  }
  return "none";
}

describe("Line", () => {
  test("shows the value at the cursor and follows it", () => {
    const { line, cursor } = lineOf([10, 11, 12], 0);
    expect(line.value).toBe(10);
    cursor.index = 2;
    expect(line.value).toBe(12);
    expect([line.ago(0), line.ago(1), line.ago(2)]).toEqual([12, 11, 10]);
  });

  test("has no value before the first row and while the column holds none", () => {
    expect(lineOf([10], -1).line.value).toBeNaN();
    expect(lineOf([10], -1).line.ready).toBe(false);
    expect(lineOf([Number.NaN, 10], 0).line.ready).toBe(false);
    expect(lineOf([Number.NaN, 10], 1).line.ready).toBe(true);
  });

  test("refuses to look ahead, though the column goes on", () => {
    expect(failureOf(() => lineOf([10, 11, 12], 1).line.ago(-1))).toBe(
      'TP_STRATEGY_READS_AHEAD: Cannot read "main.close" 1 row ahead: a strategy sees the present and the past only, allowed are 0 to 1 rows ago',
    );
  });

  test("refuses to look before the first row", () => {
    expect(failureOf(() => lineOf([10, 11, 12], 1).line.ago(2))).toBe(
      'TP_STRATEGY_READS_BEFORE_START: Cannot read "main.close" 2 rows ago: 2 rows have been seen, allowed are 0 to 1',
    );
    expect(failureOf(() => lineOf([10], -1).line.ago(0))).toContain("TP_STRATEGY_READS_BEFORE_START");
  });

  test("never gives a row after the cursor, whatever it is asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 9 }), fc.integer({ min: -20, max: 20 }), (index, n) => {
        const { line } = lineOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], index);
        if (n >= 0 && n <= index) expect(line.ago(n)).toBe(index - n);
        else expect(() => line.ago(n)).toThrow(FailureError);
      }),
    );
  });

  test.each([1.5, 0.1, Number.NaN])("refuses %s rows ago, which is no whole number", (n) => {
    const { line } = lineOf([10, 11, 12], 2);
    expect(() => line.ago(n)).toThrow("TP_STRATEGY_READS_BETWEEN_ROWS");
    expect(() => line.ago(n)).toThrow(`${n} rows ago: allowed are whole numbers from 0 to 2`);
  });

  test("does not hand out its column", () => {
    expect(Object.keys(lineOf([10], 0).line)).toEqual(["name"]);
  });
});

describe("crossedAbove() and crossedBelow()", () => {
  const pair = (first: readonly number[], second: readonly number[]): [Line, Line] => {
    const cursor = { index: first.length - 1 };
    return [new Line("first", Float64Array.from(first), cursor), new Line("second", Float64Array.from(second), cursor)];
  };

  test("are true on the row of the crossing", () => {
    expect(crossedAbove(...pair([9, 11], [10, 10]))).toBe(true);
    expect(crossedBelow(...pair([11, 9], [10, 10]))).toBe(true);
  });

  test("count a touch of the other line as not yet crossed", () => {
    expect(crossedAbove(...pair([9, 10], [10, 10]))).toBe(false);
    expect(crossedAbove(...pair([10, 11], [10, 10]))).toBe(true);
    expect(crossedBelow(...pair([10, 9], [10, 10]))).toBe(true);
  });

  test("are false while a line stays on its side", () => {
    expect(crossedAbove(...pair([11, 12], [10, 10]))).toBe(false);
    expect(crossedBelow(...pair([9, 8], [10, 10]))).toBe(false);
  });

  test("are false on the first row and on the first value of a line", () => {
    expect(crossedAbove(...pair([11], [10]))).toBe(false);
    expect(crossedAbove(...pair([9, 11], [Number.NaN, 10]))).toBe(false);
    expect(crossedBelow(...pair([Number.NaN, 9], [10, 10]))).toBe(false);
  });

  test("compare with a level too", () => {
    const [first] = pair([29, 31], [0, 0]);
    expect(crossedAbove(first, 30)).toBe(true);
    expect(crossedAbove(first, 31)).toBe(false);
    expect(crossedBelow(first, 30)).toBe(false);
  });
});
