import fc from "fast-check";
import { expect, test } from "vitest";
import { figure, ratio, undefinedFigure } from "./figure.ts";

test("figure() keeps a finite value and turns minus zero into zero", () => {
  expect(figure(1.5)).toEqual({ value: 1.5 });
  expect(Object.is(figure(-0).value, 0)).toBe(true);
});

test("figure() says too few when annualising overflowed", () => {
  expect(figure(Infinity)).toEqual({ value: null, reason: "too-few", sign: 1 });
  expect(figure(Number.NaN)).toEqual({ value: null, reason: "too-few" });
});

test("ratio() names the direction when the denominator is zero", () => {
  expect(ratio(2, 4, 1)).toEqual({ value: 0.5 });
  expect(ratio(3, 0, 1)).toEqual({ value: null, reason: "zero-denominator", sign: 1 });
  expect(ratio(-3, 0, 1)).toEqual({ value: null, reason: "zero-denominator", sign: -1 });
  expect(ratio(0, 0, 1)).toEqual({ value: null, reason: "zero-denominator", sign: 0 });
});

test("ratio() takes rounding noise of large numbers for zero and a small true denominator for what it is", () => {
  expect(ratio(1, 1e-16, 1).value).toBeNull();
  expect(ratio(1, 1e-14, 1).value).toBeCloseTo(1e14, -1);
  expect(ratio(1, 1e-4, 1e12).value).toBeNull();
});

test("a figure survives JSON unchanged for any numerator and denominator", () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), (a, b) => {
      const result = ratio(a, b, 1);
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    }),
  );
  expect(undefinedFigure("no-benchmark")).toEqual({ value: null, reason: "no-benchmark" });
});
