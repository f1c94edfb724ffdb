import { formatCompact, formatFixed } from "./format.js";

const MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY_SECONDS = 86_400;

/**
 * Width of every value axis: room for the longest price, so that the crosshairs of all charts stand above each other.
 * @param {import("../report-data.ts").ReportData} data
 */
export function valueAxisWidth(data) {
  const longest = data.prices.map(
    ({ h, decimals }) =>
      formatFixed(
        h.reduce((top, high) => Math.max(top, high), 0),
        decimals,
      ).length,
  );
  return Math.max(60, 14 + 7 * Math.max(...longest, 0));
}

/**
 * One line per label, the same in every country: `2004`, `Apr`, `16 Apr`, `14:30`. The label that begins a larger unit names that unit.
 * @param {readonly number[]} splits seconds since the Unix epoch
 * @param {number} step seconds between two labels
 * @returns {string[]}
 */
export function timeLabels(splits, step) {
  return splits.map((seconds) => {
    const date = new Date(seconds * 1000);
    const year = String(date.getUTCFullYear());
    const month = MONTH_NAMES[date.getUTCMonth()] ?? "";
    const startsDay = seconds % DAY_SECONDS === 0;
    const startsYear = startsDay && date.getUTCDate() === 1 && date.getUTCMonth() === 0;
    if (step >= 360 * DAY_SECONDS || startsYear) return year;
    if (step >= 27 * DAY_SECONDS) return month;
    if (startsDay) return `${date.getUTCDate()} ${month}`;
    return date.toISOString().slice(11, step < 60 ? 19 : 16);
  });
}

/**
 * Values for the labels of a logarithmic axis: round numbers, evenly stepped within a decade or two, 1-2-5 across more.
 * @param {number} min above 0
 * @param {number} max
 * @returns {number[]} increasing
 */
export function logSplits(min, max) {
  if (max / min > 20) {
    const splits = [];
    for (let power = 10 ** Math.floor(Math.log10(min)); power <= max; power *= 10) {
      for (const factor of [1, 2, 5]) if (power * factor >= min && power * factor <= max) splits.push(power * factor);
    }
    return splits;
  }
  const rough = (max - min) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => power * factor >= rough) ?? 10);
  const splits = [];
  for (let value = Math.ceil(min / step) * step; value <= max; value += step) splits.push(value);
  return splits;
}

/**
 * @param {readonly number[]} splits
 * @returns {string[]}
 */
export function moneyLabels(splits) {
  return splits.map((value) => formatCompact(value));
}
