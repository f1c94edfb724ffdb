import { type CalendarName, type TimeUs, US_PER_DAY, US_PER_HOUR } from "@tradepulse/core";
import type { ZoneRules } from "./zone-rules.ts";

/** A pause this long at every day's end means sessions, so a market of weekdays. */
const SESSION_PAUSE_US = 4 * US_PER_HOUR;

/**
 * When the market is open, as the bars show it: `weekdays` when a Saturday lies within the data and none has a bar, or
 * when intraday bars of at least two days pause for four hours at every day's end. `24/7` where nothing can be told.
 * `timeUs` is sorted; days are those of `zone`, or UTC.
 */
export function inferCalendar(timeUs: Float64Array, intervalUs: number, zone?: ZoneRules): CalendarName {
  if (timeUs.length < 2 || intervalUs > US_PER_DAY) return "24/7";
  const local = (at: TimeUs): number => at + (zone?.offsetAt(at) ?? 0);
  const firstDay = Math.floor(local(timeUs[0]!) / US_PER_DAY);
  const lastDay = Math.floor(local(timeUs.at(-1)!) / US_PER_DAY);
  let saturdays = 0;
  for (let day = firstDay + 1; day < lastDay; day += 1) {
    if (dayOfWeek(day) !== 6) continue;
    saturdays += 1;
    if (hasBarOn(timeUs, day, local)) return "24/7";
  }
  if (dayOfWeek(firstDay) === 6 || dayOfWeek(lastDay) === 6) return "24/7";
  if (saturdays > 0) return "weekdays";
  if (intervalUs >= US_PER_DAY || firstDay === lastDay) return "24/7";
  for (let day = firstDay + 1; day <= lastDay; day += 1) {
    const at = firstRowOnOrAfter(timeUs, day * US_PER_DAY, local);
    if (at > 0 && at < timeUs.length && timeUs[at]! - timeUs[at - 1]! < SESSION_PAUSE_US) return "24/7";
  }
  return "weekdays";
}

/** 0 for Sunday to 6 for Saturday, of a day counted from 1970-01-01, which was a Thursday. */
export function dayOfWeek(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** Mondays to Fridays in the days after `from` and before `to`, both counted from 1970-01-01. */
export function weekdaysBetween(from: number, to: number): number {
  return Math.max(0, weekdaysUpTo(to - 1) - weekdaysUpTo(from));
}

function weekdaysUpTo(day: number): number {
  // Day 4 was a Monday. Whole weeks hold five weekdays; the rest of the current week holds at most five.
  const shifted = day - 4;
  const week = Math.floor(shifted / 7);
  return week * 5 + Math.min(5, shifted - week * 7 + 1);
}

function hasBarOn(timeUs: Float64Array, day: number, local: (at: TimeUs) => number): boolean {
  const at = firstRowOnOrAfter(timeUs, day * US_PER_DAY, local);
  return at < timeUs.length && local(timeUs[at]!) < (day + 1) * US_PER_DAY;
}

function firstRowOnOrAfter(timeUs: Float64Array, localUs: number, local: (at: TimeUs) => number): number {
  let low = 0;
  let high = timeUs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (local(timeUs[middle]!) < localUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
