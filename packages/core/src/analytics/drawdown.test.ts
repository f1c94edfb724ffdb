import fc from "fast-check";
import { expect, test } from "vitest";
import { drawdownsOf, longestDrawdown, maxDrawdown, underwaterCurve, worstDrawdowns } from "./drawdown.ts";
import { simpleReturns } from "./returns.ts";

const of = (...values: number[]): Float64Array => Float64Array.from(values);

test("drawdownsOf() gives depth, length from peak to recovery and recovery from trough", () => {
  const times = of(0, 10, 20, 40, 50, 60, 70);
  const equity = of(100, 120, 90, 60, 120, 130, 117);
  expect(drawdownsOf(times, equity)).toEqual([
    {
      depth: -0.5,
      peakUs: 10,
      troughUs: 40,
      recoveryUs: 50,
      lengthUs: 40,
      lengthSessions: 3,
      recoveryLengthUs: 10,
      recoverySessions: 1,
    },
    {
      depth: expect.closeTo(-0.1, 15),
      peakUs: 60,
      troughUs: 70,
      recoveryUs: null,
      lengthUs: 10,
      lengthSessions: 1,
      recoveryLengthUs: null,
      recoverySessions: null,
    },
  ]);
});

test("drawdownsOf() starts at the last point of a level peak and ends when the peak is only reached again", () => {
  const list = drawdownsOf(of(0, 1, 2, 3, 4), of(5, 5, 4, 5, 5));
  expect(list.map(({ peakUs, troughUs, recoveryUs }) => [peakUs, troughUs, recoveryUs])).toEqual([[1, 2, 3]]);
});

test("drawdownsOf() of a rising curve is empty, and of lost equity is -1", () => {
  expect(drawdownsOf(of(0, 1, 2), of(1, 2, 3))).toEqual([]);
  expect(drawdownsOf(of(0, 1), of(100, -20))[0]!.depth).toBe(-1);
});

test("worstDrawdowns() sorts by depth and longestDrawdown() by underwater time", () => {
  const list = drawdownsOf(of(0, 1, 2, 10, 20), of(10, 5, 10, 9, 10));
  expect(worstDrawdowns(list, 1).map((d) => d.depth)).toEqual([-0.5]);
  expect(longestDrawdown(list)!.depth).toBeCloseTo(-0.1, 15);
  expect(longestDrawdown([])).toBeUndefined();
});

test("the deepest drawdown is maxDrawdown() of the returns, and the low of underwaterCurve()", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 2, maxLength: 50 }), (values) => {
      const equity = Float64Array.from(values);
      const deepest =
        worstDrawdowns(
          drawdownsOf(
            equity.map((_, i) => i),
            equity,
          ),
          1,
        )[0]?.depth ?? 0;
      expect(deepest).toBeCloseTo(maxDrawdown(simpleReturns(equity)).value!, 12);
      expect(Math.min(...underwaterCurve(equity))).toBeCloseTo(deepest, 12);
    }),
  );
});
