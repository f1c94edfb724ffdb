import { expect, test } from "vitest";
import { indicatorSeries } from "../testing/indicator-series.ts";
import { atr, columnar, donchian, highest, lowest, rma, rsi, trueRange } from "./index.ts";

const nan = Number.NaN;

test("rsi() is the share of the rises in all movement, by Wilder averages", () => {
  // Changes +2, -1, +3, -4: seed over two changes gain 1, loss 0.5; then (1 + 3) / 2 = 2 and 0.25; then 1 and 2.125.
  const { value } = columnar(rsi(2), [Float64Array.of(10, 12, 11, 14, 10)]);
  expect([...value]).toEqual([nan, nan, (100 * 1) / 1.5, (100 * 2) / 2.25, (100 * 1) / 3.125]);
});

test("rsi() is 100 when nothing fell, 0 when nothing rose, and 0 when nothing moved", () => {
  const last = (...x: number[]): number => columnar(rsi(2), [Float64Array.from(x)]).value[x.length - 1]!;
  expect([last(1, 2, 3, 4), last(4, 3, 2, 1), last(4, 4, 4, 4)]).toEqual([100, 0, 0]);
});

test("trueRange() counts the gap from the previous close, up or down", () => {
  const high = Float64Array.of(12, 15, 9, 10);
  const low = Float64Array.of(10, 14, 7, 8);
  const close = Float64Array.of(11, 14, 8, 9);
  // 15 - 11 after a gap up, 14 - 7 after a gap down, 10 - 8 within.
  expect([...columnar(trueRange(), [high, low, close]).value]).toEqual([nan, 4, 7, 2]);
  // Seed over rows 1 and 2, then half of the way.
  expect([...columnar(atr(2), [high, low, close]).value]).toEqual([nan, nan, 5.5, 3.75]);
});

test("atr() has the bits of rma() of trueRange(), whose missing first row is a gap to it", () => {
  const bars = indicatorSeries(atr(), 500);
  const ranges = columnar(trueRange(), bars).value;
  expect([...columnar(atr(14), bars).value]).toEqual([...columnar(rma(14), [ranges]).value]);
});

test("highest() and lowest() find the extreme of each window, the current value included", () => {
  const x = Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, -9);
  expect([...columnar(highest(3), [x]).value]).toEqual([nan, nan, 4, 4, 5, 9, 9, 9, 6, 6, 5, 5]);
  expect([...columnar(lowest(3), [x]).value]).toEqual([nan, nan, 1, 1, 1, 1, 2, 2, 2, 3, 3, -9]);
});

test("donchian() has the bits of highest() of highs, lowest() of lows, and their midpoint", () => {
  const [high, low] = indicatorSeries(donchian(), 500) as [Float64Array, Float64Array];
  const { upper, lower, middle } = columnar(donchian(20), [high, low]);
  expect([...upper]).toEqual([...columnar(highest(20), [high]).value]);
  expect([...lower]).toEqual([...columnar(lowest(20), [low]).value]);
  expect(middle[499]).toBe((upper[499]! + lower[499]!) / 2);
});
