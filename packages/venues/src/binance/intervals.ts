import { FailureError, US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from "@tradepulse/core";

/** Intervals of a fixed length. The venue has months too; their length varies. */
const INTERVALS: readonly (readonly [lengthUs: number, name: string])[] = [
  [US_PER_SECOND, "1s"],
  [US_PER_MINUTE, "1m"],
  [3 * US_PER_MINUTE, "3m"],
  [5 * US_PER_MINUTE, "5m"],
  [15 * US_PER_MINUTE, "15m"],
  [30 * US_PER_MINUTE, "30m"],
  [US_PER_HOUR, "1h"],
  [2 * US_PER_HOUR, "2h"],
  [4 * US_PER_HOUR, "4h"],
  [6 * US_PER_HOUR, "6h"],
  [8 * US_PER_HOUR, "8h"],
  [12 * US_PER_HOUR, "12h"],
  [US_PER_DAY, "1d"],
  [3 * US_PER_DAY, "3d"],
  [7 * US_PER_DAY, "1w"],
];

/** The venue's name of an interval. */
export function intervalName(intervalUs: number): string {
  const found = INTERVALS.find(([lengthUs]) => lengthUs === intervalUs);
  if (found !== undefined) return found[1];
  throw new FailureError({
    code: "TP_VENUE_INTERVAL",
    message: `Cannot read bars of ${intervalUs / US_PER_SECOND} s from "binance": allowed are ${INTERVALS.map(([, name]) => name).join(", ")}`,
    details: [],
    next: "choose one of these and let the strategy aggregate",
  });
}
