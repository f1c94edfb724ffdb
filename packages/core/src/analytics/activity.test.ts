import { expect, test } from "vitest";
import type { Fill } from "../model/fill.ts";
import { US_PER_DAY } from "../model/time.ts";
import { exposure, feesPaid, grossExposure, slippagePaid, turnover } from "./activity.ts";

const fill = (notional: number, fee = 0, slippage = 0): Fill => ({
  seq: 1,
  timeUs: 0,
  tradeId: 1,
  orderId: 1,
  instrumentIndex: 0,
  accountId: 0,
  strategyId: 0,
  side: 1,
  lots: 1,
  notional,
  fee,
  slippage,
  liquidity: "taker",
  cause: "order",
  reason: "",
  tag: "",
});

test("exposure() counts overlapping positions once and only the time of the run", () => {
  const trips = [
    { entryUs: 40, exitUs: 60 },
    { entryUs: 10, exitUs: 30 },
    { entryUs: 20, exitUs: 25 },
    { entryUs: 50, exitUs: 300 },
  ];
  expect(exposure(trips, 0, 100)).toEqual({ value: 0.8 });
  expect(exposure([], 0, 100)).toEqual({ value: 0 });
  expect(exposure(trips, 5, 5)).toEqual({ value: null, reason: "too-few" });
});

test("grossExposure() is the mean share of equity that is invested", () => {
  expect(grossExposure(Float64Array.of(0, 50, 300), Float64Array.of(100, 100, 200)).value).toBeCloseTo(2 / 3, 14);
  expect(grossExposure(Float64Array.of(50), Float64Array.of(-1))).toEqual({ value: null, reason: "too-few" });
});

test("turnover() is traded notional over mean equity, a year", () => {
  const years = 2 * 365.25 * US_PER_DAY;
  expect(turnover([fill(600), fill(600)], Float64Array.of(100, 200), 0, years).value).toBeCloseTo(4, 12);
  expect(turnover([], Float64Array.of(100), 0, years)).toEqual({ value: 0 });
  expect(turnover([], Float64Array.of(100), 0, 0)).toEqual({ value: null, reason: "too-few" });
});

test("feesPaid() and slippagePaid() add up, rebates subtracted", () => {
  const fills = [fill(1, 10, 3), fill(1, -4, 2)];
  expect(feesPaid(fills)).toBe(6);
  expect(slippagePaid(fills)).toBe(5);
});
