import fc from "fast-check";
import { expect, test } from "vitest";
import { excessKurtosis, kurtosis, mean, presentOf, skewness, standardDeviation } from "./moments.ts";

const of = (...values: number[]): Float64Array => Float64Array.from(values);

test("mean() of equal values is that value, exactly", () => {
  fc.assert(
    fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: 1, max: 5000 }), (value, n) => {
      expect(Math.abs(mean(new Float64Array(n).fill(value)) - value)).toBeLessThanOrEqual(Math.abs(value) * 2.3e-16);
    }),
    { numRuns: 50 },
  );
});

test("standardDeviation() divides by n - 1 and needs two values", () => {
  // Deviations -1 and 1, squares 2, over n - 1 = 1.
  expect(standardDeviation(of(1, 3))).toBeCloseTo(Math.SQRT2, 15);
  expect(standardDeviation(of(5))).toBeNaN();
});

test("presentOf() drops missing values and nothing else", () => {
  expect([...presentOf(of(Number.NaN, 0, -1, Number.NaN))]).toEqual([0, -1]);
});

test("skewness() and kurtosis() are the population moments", () => {
  // 0 0 0 4: mean 1, deviations -1 -1 -1 3; m2 = 3, m3 = 6, m4 = 21.
  expect(skewness(of(0, 0, 0, 4)).value).toBeCloseTo(6 / 3 ** 1.5, 14);
  expect(kurtosis(of(0, 0, 0, 4)).value).toBeCloseTo(21 / 9, 14);
  expect(excessKurtosis(of(0, 0, 0, 4)).value).toBeCloseTo(21 / 9 - 3, 14);
});

test("skewness() is undefined for a series that does not vary, and for nothing", () => {
  expect(skewness(new Float64Array(1000).fill(0.01))).toEqual({ value: null, reason: "zero-denominator", sign: 0 });
  expect(kurtosis(new Float64Array(1000).fill(0.01))).toEqual({ value: null, reason: "zero-denominator", sign: 0 });
  expect(skewness(of())).toEqual({ value: null, reason: "too-few" });
  expect(excessKurtosis(of(Number.NaN))).toEqual({ value: null, reason: "too-few" });
});
