import fc from "fast-check";
import { expect, test } from "vitest";
import { alpha, beta } from "./benchmark-regression.ts";
import { captureRatio, downCapture, upCapture, upDownCapture } from "./capture.ts";
import { calmarRatio, maxDrawdown } from "./drawdown.ts";
import { informationRatio } from "./information-ratio.ts";
import { omegaRatio } from "./omega.ts";
import { annualReturn, calendarGrowthRate, cumulativeReturns, simpleReturns, totalReturn } from "./returns.ts";
import { rolling, rollingSortino, rollingVolatility } from "./rolling.ts";
import { sharpeRatio } from "./sharpe.ts";
import { sortinoRatio } from "./sortino.ts";
import { stability } from "./stability.ts";
import { conditionalValueAtRisk, tailRatio, valueAtRisk } from "./tail-risk.ts";
import { downsideRisk, volatility } from "./volatility.ts";

const of = (...values: number[]): Float64Array => Float64Array.from(values);
const flat = new Float64Array(1000).fill(0.01);
const tooFew = { value: null, reason: "too-few" };
const DAY = 86_400_000_000;

test("simpleReturns() has one value fewer than prices", () => {
  expect([...simpleReturns(of(100, 110, 99))]).toEqual([expect.closeTo(0.1, 15), expect.closeTo(-0.1, 15)]);
  expect(simpleReturns(of()).length).toBe(0);
});

test("totalReturn() compounds and cumulativeReturns() takes a missing return for 0", () => {
  expect(totalReturn(of(0.1, -0.1)).value).toBeCloseTo(-0.01, 15);
  expect([...cumulativeReturns(of(0.5, Number.NaN, 1))]).toEqual([0.5, 0.5, 2]);
  expect(totalReturn(of())).toEqual(tooFew);
});

test("annualReturn() raises growth to periods over returns, counting missing ones", () => {
  // 1.21 over two of four periods a year: squared.
  expect(annualReturn(of(0.1, 0.1), 4).value).toBeCloseTo(1.21 * 1.21 - 1, 14);
  expect(annualReturn(of(0.1, 0.1, Number.NaN, Number.NaN), 4).value).toBeCloseTo(0.21, 14);
  expect(annualReturn(of(0.5, -1), 252)).toEqual({ value: null, reason: "ruined" });
});

test("calendarGrowthRate() uses years of 365.25 days from the opening instant to the last close", () => {
  expect(calendarGrowthRate(100, 121, 0, 2 * 365.25 * DAY).value).toBeCloseTo(0.1, 14);
  expect(calendarGrowthRate(100, 121, 0, DAY - 1)).toEqual(tooFew);
  expect(calendarGrowthRate(100, 0, 0, 10 * DAY)).toEqual({ value: null, reason: "ruined" });
  expect(calendarGrowthRate(1, 1e300, 0, DAY)).toEqual({ value: null, reason: "too-few", sign: 1 });
});

test("volatility() scales the sample deviation by the root of periods per year", () => {
  expect(volatility(of(0.01, 0.03), 4).value).toBeCloseTo(0.02 * Math.SQRT2, 15);
  expect(volatility(of(0.01, 0.03), 16, 4).value).toBeCloseTo(0.01 * Math.SQRT2 * 2, 15);
  expect(volatility(flat, 252).value).toBeCloseTo(0, 15);
  expect(volatility(of(0.01), 252)).toEqual(tooFew);
});

test("sharpeRatio() is mean over sample deviation, annualised by the root", () => {
  // Excess 0 and 0.02: mean 0.01, deviation 0.01 * sqrt(2).
  expect(sharpeRatio(of(0.01, 0.03), 4, 0.01).value).toBeCloseTo(2 / Math.SQRT2, 12);
  expect(sharpeRatio(of(0.01, 0.03), 4, of(0.01, 0.01)).value).toBeCloseTo(2 / Math.SQRT2, 12);
  expect(sharpeRatio(of(0.01), 4)).toEqual(tooFew);
});

