import { timeUsFromCivil, US_PER_DAY, US_PER_MINUTE } from "@tradepulse/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aggregateBars } from "./aggregate-bars.ts";
import type { PriceSeries } from "./report-model.ts";

const MONDAY = timeUsFromCivil(2024, 1, 1);

function barsAt(openUs: readonly number[], closes: readonly number[] = openUs.map((_, index) => 100 + index)): PriceSeries {
  const open = closes.map((close, index) => closes[index - 1] ?? close);
  const high = closes.map((close, index) => Math.max(close, open[index]!) + 1);
  const low = closes.map((close, index) => Math.min(close, open[index]!) - 1);
  return { instrumentId: "X@TEST", displayDecimals: 2, openUs, open, high, low, close: closes };
}

describe("aggregateBars()", () => {
  test("returns the bars themselves when they are few enough", () => {
    const bars = barsAt([MONDAY, MONDAY + US_PER_DAY]);
    const drawn = aggregateBars(bars, 2);
    expect(drawn.close).toEqual(bars.close);
    expect(drawn.note).toBe("All 2 bars.");
  });

  test("makes weeks that start on Monday out of days that are too many", () => {
    const days = Array.from({ length: 14 }, (_, index) => MONDAY + index * US_PER_DAY);
    const drawn = aggregateBars(barsAt(days), 5);
    expect(drawn.openUs).toEqual([MONDAY, MONDAY + 7 * US_PER_DAY]);
    expect(drawn.open).toEqual([100, 106]);
    expect(drawn.high).toEqual([107, 114]);
    expect(drawn.low).toEqual([99, 105]);
    expect(drawn.close).toEqual([106, 113]);
    expect(drawn.note).toBe("Weekly bars (UTC), aggregated from 14 bars.");
  });

  test("takes the finest usual interval that fits", () => {
    const minutes = Array.from({ length: 120 }, (_, index) => MONDAY + index * US_PER_MINUTE);
    expect(aggregateBars(barsAt(minutes), 24).note).toBe("5-minute bars (UTC), aggregated from 120 bars.");
    expect(aggregateBars(barsAt(minutes), 10).note).toBe("15-minute bars (UTC), aggregated from 120 bars.");
  });

  test("cuts runs of equal count when no usual interval fits", () => {
    const years = Array.from({ length: 30 }, (_, index) => MONDAY + index * 365 * US_PER_DAY);
    const drawn = aggregateBars(barsAt(years), 10);
    expect(drawn.openUs).toHaveLength(10);
    expect(drawn.note).toBe("Every 3 bars drawn as one, 30 bars in all.");
  });

  test("keeps the first open, the last close, the highest high and the lowest low, within the limit", () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 300 });
    const seedOf = fc.array(fc.double({ min: 1, max: 1_000, noNaN: true }), { minLength: 300, maxLength: 300 });
    fc.assert(
      fc.property(gaps, seedOf, fc.integer({ min: 1, max: 50 }), (minutes, closes, limit) => {
        let time = MONDAY;
        const openUs = minutes.map((gap) => (time += gap * US_PER_MINUTE));
        const bars = barsAt(openUs, closes.slice(0, openUs.length));
        const drawn = aggregateBars(bars, limit);
        expect(drawn.openUs.length).toBeLessThanOrEqual(limit);
        expect(drawn.openUs[0]).toBe(openUs[0]);
        expect(drawn.open[0]).toBe(bars.open[0]);
        expect(drawn.close.at(-1)).toBe(bars.close[openUs.length - 1]);
        expect(Math.max(...drawn.high)).toBe(Math.max(...Array.from(bars.high)));
        expect(Math.min(...drawn.low)).toBe(Math.min(...Array.from(bars.low)));
        for (let i = 1; i < drawn.openUs.length; i++) expect(drawn.openUs[i]).toBeGreaterThan(drawn.openUs[i - 1]!);
      }),
    );
  });
});
