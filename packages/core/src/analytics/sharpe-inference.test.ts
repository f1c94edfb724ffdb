import fc from "fast-check";
import { expect, test } from "vitest";
import { backtestOverfitting } from "./backtest-overfitting.ts";
import { deflatedSharpe, expectedMaximum, luckySharpe, probabilisticSharpe } from "./sharpe-inference.ts";

const normal = { skewness: 0, kurtosis: 3 };

test("probabilisticSharpe() is one half at the benchmark itself", () => {
  expect(probabilisticSharpe({ sharpe: 0.1, count: 100, ...normal }, 0.1).value).toBeCloseTo(0.5, 15);
});

test("probabilisticSharpe() grows with the number of returns", () => {
  // sr = 1, T = 4, skew 0, kurt 1: variance 1, so Phi(sqrt(3)).
  expect(probabilisticSharpe({ sharpe: 1, count: 4, skewness: 0, kurtosis: 1 }).value).toBeCloseTo(0.9583677416682248, 13);
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 0.5, noNaN: true }), fc.integer({ min: 2, max: 5000 }), (sharpe, count) => {
      const few = probabilisticSharpe({ sharpe, count, ...normal }).value!;
      expect(probabilisticSharpe({ sharpe, count: count * 2, ...normal }).value).toBeGreaterThanOrEqual(few);
    }),
  );
});

test("probabilisticSharpe() is undefined for one return and for a variance that is not positive", () => {
  expect(probabilisticSharpe({ sharpe: 1, count: 1, ...normal })).toEqual({ value: null, reason: "too-few" });
  expect(probabilisticSharpe({ sharpe: 1, count: 9, skewness: 2, kurtosis: 1 })).toEqual({
    value: null,
    reason: "zero-denominator",
    sign: 1,
  });
});

test("deflatedSharpe() falls as the number of trials grows", () => {
  const sample = { sharpe: 0.15, count: 500, ...normal };
  const of = (count: number): number => deflatedSharpe(sample, { count, sharpeVariance: 0.002 }).value!;
  expect(of(10)).toBeGreaterThan(of(100));
  expect(of(100)).toBeGreaterThan(of(10_000));
  expect(deflatedSharpe(sample, { count: 1, sharpeVariance: 0.002 })).toEqual({ value: null, reason: "too-few" });
  expect(luckySharpe({ count: 1, sharpeVariance: 1 })).toEqual({ value: null, reason: "too-few" });
});

test("expectedMaximum() rises with the number of draws", () => {
  expect(expectedMaximum(2).value).toBeGreaterThan(0);
  expect(expectedMaximum(1000).value!).toBeGreaterThan(expectedMaximum(100).value!);
});

/** Blocks of two rows around a mean, so that each block has the wanted ratio's sign and some variance. */
const blocksOf = (means: readonly number[]): Float64Array => Float64Array.from(means.flatMap((m) => [m - 0.01, m + 0.01]));

test("backtestOverfitting() is 0 when one trial is best in every block", () => {
  const result = backtestOverfitting([blocksOf([1, 1, 1, 1]), blocksOf([0, 0, 0, 0]), blocksOf([-1, -1, -1, -1])], 4);
  expect(result.probability.value).toBe(0);
  expect(result.logits).toHaveLength(6);
  // Rank 3 of 3: 3/4 against 1/4.
  expect(result.logits[0]).toBeCloseTo(Math.log(3), 12);
});

test("backtestOverfitting() is 1 when what wins in one half loses in the other", () => {
  // Each trial shines in one block and is poor elsewhere: the winner in sample is worst out of sample.
  const trials = [0, 1].map((own) => blocksOf([0, 1].map((block) => (block === own ? 1 : -1))));
  expect(backtestOverfitting(trials, 2).probability.value).toBe(1);
});

test("backtestOverfitting() leaves out rows that fill no block, needs two trials, and refuses an odd split", () => {
  const trial = blocksOf([1, 1, 1, 1]);
  expect(backtestOverfitting([Float64Array.from([...trial, 9]), Float64Array.from([...trial, 9])], 4).rowsLeftOut).toBe(1);
  expect(backtestOverfitting([trial], 4).probability).toEqual({ value: null, reason: "too-few" });
  expect(() => backtestOverfitting([trial, trial], 3)).toThrow("TP_ANALYTICS_BLOCKS");
});

test("backtestOverfitting() gives a trial that never moves the ratio zero", () => {
  const still = new Float64Array(8);
  const result = backtestOverfitting([still, blocksOf([-1, -1, -1, -1])], 4);
  expect(result.probability.value).toBe(0);
});
