import { formatTimeUs, timeUsFromCivil, US_PER_DAY, US_PER_HOUR, US_PER_MINUTE } from "@tradepulse/core";
import { expect, test } from "vitest";
import { US_PER_MONTH } from "./interval.ts";
import { isMonthEnd, type Stamp, stampBars } from "./stamp.ts";
import { ZoneRules } from "./zone-rules.ts";

function stamped(times: readonly number[], intervalUs: number, stamp: Stamp, zone?: ZoneRules): string[] {
  const openUs = Float64Array.from(times);
  const closeUs = new Float64Array(times.length);
  stampBars(openUs, closeUs, intervalUs, stamp, zone);
  return times.map((_, i) => `${formatTimeUs(openUs[i]!)} to ${formatTimeUs(closeUs[i]!)}`);
}

test("stampBars() adds the interval to an open and takes it from a close", () => {
  const at = timeUsFromCivil(2024, 1, 1, 9, 30);
  expect(stamped([at], US_PER_MINUTE, "open")).toEqual(["2024-01-01T09:30Z to 2024-01-01T09:31Z"]);
  expect(stamped([at], US_PER_MINUTE, "close")).toEqual(["2024-01-01T09:29Z to 2024-01-01T09:30Z"]);
  expect(stamped([timeUsFromCivil(2024, 1, 2)], US_PER_DAY, "close")).toEqual(["2024-01-01T00:00Z to 2024-01-02T00:00Z"]);
});

test("stampBars() ends a day at the next midnight of the zone when the day has 23 or 25 hours", () => {
  const zone = new ZoneRules("America/New_York", timeUsFromCivil(2024, 1, 1), timeUsFromCivil(2025, 1, 1));
  const days = [timeUsFromCivil(2024, 3, 10, 5), timeUsFromCivil(2024, 11, 3, 4)];
  expect(stamped(days, US_PER_DAY, "open", zone)).toEqual([
    "2024-03-10T05:00Z to 2024-03-11T04:00Z",
    "2024-11-03T04:00Z to 2024-11-04T05:00Z",
  ]);
});

test("stampBars() spans the month of a month-end date", () => {
  const ends = [timeUsFromCivil(2024, 1, 31), timeUsFromCivil(2024, 2, 29), timeUsFromCivil(2024, 3, 29)];
  expect(stamped(ends, US_PER_MONTH, "month-end")).toEqual([
    "2024-01-01T00:00Z to 2024-02-01T00:00Z",
    "2024-02-01T00:00Z to 2024-03-01T00:00Z",
    "2024-03-01T00:00Z to 2024-04-01T00:00Z",
  ]);
});

test("stampBars() goes from month to month by the calendar when a month's date names its open or close", () => {
  expect(stamped([timeUsFromCivil(2024, 12, 1)], US_PER_MONTH, "open")).toEqual(["2024-12-01T00:00Z to 2025-01-01T00:00Z"]);
  expect(stamped([timeUsFromCivil(2024, 3, 31)], US_PER_MONTH, "close")).toEqual(["2024-02-29T00:00Z to 2024-03-31T00:00Z"]);
});

test("isMonthEnd() holds for the last four days of a month and no others", () => {
  expect([26, 27, 28, 31].map((day) => isMonthEnd(timeUsFromCivil(2024, 1, day)))).toEqual([false, false, true, true]);
});

test("stampBars() closes weekly and four-hour bars after their own length", () => {
  expect(stamped([timeUsFromCivil(2024, 1, 1)], 7 * US_PER_DAY, "open")).toEqual(["2024-01-01T00:00Z to 2024-01-08T00:00Z"]);
  expect(stamped([timeUsFromCivil(2024, 1, 1)], 4 * US_PER_HOUR, "open")).toEqual(["2024-01-01T00:00Z to 2024-01-01T04:00Z"]);
});