test("sharpeRatio() of a constant series is undefined, not 10^16", () => {
  expect(sharpeRatio(flat, 252)).toEqual({ value: null, reason: "zero-denominator", sign: 1 });
  const growing = Float64Array.from({ length: 500 }, (_, i) => 100 * 1.0001 ** i);
  expect(sharpeRatio(simpleReturns(growing), 252)).toEqual({ value: null, reason: "zero-denominator", sign: 1 });
});

test("downsideRisk() and sortinoRatio() divide by all returns, not only the losing ones", () => {
  // Shortfalls 0, 0, 0, 0.04: root of 0.0016 / 4 = 0.02.
  const returns = of(0.01, 0.02, 0.05, -0.04);
  expect(downsideRisk(returns, 4).value).toBeCloseTo(0.04, 15);
  expect(sortinoRatio(returns, 4).value).toBeCloseTo((0.01 * 4) / 0.04, 14);
  expect(sortinoRatio(of(0.01, 0.02), 4)).toEqual({ value: null, reason: "zero-denominator", sign: 1 });
  expect(downsideRisk(of(), 4)).toEqual(tooFew);
});

test("maxDrawdown() counts a loss from the opening 1", () => {
  expect(maxDrawdown(of(-0.1, 0.05)).value).toBeCloseTo(-0.1, 15);
  expect(maxDrawdown(of(0.25, -0.2, 0.1, -0.5)).value).toBeCloseTo(-0.56, 15);
  expect(maxDrawdown(of(0.1, 0)).value).toBe(0);
  expect(maxDrawdown(of(0.1, -1.5, 3)).value).toBe(-1);
  expect(maxDrawdown(of())).toEqual(tooFew);
});

test("calmarRatio() is annual return over the size of the drawdown", () => {
  expect(calmarRatio(of(0.25, -0.2, 0.1), 3).value).toBeCloseTo(0.1 / 0.2, 13);
  expect(calmarRatio(of(0.1), 1)).toEqual({ value: null, reason: "zero-denominator", sign: 1 });
});

test("omegaRatio() is gains over losses around the threshold", () => {
  expect(omegaRatio(of(0.03, -0.01, 0.01), 252).value).toBeCloseTo(4, 13);
  // With one period a year the threshold is the required return itself.
  expect(omegaRatio(of(0.03, -0.01, 0.01), 1, 0, 0.01).value).toBeCloseTo(1, 13);
  expect(omegaRatio(of(0.03, 0.01), 252)).toEqual({ value: null, reason: "zero-denominator", sign: 1 });
  expect(omegaRatio(of(0.03, 0.01), 252, 0, -1)).toEqual(tooFew);
});

test("valueAtRisk(), conditionalValueAtRisk() and tailRatio() read the sorted returns", () => {
  const returns = Float64Array.from({ length: 21 }, (_, i) => (i - 10) / 100);
  // Position 20 * 0.05 = 1: the second smallest; its mean with the smallest is the shortfall.
  expect(valueAtRisk(returns).value).toBeCloseTo(-0.09, 15);
  expect(conditionalValueAtRisk(returns).value).toBeCloseTo(-0.095, 15);
  expect(tailRatio(returns).value).toBeCloseTo(1, 14);
  expect(tailRatio(of(0, 0, 0, 0))).toEqual({ value: null, reason: "zero-denominator", sign: 0 });
  expect(valueAtRisk(of(Number.NaN))).toEqual(tooFew);
});

test("stability() is 1 for steady growth and undefined for a level curve", () => {
  expect(stability(flat).value).toBeCloseTo(1, 12);
  expect(stability(new Float64Array(10))).toEqual({ value: null, reason: "zero-denominator", sign: 0 });
  expect(stability(of(0.1, -1))).toEqual({ value: null, reason: "ruined" });
});

test("beta() and alpha() recover the line they were made from", () => {
  const benchmark = of(0.01, -0.02, 0.03, Number.NaN, 0.005);
  const returns = benchmark.map((b) => 0.001 + 1.5 * b);
  returns[0] = Number.NaN;
  expect(beta(returns, benchmark).value).toBeCloseTo(1.5, 12);
  expect(alpha(returns, benchmark, 252).value).toBeCloseTo(1.001 ** 252 - 1, 12);
  expect(beta(flat, flat)).toEqual({ value: null, reason: "zero-denominator", sign: 0 });
  expect(alpha(of(0.1), of(0.2), 252)).toEqual(tooFew);
});

