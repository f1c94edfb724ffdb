import { civilFromTimeUs, type TimeUs, timeUsFromCivil, US_PER_DAY } from "@tradepulse/core";
import { US_PER_MONTH } from "./interval.ts";
import type { ZoneRules } from "./zone-rules.ts";

/** Which instant of a bar its time in the file names. */
export type Stamp = "open" | "close" | "month-end";

/**
 * Turns the times of a file into bar opens (in place) and closes (into `closeUs`). Bars shorter than a day last their
 * interval. Bars of days last whole days of `zone`, or UTC: a daily bar closes at the next midnight, also where that
 * day has 23 or 25 hours. Bars of months last to the same moment of the next month; `month-end` names any day of the month.
 */
export function stampBars(timeUs: Float64Array, closeUs: Float64Array, intervalUs: number, stamp: Stamp, zone?: ZoneRules): void {
  const length = timeUs.length;
  if (intervalUs % US_PER_DAY !== 0 && intervalUs !== US_PER_MONTH) {
    const openShift = stamp === "open" ? 0 : -intervalUs;
    for (let i = 0; i < length; i += 1) {
      const open = timeUs[i]! + openShift;
      timeUs[i] = open;
      closeUs[i] = open + intervalUs;
    }
    return;
  }
  const step = intervalUs === US_PER_MONTH ? addMonths : addDays(intervalUs / US_PER_DAY);
  for (let i = 0; i < length; i += 1) {
    const named = timeUs[i]!;
    const local = named + (zone?.offsetAt(named) ?? 0);
    const open = stamp === "month-end" ? startOfMonth(local) : stamp === "open" ? local : step(local, -1);
    timeUs[i] = stamp === "open" ? named : instantOf(open, zone);
    closeUs[i] = stamp === "close" ? named : instantOf(step(open, 1), zone);
  }
}

/** Whether a local time can be the end of a month: one of its last four days, since the last may be a Sunday of a long weekend. */
export function isMonthEnd(localUs: TimeUs): boolean {
  const later = civilFromTimeUs(localUs + 4 * US_PER_DAY);
  return later.month !== civilFromTimeUs(localUs).month;
}

function instantOf(localUs: TimeUs, zone: ZoneRules | undefined): TimeUs {
  if (zone === undefined) return localUs;
  const reading = zone.toInstant(localUs);
  return reading.kind === "instant" ? reading.timeUs : zone.startOfDay(Math.floor(localUs / US_PER_DAY) * US_PER_DAY);
}

function addDays(days: number): (localUs: TimeUs, sign: number) => TimeUs {
  return (localUs, sign) => localUs + sign * days * US_PER_DAY;
}

function startOfMonth(localUs: TimeUs): TimeUs {
  const { year, month } = civilFromTimeUs(localUs);
  return timeUsFromCivil(year, month, 1);
}

/** The same day and time of a neighbouring month; its last day where it is shorter, or where the day is already a last one. */
function addMonths(localUs: TimeUs, sign: number): TimeUs {
  const { year, month, day, hour, minute, second, microsecond } = civilFromTimeUs(localUs);
  const target = month - 1 + sign;
  const targetYear = year + Math.floor(target / 12);
  const targetMonth = (((target % 12) + 12) % 12) + 1;
  const last = daysIn(targetYear, targetMonth);
  const targetDay = day === daysIn(year, month) ? last : Math.min(day, last);
  return timeUsFromCivil(targetYear, targetMonth, targetDay, hour, minute, second, microsecond);
}

function daysIn(year: number, month: number): number {
  const next = month === 12 ? timeUsFromCivil(year + 1, 1, 1) : timeUsFromCivil(year, month + 1, 1);
  return (next - timeUsFromCivil(year, month, 1)) / US_PER_DAY;
}
