import { type BarColumns, type CalendarName, formatTimeUs, US_PER_DAY } from "@tradepulse/core";
import { weekdaysBetween } from "../time/calendar.ts";
import { intervalName, US_PER_MONTH } from "../time/interval.ts";
import type { ZoneRules } from "../time/zone-rules.ts";
import type { BarCounts } from "./check-bars.ts";
import type { Finding } from "./finding.ts";

/** A run of bars without any movement is stale from this length on. */
const STALE_BARS = 20;
/** A return is an outlier when it is this many robust standard deviations away from none. */
const OUTLIER_DEVIATIONS = 25;
const LEAST_OUTLIER = 0.02;
const RETURN_SAMPLE = 8_192;
/** A normal distribution's standard deviation over its median absolute deviation. */
const MAD_TO_DEVIATION = 1.4826;

export interface InspectionInput {
  readonly instrument: string;
  readonly columns: BarColumns;
  readonly intervalUs: number;
  readonly calendar: CalendarName;
  readonly zone: ZoneRules | undefined;
  readonly counts: BarCounts;
}

/** What looks odd in bars that may be loaded: gaps, overlaps, bars outside their range, no volume, outliers, stale runs. */
export function inspectBars(input: InspectionInput): Finding[] {
  const { instrument, columns, counts } = input;
  const findings: Finding[] = [...timeFindings(input)];
  const add = (code: Finding["code"], severity: Finding["severity"], count: number, text: string): void => {
    if (count > 0) findings.push({ code, severity, instrument, count, text });
  };
  if (counts.outsideRange > 0) {
    const at = formatTimeUs(columns.openUs[counts.firstOutsideRange]!);
    add(
      "ohlc-range",
      "warning",
      counts.outsideRange,
      `${plural(counts.outsideRange, "bar")} with an open or close outside low to high, the first at ${at}`,
    );
  }
  if (columns.volumeKnown) add("zero-volume", "note", counts.zeroVolume, `${plural(counts.zeroVolume, "bar")} without volume`);
  else {
    const text = counts.zeroVolume > 0 ? "volume is 0 in every bar: it counts as unknown" : "no volume column: volume is unknown";
    findings.push({ code: "volume-unknown", severity: "note", instrument, text });
  }
  const outliers = priceOutliers(columns.close);
  if (outliers.count > 0) {
    const change = (outliers.worst * 100).toFixed(1);
    add(
      "price-outliers",
      "warning",
      outliers.count,
      `${plural(outliers.count, "close")} far from the one before, the farthest ${change} % at ${formatTimeUs(columns.openUs[outliers.worstRow]!)}`,
    );
  }
  const wicks = wickOutliers(columns, outliers.limit);
  if (wicks.count > 0) {
    add(
      "wick-outliers",
      "warning",
      wicks.count,
      `${plural(wicks.count, "bar")} with a high or low far from both open and close, the first at ${formatTimeUs(columns.openUs[wicks.firstRow]!)}`,
    );
  }
  const stale = staleRuns(columns);
  if (stale.runs > 0) {
    add(
      "stale-runs",
      "warning",
      stale.runs,
      `${plural(stale.runs, "run")} of ${STALE_BARS} or more bars without movement, the longest ${stale.longest} bars from ${formatTimeUs(columns.openUs[stale.longestRow]!)}`,
    );
  }
  return findings;
}

/** `1 bar`, `3 bars`. */
function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

function timeFindings({ instrument, columns, intervalUs, calendar, zone }: InspectionInput): Finding[] {
  const { openUs, closeUs } = columns;
  let gaps = 0;
  let missing = 0;
  let longest = 0;
  let longestRow = 0;
  let longestBars = 0;
  let overlaps = 0;
  let irregular = 0;
  for (let row = 1; row < openUs.length; row += 1) {
    const pause = openUs[row]! - closeUs[row - 1]!;
    if (pause === 0) continue;
    if (pause < 0) {
      overlaps += 1;
      continue;
    }
    const bars = missingBars(closeUs[row - 1]!, openUs[row]!, intervalUs, calendar, zone);
    if (bars < 1) continue;
    gaps += 1;
    missing += bars;
    if (bars > longestBars) longestBars = bars;
    if (intervalUs < US_PER_DAY && pause % intervalUs !== 0) irregular += 1;
    if (pause > longest) [longest, longestRow] = [pause, row];
  }
  const findings: Finding[] = [];
  if (gaps > 0) {
    const from = formatTimeUs(closeUs[longestRow - 1]!);
    const noun = calendar === "weekdays" && intervalUs === US_PER_DAY ? "weekday" : "bar";
    findings.push({
      code: "gaps",
      severity: noun === "weekday" && looksLikeHolidays(missing, longestBars, openUs.length) ? "note" : "warning",
      instrument,
      count: gaps,
      text: `${plural(gaps, "gap")}, ${plural(missing, noun)} missing against ${calendar} at ${intervalName(intervalUs)}${noun === "weekday" ? " (holidays among them)" : ""}, the longest from ${from}`,
    });
  }
  if (overlaps > 0) {
    findings.push({
      code: "overlaps",
      severity: "warning",
      instrument,
      count: overlaps,
      text: `${plural(overlaps, "bar")} opening before the one above has closed, at ${intervalName(intervalUs)}; --interval says another length`,
    });
  }
  if (irregular > 0) {
    findings.push({
      code: "irregular",
      severity: "note",
      instrument,
      count: irregular,
      text: `${plural(irregular, "gap")} not a whole number of ${intervalName(intervalUs)} bars long`,
    });
  }
  return findings;
}