test("informationRatio() is per period unless annualised", () => {
  const own = of(0.02, 0.05);
  const other = of(0.01, 0.02);
  // Differences 0.01 and 0.03.
  expect(informationRatio(own, other).value).toBeCloseTo(Math.SQRT2, 12);
  expect(informationRatio(own, other, 4).value).toBeCloseTo(2 * Math.SQRT2, 12);
  expect(informationRatio(own, own)).toEqual({ value: null, reason: "zero-denominator", sign: 0 });
});

test("capture ratios compare annual returns on the selected rows", () => {
  const own = of(0.02, -0.01);
  const other = of(0.01, -0.02);
  expect(upCapture(own, other, 1).value).toBeCloseTo(2, 13);
  expect(downCapture(own, other, 1).value).toBeCloseTo(0.5, 13);
  expect(upDownCapture(own, other, 1).value).toBeCloseTo(4, 12);
  expect(captureRatio(own, other, 2).value).toBeCloseTo((1.02 * 0.99 - 1) / (1.01 * 0.98 - 1), 12);
  expect(upCapture(own, of(-0.1, 0), 1)).toEqual(tooFew);
});

test("rolling() starts at row window - 1 and refuses a window that is no whole number", () => {
  expect(rollingVolatility(of(0.01, 0.03, 0.05), 2, 1).map((f) => f.value)).toEqual([
    expect.closeTo(0.01 * Math.SQRT2, 15),
    expect.closeTo(0.01 * Math.SQRT2, 15),
  ]);
  expect(rollingSortino(of(0.01, 0.03), 3, 252)).toEqual([]);
  expect(() => rolling(10, 0, () => ({ value: 0 }))).toThrow("TP_ANALYTICS_WINDOW");
});

const returns = fc
  .array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 2, maxLength: 60 })
  .map((list) => Float64Array.from(list));

test("sharpeRatio() and sortinoRatio() do not change when returns are scaled", () => {
  fc.assert(
    fc.property(returns, fc.double({ min: 0.5, max: 3, noNaN: true }), (r, factor) => {
      for (const ratio of [sharpeRatio, sortinoRatio]) {
        const plain = ratio(r, 252).value;
        const scaled = ratio(
          r.map((x) => x * factor),
          252,
        ).value;
        if (plain !== null && scaled !== null && volatility(r, 1).value! > 1e-6)
          expect(Math.abs(scaled - plain)).toBeLessThan(1e-6 * (1 + Math.abs(plain)));
      }
    }),
  );
});

test("maxDrawdown() lies between -1 and 0 and is never deepened by a rise at the end", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 60 }), (list) => {
      const deepest = maxDrawdown(Float64Array.from(list)).value!;
      expect(deepest).toBeGreaterThanOrEqual(-1);
      expect(deepest).toBeLessThanOrEqual(0);
      expect(maxDrawdown(Float64Array.from([...list, 0.5])).value).toBe(deepest);
    }),
  );
});

test("every ratio of any series is finite or absent with a reason, never NaN", () => {
  const wild = fc.array(fc.oneof(fc.constant(Number.NaN), fc.constant(0), fc.double({ min: -1, max: 1, noNaN: true })), { maxLength: 30 });
  fc.assert(
    fc.property(wild, (list) => {
      const r = Float64Array.from(list);
      const b = r.toReversed();
      const figures = [
        totalReturn(r),
        annualReturn(r, 365),
        volatility(r, 365),
        downsideRisk(r, 365),
        sharpeRatio(r, 365),
        sortinoRatio(r, 365),
        omegaRatio(r, 365),
        calmarRatio(r, 365),
        maxDrawdown(r),
        valueAtRisk(r),
        conditionalValueAtRisk(r),
        tailRatio(r),
        stability(r),
        beta(r, b),
        alpha(r, b, 365),
        informationRatio(r, b),
        captureRatio(r, b, 365),
        upDownCapture(r, b, 365),
      ];
      for (const one of figures) expect(one.value === null || Number.isFinite(one.value)).toBe(true);
    }),
  );
});
