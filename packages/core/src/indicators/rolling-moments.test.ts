import fc from "fast-check";
import { expect, test } from "vitest";
import { ln } from "../model/math.ts";
import { bollinger, columnar, pairZscore, sma, standardDeviation, zscore } from "./index.ts";

const nan = Number.NaN;

test("standardDeviation() is that of a population", () => {
  // Squared distances of 2, 4, 4, 4, 5, 5, 7, 9 from their mean 5 add up to 32.
  expect(columnar(standardDeviation(8), [Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9)]).value[7]).toBe(2);
  expect([...columnar(standardDeviation(2), [Float64Array.of(1, 3, 3, 9)]).value]).toEqual([nan, 1, 0, 3]);
});

test("bollinger() lays its bands at equal distances around sma()", () => {
  const { middle, upper, lower } = columnar(bollinger(2, 3), [Float64Array.of(1, 3, 3, 9)]);
  expect([...middle]).toEqual([nan, 2, 3, 6]);
  expect([...upper]).toEqual([nan, 5, 3, 15]);
  expect([...lower]).toEqual([nan, -1, 3, -3]);
});

test("bollinger() has the bits of sma() in its middle", () => {
  const x = Float64Array.from({ length: 300 }, (_, i) => 100 + Math.sin(i) * 7 + i / 9);
  expect([...columnar(bollinger(20), [x]).middle]).toEqual([...columnar(sma(20), [x]).value]);
});

test("zscore() counts deviations from the mean, and is 0 in a window that stands still", () => {
  expect(columnar(zscore(8), [Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9)]).value[7]).toBe(2);
  expect([...columnar(zscore(2), [Float64Array.of(1, 3, 3, -9)]).value]).toEqual([nan, 1, 0, -1]);
});

test("pairZscore() is zscore() of the logarithm of the ratio", () => {
  const a = Float64Array.from({ length: 300 }, (_, i) => 100 + Math.sin(i) * 7);
  const b = Float64Array.from({ length: 300 }, (_, i) => 50 + Math.cos(i / 3) * 4);
  const spread = a.map((each, i) => ln(each / b[i]!));
  expect([...columnar(pairZscore(30), [a, b]).value]).toEqual([...columnar(zscore(30), [spread]).value]);
});

test("pairZscore() takes a ratio that is not above zero for a gap", () => {
  const b = Float64Array.of(1, 1, 0, 1, 2, 2);
  expect([...columnar(pairZscore(2), [Float64Array.of(1, 2, 1, 1, 1, -1), b]).value]).toEqual([nan, 1, nan, nan, -1, nan]);
});

/** Mean and population deviation of the window that ends in `row`, in two passes with compensated sums. */
function direct(x: Float64Array, row: number, period: number): { mean: number; deviation: number } {
  const window = x.subarray(row - period + 1, row + 1);
  const mean = compensated(window) / period;
  return { mean, deviation: Math.sqrt(compensated(window.map((each) => (each - mean) ** 2)) / period) };
}

function compensated(terms: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (const term of terms) {
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}

test("rolling sums stay within 1e-9 of a direct computation over 10 million rows with spikes of a billion times the level", () => {
  const length = 10_000_000;
  const period = 50;
  const x = new Float64Array(length);
  let state = 7;
  for (let row = 0; row < length; row++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    x[row] = 1 + state / 2 ** 33 + (row % 999_983 === 500 ? 1e9 : 0);
  }
  const { middle, upper } = columnar(bollinger(period, 1), [x]);
  for (let row = period - 1; row < length; row += row % 999_983 < 700 ? 1 : 9973) {
    const { mean, deviation } = direct(x, row, period);
    if (Math.abs(middle[row]! / mean - 1) > 1e-9) expect(middle[row], `mean in row ${row}`).toBe(mean);
    if (Math.abs((upper[row]! - middle[row]!) / deviation - 1) > 1e-9)
      expect(upper[row]! - middle[row]!, `deviation in row ${row}`).toBe(deviation);
  }
  const last = direct(x, length - 1, period);
  expect(Math.abs(middle[length - 1]! / last.mean - 1)).toBeLessThan(1e-13);
});

test("sma() and standardDeviation() agree with a direct computation for any window of any numbers", () => {
  // Squares of numbers below 1e-60 would run out of the range of a double in both computations.
  const number = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((x) => (Math.abs(x) < 1e-60 ? 0 : x));
  const numbers = fc.array(number, { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 2, max: 12 }), (values, period) => {
      const x = Float64Array.from(values);
      const mean = columnar(sma(period), [x]).value;
      const deviation = columnar(standardDeviation(period), [x]).value;
      for (let row = period - 1; row < x.length; row++) {
        const expected = direct(x, row, period);
        const size = Math.max(...x.subarray(row - period + 1, row + 1).map(Math.abs));
        expect(Math.abs(mean[row]! - expected.mean)).toBeLessThanOrEqual(1e-13 * size);
        expect(Math.abs(deviation[row]! - expected.deviation)).toBeLessThanOrEqual(1e-11 * expected.deviation + 1e-15 * size);
      }
    }),
  );
});
