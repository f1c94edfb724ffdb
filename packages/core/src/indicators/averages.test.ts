import { expect, test } from "vitest";
import { columnar, ema, macd, rma, roc, sma } from "./index.ts";

const nan = Number.NaN;

test("sma() is the mean of the window, and NaN until the window is full", () => {
  expect([...columnar(sma(3), [Float64Array.of(1, 2, 6, 4, 5, 12, 1)]).value]).toEqual([nan, nan, 3, 4, 5, 7, 6]);
  expect([...columnar(sma(1), [Float64Array.of(7, 0.1)]).value]).toEqual([7, 0.1]);
});

test("sma() of a series shorter than the window has no value", () => {
  expect([...columnar(sma(3), [Float64Array.of(1, 2)]).value]).toEqual([nan, nan]);
  expect([...columnar(sma(3), [new Float64Array(0)]).value]).toEqual([]);
});

test("ema() starts from the mean of the first window and moves 2 / (period + 1) of the way", () => {
  // Seed (2 + 4 + 6) / 3 = 4, then half of the way each time.
  expect([...columnar(ema(3), [Float64Array.of(2, 4, 6, 8, 2, 10)]).value]).toEqual([nan, nan, 4, 6, 4, 7]);
});

test("rma() moves one part in period of the way", () => {
  // Seed (2 + 4 + 6 + 8) / 4 = 5, then a quarter of the way each time.
  expect([...columnar(rma(4), [Float64Array.of(2, 4, 6, 8, 9, 2, 5)]).value]).toEqual([nan, nan, nan, 5, 6, 5, 5]);
});

test("ema() and rma() start from the bits of sma()", () => {
  const x = Float64Array.from({ length: 20 }, (_, i) => 0.1 + (i % 7) / 3);
  const mean = columnar(sma(20), [x]).value[19];
  expect(columnar(ema(20), [x]).value[19]).toBe(mean);
  expect(columnar(rma(20), [x]).value[19]).toBe(mean);
});

test("macd() is the fast average less the slow one, its average, and what lies between", () => {
  // fast: mean(2, 4) = 3 in row 2 over rows 1 and 2, then two thirds of the way; slow: mean(0, 2, 4) = 2, then half of the way.
  const { macd: line, signal, histogram } = columnar(macd(2, 3, 2), [Float64Array.of(0, 2, 4, 6, 6)]);
  const [f2, s2] = [3, 2];
  const [f3, s3] = [f2 + (6 - f2) * (2 / 3), s2 + (6 - s2) / 2];
  const [f4, s4] = [f3 + (6 - f3) * (2 / 3), s3 + (6 - s3) / 2];
  expect([...line]).toEqual([nan, nan, nan, f3 - s3, f4 - s4]);
  expect(signal[3]).toBeCloseTo((f2 - s2 + f3 - s3) / 2, 14);
  expect(signal[4]).toBeCloseTo(signal[3]! + (line[4]! - signal[3]!) * (2 / 3), 14);
  expect([...histogram]).toEqual([nan, nan, nan, line[3]! - signal[3]!, line[4]! - signal[4]!]);
});

test("macd() has the bits of its two ema(), the fast one begun late enough to start with the slow one", () => {
  const x = Float64Array.from({ length: 200 }, (_, i) => 100 + Math.sin(i) * 7 + i / 9);
  const line = columnar(macd(), [x]).macd;
  const slow = columnar(ema(26), [x]).value;
  const fast = columnar(ema(12), [x.slice(26 - 12)]).value;
  for (let row = 33; row < 200; row++) expect(line[row]).toBe(fast[row - 14]! - slow[row]!);
});

test("roc() is the change over period rows in percent, and 0 where the older value is 0", () => {
  expect([...columnar(roc(2), [Float64Array.of(4, 0, 5, 3, 2.5, 6)]).value]).toEqual([nan, nan, 25, 0, -50, 100]);
});
