import { timeUsFromCivil, US_PER_DAY, US_PER_HOUR, US_PER_MINUTE } from "@tradepulse/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dayOfWeek, inferCalendar, weekdaysBetween } from "./calendar.ts";
import { ZoneRules } from "./zone-rules.ts";

const MONDAY = timeUsFromCivil(2024, 1, 1);

function bars(count: number, stepUs: number, isOpen: (timeUs: number) => boolean = () => true): Float64Array {
  const times: number[] = [];
  for (let at = MONDAY; times.length < count; at += stepUs) if (isOpen(at)) times.push(at);
  return Float64Array.from(times);
}

const isWeekday = (timeUs: number): boolean => ![0, 6].includes(dayOfWeek(Math.floor(timeUs / US_PER_DAY)));
const inSession = (timeUs: number): boolean => timeUs % US_PER_DAY >= 14 * US_PER_HOUR && timeUs % US_PER_DAY < 21 * US_PER_HOUR;

test("inferCalendar() says weekdays when no Saturday has a bar", () => {
  expect(inferCalendar(bars(30, US_PER_DAY, isWeekday), US_PER_DAY)).toBe("weekdays");
  expect(inferCalendar(bars(5_000, US_PER_HOUR, isWeekday), US_PER_HOUR)).toBe("weekdays");
});

test("inferCalendar() says 24/7 when Saturdays have bars, or nothing can be told", () => {
  expect(inferCalendar(bars(30, US_PER_DAY), US_PER_DAY)).toBe("24/7");
  expect(inferCalendar(bars(5, US_PER_DAY), US_PER_DAY)).toBe("24/7");
  expect(inferCalendar(bars(1_440, US_PER_MINUTE), US_PER_MINUTE)).toBe("24/7");
});

test("inferCalendar() says weekdays when a week without its end pauses every night", () => {
  expect(inferCalendar(bars(420 * 4, US_PER_MINUTE, inSession), US_PER_MINUTE)).toBe("weekdays");
  expect(inferCalendar(bars(1_440 * 4, US_PER_MINUTE), US_PER_MINUTE)).toBe("24/7");
});

test("inferCalendar() counts days in the zone when Friday's evening there is Saturday in UTC", () => {
  const zone = new ZoneRules("America/New_York", MONDAY, MONDAY + 60 * US_PER_DAY);
  const isOpen = (timeUs: number): boolean => isWeekday(timeUs + zone.offsetAt(timeUs));
  const hours = bars(500, US_PER_HOUR, isOpen);
  expect(inferCalendar(hours, US_PER_HOUR, zone)).toBe("weekdays");
  expect(inferCalendar(hours, US_PER_HOUR)).toBe("24/7");
});

test("weekdaysBetween() equals a count day by day", () => {
  fc.assert(
    fc.property(fc.integer({ min: -2_000, max: 30_000 }), fc.integer({ min: 0, max: 60 }), (from, length) => {
      let count = 0;
      for (let day = from + 1; day < from + length; day += 1) if (![0, 6].includes(dayOfWeek(day))) count += 1;
      expect(weekdaysBetween(from, from + length)).toBe(count);
    }),
  );
});
