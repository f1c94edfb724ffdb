import { expect, test } from "vitest";
import { exp, ln } from "./math.ts";

test("ln() is zero at one, minus infinity at zero and NaN below", () => {
  expect(ln(1)).toBe(0);
  expect(ln(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(ln(-1)).toBeNaN();
  expect(ln(10)).toBeCloseTo(Math.LN10, 14);
});

test("exp() undoes ln() to the last places", () => {
  for (const x of [1e-9, 0.25, 1, 3, 64_000.5, 1e12]) expect(Math.abs(exp(ln(x)) / x - 1)).toBeLessThan(1e-13);
});
