import fc from "fast-check";
import { expect, test } from "vitest";
import { BILLION, rate } from "./rate.ts";

test("rate() counts a fraction in billionths", () => {
  expect(rate(0.001)).toBe(1_000_000);
  expect(rate(-0.00025)).toBe(-250_000);
  expect(rate(0)).toBe(0);
  expect(rate(1)).toBe(BILLION);
});

test("rate() rounds to the nearest billionth", () => {
  expect(rate(1.4e-9)).toBe(1);
  expect(rate(1.6e-9)).toBe(2);
});

test("rate() takes every count of billionths back from its fraction", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000 * BILLION, max: 1_000 * BILLION }), (count) => {
      expect(rate(count / BILLION)).toBe(count + 0);
    }),
    { numRuns: 1_000 },
  );
});

test.each([1_000.1, -1_000.1, Number.NaN, Number.POSITIVE_INFINITY])("rate() refuses %d", (fraction) => {
  expect(() => rate(fraction)).toThrow(RangeError);
});
