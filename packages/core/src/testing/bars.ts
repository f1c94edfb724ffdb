import { type Bar, type BarColumns, barColumnsOf } from "../model/bar.ts";
import { US_PER_MINUTE } from "../model/time.ts";

/** A market for tests: columns and the interval of their bars. */
export interface TestMarket {
  readonly columns: BarColumns;
  readonly intervalUs: number;
}

/**
 * Bars from text, one word each, one minute apart from 00:00 of 1970-01-01. A word is `close` (the bar opens at it too, high and low are it),
 * `open/high/low/close`, or `open/high/low/close/volume`. A dash is a missing bar.
 */
export function bars(text: string, intervalUs = US_PER_MINUTE): TestMarket {
  const rows: Bar[] = [];
  text
    .trim()
    .split(/\s+/)
    .forEach((word, k) => {
      if (word === "-") return;
      const numbers = word.split("/").map(Number);
      const [open, high, low, close] =
        numbers.length === 1 ? [numbers[0]!, numbers[0]!, numbers[0]!, numbers[0]!] : (numbers as [number, number, number, number]);
      rows.push({ openUs: k * intervalUs, closeUs: (k + 1) * intervalUs, open, high, low, close, volume: numbers[4] ?? Number.NaN });
    });
  return { columns: barColumnsOf(rows), intervalUs };
}
