import { expect, test } from "vitest";
import { timeUsFromCivil, US_PER_DAY, US_PER_HOUR } from "../model/time.ts";
import { alignReturns, type EquityCurve, sampleEquity, sessionDay } from "./equity-sampling.ts";

/** 2026-03-02, a Monday. */
const monday = timeUsFromCivil(2026, 3, 2);

function curve(rows: readonly (readonly [timeUs: number, equity: number])[], calendar: EquityCurve["calendar"] = "24/7"): EquityCurve {
  return {
    startUs: monday,
    openingEquity: 100,
    timeUs: Float64Array.from(rows, ([timeUs]) => timeUs),
    equity: Float64Array.from(rows, ([, equity]) => equity),
    calendar,
  };
}

test("sampleEquity() keeps the last equity of each UTC day, midnight belonging to the day it ends", () => {
  const series = sampleEquity(
    curve([
      [monday + US_PER_HOUR, 90],
      [monday + US_PER_DAY, 110],
      [monday + US_PER_DAY + 1, 50],
      [monday + 2 * US_PER_DAY, 121],
    ]),
  );
  expect([...series.equity]).toEqual([100, 110, 121]);
  expect([...series.returns]).toEqual([expect.closeTo(0.1, 14), expect.closeTo(0.1, 14)]);
  expect([...series.timeUs]).toEqual([monday, monday + US_PER_DAY, monday + 2 * US_PER_DAY]);
  expect(series.periodsPerYear).toBe(365);
});

test("sampleEquity() gives the same series for minute bars as for daily bars of one run", () => {
  const hourly = Array.from({ length: 72 }, (_, i) => [monday + (i + 1) * US_PER_HOUR, 100 + Math.sin(i)] as const);
  const daily = hourly.filter((_, i) => i % 24 === 23);
  const fine = sampleEquity(curve(hourly));
  const coarse = sampleEquity(curve(daily));
  expect(fine).toEqual(coarse);
});

test("sampleEquity() counts no return for a day without a sample", () => {
  const series = sampleEquity(
    curve([
      [monday + US_PER_DAY, 110],
      [monday + 4 * US_PER_DAY, 99],
    ]),
  );
  expect(series.returns.length).toBe(2);
  expect(series.returns[1]).toBeCloseTo(-0.1, 14);
});

test("sampleEquity() leaves out samples at the opening instant and samples without a value", () => {
  const series = sampleEquity(
    curve([
      [monday, 7],
      [monday + 10, 120],
      [monday + 20, Number.NaN],
    ]),
  );
  expect([...series.equity]).toEqual([100, 120]);
});

test("sampleEquity() ends at ruin and says so", () => {
  const series = sampleEquity(
    curve([
      [monday + US_PER_DAY, 50],
      [monday + US_PER_DAY + 1, -10],
      [monday + US_PER_DAY + 2, 80],
    ]),
  );
  expect([...series.equity]).toEqual([100, 50, -10]);
  expect(series.ruined).toBe(true);
  expect(sampleEquity(curve([])).ruined).toBe(false);
});

test("sampleEquity() has 252 periods where there are weekends, and 52 or 12 where the points stand a week or a month apart", () => {
  const every = (days: number): number =>
    sampleEquity(
      curve(
        Array.from({ length: 9 }, (_, i) => [monday + (i * days + 1) * US_PER_DAY, 100]),
        "weekdays",
      ),
    ).periodsPerYear;
  expect(every(1)).toBe(252);
  expect(every(7)).toBe(52);
  expect(every(30)).toBe(12);
  expect(every(91)).toBe(4);
  expect(every(365)).toBe(1);
});

test("sampleEquity() per bar takes every sample and multiplies the periods by the samples of a day", () => {
  const rows = Array.from({ length: 48 }, (_, i) => [monday + (i + 1) * US_PER_HOUR, 100 + i] as const);
  const series = sampleEquity(curve(rows), "bar");
  expect(series.returns.length).toBe(48);
  expect(series.periodsPerYear).toBe(365 * 24);
  expect(sampleEquity(curve(rows), "bar", 8760.5).periodsPerYear).toBe(8760.5);
});

test("sessionDay() moves a weekend to the Monday after it only where the market has weekends", () => {
  const day = monday / US_PER_DAY;
  expect(sessionDay(monday + 5.5 * US_PER_DAY, "24/7")).toBe(day + 5);
  expect(sessionDay(monday + 5.5 * US_PER_DAY, "weekdays")).toBe(day + 7);
  expect(sessionDay(monday + 6.5 * US_PER_DAY, "weekdays")).toBe(day + 7);
  expect(sessionDay(monday + 4.5 * US_PER_DAY, "weekdays")).toBe(day + 4);
});

test("alignReturns() joins two series by day and leaves NaN where one has none", () => {
  const own = sampleEquity(
    curve([
      [monday + US_PER_DAY, 110],
      [monday + 3 * US_PER_DAY, 121],
    ]),
  );
  const other = sampleEquity(
    curve([
      [monday + US_PER_DAY, 120],
      [monday + 2 * US_PER_DAY, 60],
      [monday + 3 * US_PER_DAY, 66],
    ]),
  );
  const { a, b } = alignReturns(own, other);
  expect([...a]).toEqual([expect.closeTo(0.1, 14), Number.NaN, expect.closeTo(0.1, 14)]);
  expect([...b]).toEqual([expect.closeTo(0.2, 14), -0.5, expect.closeTo(0.1, 14)]);
});
