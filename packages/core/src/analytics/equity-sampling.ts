import type { CalendarName } from "../model/instrument.ts";
import { type TimeUs, US_PER_DAY } from "../model/time.ts";

/** What a return spans: from one session day's end to the next, or from one bar's close to the next. */
export type ReturnsPer = "day" | "bar";

/** An equity curve as the engine records it. */
export interface EquityCurve {
  /** The opening instant; samples at or before it are left out. */
  readonly startUs: TimeUs;
  /** Equity at the opening instant, the first point of every series. */
  readonly openingEquity: number;
  /** Ascending; one sample a bar close, or fewer. */
  readonly timeUs: Float64Array;
  /** Equity at each sample, in any one unit. A sample that is NaN is left out. */
  readonly equity: Float64Array;
  readonly calendar: CalendarName;
}

/** The one return series that all ratios of a run are computed from. */
export interface ReturnSeries {
  readonly per: ReturnsPer;
  /** Time of each point, the opening first: one more than there are returns. */
  readonly timeUs: Float64Array;
  /** Equity at each point. Ends at the point of ruin. */
  readonly equity: Float64Array;
  /** Return i leads from point i to point i + 1. */
  readonly returns: Float64Array;
  /** Session day of each return, in days since 1970-01-01. */
  readonly days: Float64Array;
  readonly periodsPerYear: number;
  /** Whether equity reached zero or less; the series ends there. */
  readonly ruined: boolean;
}

/** Session days a year: 365 where the market never closes, 252 where it has weekends and holidays. */
export function sessionDaysPerYear(calendar: CalendarName): number {
  return calendar === "24/7" ? 365 : 252;
}

/**
 * The session day that an instant ends or lies in, in days since 1970-01-01: the UTC day, midnight belonging to the day it
 * ends. Where the market has weekends, what happens on a Saturday or Sunday belongs to the Monday after it.
 */
export function sessionDay(timeUs: TimeUs, calendar: CalendarName): number {
  const day = Math.floor((timeUs - 1) / US_PER_DAY);
  if (calendar === "24/7") return day;
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 6 ? day + 2 : weekday === 0 ? day + 1 : day;
}

/**
 * Equity at the end of each session day, the opening equity being the first point, and the returns between the points. Days
 * without a sample are no return. Periods per year come from the calendar (365 or 252), or are 52, 12, 4 or 1 where the points
 * typically stand a week, a month, a quarter or a year apart; with `per: "bar"`, every sample is a point and the typical number
 * of samples a day multiplies them. `periodsPerYear` overrides.
 */
export function sampleEquity(curve: EquityCurve, per: ReturnsPer = "day", periodsPerYear?: number): ReturnSeries {
  const days: number[] = [];
  const samplesOfDay: number[] = [];
  const timeUs = [curve.startUs];
  const equity = [curve.openingEquity];
  const returnDays: number[] = [];
  for (let row = 0; row < curve.timeUs.length; row += 1) {
    const value = curve.equity[row]!;
    if (!(curve.timeUs[row]! > curve.startUs) || Number.isNaN(value)) continue;
    const day = sessionDay(curve.timeUs[row]!, curve.calendar);
    const isNewDay = days.at(-1) !== day;
    if (isNewDay) {
      days.push(day);
      samplesOfDay.push(0);
    }
    samplesOfDay[samplesOfDay.length - 1]! += 1;
    if (isNewDay || per === "bar") {
      timeUs.push(0);
      equity.push(0);
      returnDays.push(day);
    }
    timeUs[timeUs.length - 1] = curve.timeUs[row]!;
    equity[equity.length - 1] = value;
    if (value <= 0) break;
  }
  const perYear = periodsBySpacing(days, sessionDaysPerYear(curve.calendar));
  const points = Float64Array.from(equity);
  return {
    per,
    timeUs: Float64Array.from(timeUs),
    equity: points,
    returns: returnsBetween(points),
    days: Float64Array.from(returnDays),
    periodsPerYear: periodsPerYear ?? (per === "bar" ? perYear * median(samplesOfDay, 1) : perYear),
    ruined: points.some((value) => value <= 0),
  };
}

/** Both series' returns on the union of their days (bars: of their times), NaN where one of them has none. */
export function alignReturns(a: ReturnSeries, b: ReturnSeries): { readonly a: Float64Array; readonly b: Float64Array } {
  const keysOf = (series: ReturnSeries): Float64Array => (a.per === "bar" ? series.timeUs.subarray(1) : series.days);
  const aKeys = keysOf(a);
  const bKeys = keysOf(b);
  const left: number[] = [];
  const right: number[] = [];
  let i = 0;
  let j = 0;
  while (i < aKeys.length || j < bKeys.length) {
    const key = Math.min(aKeys[i] ?? Infinity, bKeys[j] ?? Infinity);
    left.push(aKeys[i] === key ? a.returns[i++]! : Number.NaN);
    right.push(bKeys[j] === key ? b.returns[j++]! : Number.NaN);
  }
  return { a: Float64Array.from(left), b: Float64Array.from(right) };
}

/** A return from a point at zero or below has no meaning; the series ends there, so that only the opening can be such a point. */
function returnsBetween(points: Float64Array): Float64Array {
  const out = new Float64Array(points.length - 1);
  for (let i = 0; i < out.length; i += 1) out[i] = points[i]! > 0 ? points[i + 1]! / points[i]! - 1 : Number.NaN;
  return out;
}

function periodsBySpacing(days: readonly number[], daily: number): number {
  const spacing = median(
    days.slice(1).map((day, i) => day - days[i]!),
    1,
  );
  if (spacing < 5) return daily;
  if (spacing < 20) return 52;
  if (spacing < 60) return 12;
  return spacing < 200 ? 4 : 1;
}

function median(values: readonly number[], whenEmpty: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? whenEmpty;
}