/** Weekdays that an exchange's holidays and rare closures explain: about nine a year, and four in a row after 2001-09-11 at the most. */
const MOST_CLOSED_DAYS = 4;
const MOST_HOLIDAY_SHARE = 0.05;

function looksLikeHolidays(missing: number, longest: number, rows: number): boolean {
  return longest <= MOST_CLOSED_DAYS && missing <= rows * MOST_HOLIDAY_SHARE;
}

/** Bars that the calendar expects between a close and the next open. Within a market of weekdays only pauses inside one day count. */
function missingBars(fromUs: number, toUs: number, intervalUs: number, calendar: CalendarName, zone: ZoneRules | undefined): number {
  if (intervalUs === US_PER_MONTH) return Math.round((toUs - fromUs) / US_PER_MONTH);
  if (calendar === "24/7" || intervalUs > US_PER_DAY) return Math.floor((toUs - fromUs) / intervalUs);
  const day = (timeUs: number): number => Math.floor((timeUs + (zone?.offsetAt(timeUs) ?? 0)) / US_PER_DAY);
  if (intervalUs === US_PER_DAY) return weekdaysBetween(day(fromUs) - 1, day(toUs));
  return day(fromUs) === day(toUs) ? Math.floor((toUs - fromUs) / intervalUs) : 0;
}

interface Outliers {
  readonly count: number;
  readonly worst: number;
  readonly worstRow: number;
  /** The fraction beyond which a move is an outlier. */
  readonly limit: number;
}

/** Close-to-close returns beyond 25 robust deviations (and 2 %) of none; the deviation from up to 8,192 returns spread evenly. */
export function priceOutliers(close: Float64Array): Outliers {
  const limit = outlierLimit(close);
  let count = 0;
  let worst = 0;
  let worstRow = 0;
  for (let row = 1; row < close.length; row += 1) {
    const before = close[row - 1]!;
    const move = close[row]! - before;
    if (Math.abs(move) <= limit * before) continue;
    count += 1;
    if (Math.abs(move / before) > Math.abs(worst)) [worst, worstRow] = [move / before, row];
  }
  return { count, worst, worstRow, limit };
}

/** Bars whose high or low is farther than the limit from both open and close: bad prints, as a rule. */
function wickOutliers({ open, high, low, close }: BarColumns, limit: number): { readonly count: number; readonly firstRow: number } {
  let count = 0;
  let firstRow = -1;
  if (open === close || limit === Infinity) return { count, firstRow };
  for (let row = 0; row < close.length; row += 1) {
    const o = open[row]!;
    const c = close[row]!;
    if (high[row]! <= Math.max(o, c) * (1 + limit) && low[row]! >= Math.min(o, c) * (1 - limit)) continue;
    count += 1;
    if (count === 1) firstRow = row;
  }
  return { count, firstRow };
}

function outlierLimit(close: Float64Array): number {
  const step = Math.max(1, Math.floor(close.length / RETURN_SAMPLE));
  const sizes: number[] = [];
  for (let row = 1; row < close.length; row += step) {
    const size = Math.abs(close[row]! / close[row - 1]! - 1);
    if (size > 0) sizes.push(size);
  }
  if (sizes.length < 20) return Infinity;
  sizes.sort((a, b) => a - b);
  return Math.max(LEAST_OUTLIER, OUTLIER_DEVIATIONS * MAD_TO_DEVIATION * sizes[sizes.length >> 1]!);
}

interface StaleRuns {
  readonly runs: number;
  readonly longest: number;
  readonly longestRow: number;
}

/** Runs of bars in which open, high, low and close all equal the close before. */
function staleRuns({ open, high, low, close }: BarColumns): StaleRuns {
  // Closes alone show no bar without movement: equal closes of days are common there.
  if (open === close) return { runs: 0, longest: 0, longestRow: 0 };
  let runs = 0;
  let longest = 0;
  let longestRow = 0;
  let start = 1;
  for (let row = 1; row <= close.length; row += 1) {
    const before = close[row - 1]!;
    if (row < close.length && high[row] === before && low[row] === before && open[row] === before && close[row] === before) continue;
    const length = row - start;
    if (length >= STALE_BARS) {
      runs += 1;
      if (length > longest) [longest, longestRow] = [length, start];
    }
    start = row + 1;
  }
  return { runs, longest, longestRow };
}
