import { US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from "@tradepulse/core";

/** Lengths of bars that the wire protocol has names for. Months are left out: they have no one length. */
const INTERVALS: readonly (readonly [name: string, us: number])[] = [
  ["1s", US_PER_SECOND],
  ["1m", US_PER_MINUTE],
  ["3m", 3 * US_PER_MINUTE],
  ["5m", 5 * US_PER_MINUTE],
  ["15m", 15 * US_PER_MINUTE],
  ["30m", 30 * US_PER_MINUTE],
  ["1h", US_PER_HOUR],
  ["2h", 2 * US_PER_HOUR],
  ["4h", 4 * US_PER_HOUR],
  ["6h", 6 * US_PER_HOUR],
  ["8h", 8 * US_PER_HOUR],
  ["12h", 12 * US_PER_HOUR],
  ["1d", US_PER_DAY],
  ["3d", 3 * US_PER_DAY],
  ["1w", 7 * US_PER_DAY],
];

/** Weeks begin on Mondays; the epoch was a Thursday. */
const FIRST_MONDAY_US = 4 * US_PER_DAY;

export const KLINE_INTERVALS: readonly number[] = INTERVALS.map(([, us]) => us);

export function klineIntervalUs(name: string): number | undefined {
  return INTERVALS.find(([each]) => each === name)?.[1];
}

export function klineIntervalName(us: number): string | undefined {
  return INTERVALS.find(([, each]) => each === us)?.[0];
}

/** Where the bar that contains an instant opens. */
export function klineOpenUs(timeUs: number, intervalUs: number): number {
  const shift = intervalUs === 7 * US_PER_DAY ? FIRST_MONDAY_US : 0;
  return Math.floor((timeUs - shift) / intervalUs) * intervalUs + shift;
}
