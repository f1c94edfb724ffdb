import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bar, type BarColumns, barColumnsOf } from "../model/bar.ts";
import { FailureError } from "../model/failure.ts";
import { formatTimeUs, timeUsFromCivil, US_PER_DAY, US_PER_HOUR, US_PER_MINUTE } from "../model/time.ts";
import { bars } from "../testing/bars.ts";
import { resample } from "./resample.ts";

const FIVE_MINUTES = 5 * US_PER_MINUTE;
const WEEK = 7 * US_PER_DAY;

function rowsOf(columns: BarColumns): Bar[] {
  return Array.from({ length: columns.length }, (_, i) => ({
    openUs: columns.openUs[i]!,
    closeUs: columns.closeUs[i]!,
    open: columns.open[i]!,
    high: columns.high[i]!,
    low: columns.low[i]!,
    close: columns.close[i]!,
    volume: columns.volume[i]!,
  }));
}

describe("resample()", () => {
  test("takes the first open, the highest high, the lowest low, the last close and all the volume", () => {
    const market = bars("10/12/9/11/5 11/11/8/9/1 9/15/9/14/2 14/14/13/13/3 13/13/12/12/4");
    expect(rowsOf(resample(market.columns, FIVE_MINUTES))).toEqual([
      { openUs: 0, closeUs: FIVE_MINUTES, open: 10, high: 15, low: 8, close: 12, volume: 15 },
    ]);
  });

  test("cuts by the clock, not by counting: a bar that begins in between belongs to its own five minutes", () => {
    const market = bars("- - - 10 11 12 13 14 15 16");
    const rows = rowsOf(resample(market.columns, FIVE_MINUTES));
    expect(rows.map(({ openUs, open, close }) => [openUs / US_PER_MINUTE, open, close])).toEqual([
      [0, 10, 11],
      [5, 12, 16],
    ]);
  });

  test("drops a last bar that is not finished, and keeps it once the clock has reached its end", () => {
    expect(resample(bars("1 2 3 4 5 6 7 8 9").columns, FIVE_MINUTES).length).toBe(1);
    expect(resample(bars("1 2 3 4 5 6 7 8 9 10").columns, FIVE_MINUTES).length).toBe(2);
  });

  test("keeps a last bar whose end was reached although bars within it are missing", () => {
    const rows = rowsOf(resample(bars("1 2 3 4 5 6 - - - 10").columns, FIVE_MINUTES));
    expect(rows.map(({ open, close }) => [open, close])).toEqual([
      [1, 5],
      [6, 10],
    ]);
  });

  test("gives no bar for a stretch without any", () => {
    const rows = rowsOf(resample(bars("1 2 3 4 5 - - - - - 11 12 13 14 15").columns, FIVE_MINUTES));
    expect(rows.map(({ openUs }) => openUs / US_PER_MINUTE)).toEqual([0, 10]);
  });

  test("leaves bars alone that already have the interval", () => {
    const { columns } = bars("10/12/9/11/5 11/11/8/9/1");
    expect(rowsOf(resample(columns, US_PER_MINUTE))).toEqual(rowsOf(columns));
  });

  test("begins weeks on Monday", () => {
    // Ten days from Thursday 2026-01-01: the week of Monday 2025-12-29 has four of them, the next one is not finished.
    const first = timeUsFromCivil(2026, 1, 1);
    const rows = Array.from({ length: 10 }, (_, k) => {
      const price = 10 + k;
      const openUs = first + k * US_PER_DAY;
      return { openUs, closeUs: openUs + US_PER_DAY, open: price, high: price, low: price, close: price, volume: 1 };
    });
    const weeks = rowsOf(resample(barColumnsOf(rows), WEEK));
    expect(weeks.map(({ openUs, closeUs, close }) => [formatTimeUs(openUs), formatTimeUs(closeUs), close])).toEqual([
      ["2025-12-29T00:00Z", "2026-01-05T00:00Z", 13],
    ]);
  });

  test("refuses to build shorter bars from longer ones: they would show the close before its time", () => {
    const day = { openUs: 0, closeUs: US_PER_DAY, open: 1, high: 1, low: 1, close: 1, volume: 1 };
    expect(() => resample(barColumnsOf([day]), 4 * US_PER_HOUR)).toThrow(FailureError);
    expect(() => resample(barColumnsOf([day]), 4 * US_PER_HOUR)).toThrow(
      "Cannot build bars of 4h: the bar at 1970-01-01T00:00Z covers 1d, allowed are bars that lie within one of 4h",
    );
  });

  test("refuses bars that straddle the border of two longer ones", () => {
    // Three-minute bars in five minutes: the second covers minutes 3 to 6.
    expect(() => resample(bars("1 2 3", 3 * US_PER_MINUTE).columns, FIVE_MINUTES)).toThrow("TP_MARKET_INTERVAL");
  });

  test("keeps it unknown when volume is unknown", () => {
    const out = resample(bars("1 2 3 4 5").columns, FIVE_MINUTES);
    expect(out.volumeKnown).toBe(false);
    expect(out.volume[0]).toBe(0);
  });

  test("makes nothing of nothing", () => {
    expect(resample(barColumnsOf([]), FIVE_MINUTES).length).toBe(0);
  });

  test("never shows a price before its time: every bar is made of source bars that have closed by its own close", () => {
    // Any market of up to 60 minutes with any gaps.
    const words = fc.array(fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }), { maxLength: 60 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 15 }), (prices, minutes) => {
        const source = bars(prices.map((price) => price ?? "-").join(" ")).columns;
        const out = rowsOf(resample(source, minutes * US_PER_MINUTE));
        const rows = rowsOf(source);
        for (const bar of out) {
          const within = rows.filter((row) => row.openUs >= bar.openUs && row.closeUs <= bar.closeUs);
          expect(bar).toMatchObject({
            open: within[0]!.open,
            close: within.at(-1)!.close,
            high: Math.max(...within.map((row) => row.high)),
            low: Math.min(...within.map((row) => row.low)),
          });
          expect(bar.closeUs - bar.openUs).toBe(minutes * US_PER_MINUTE);
          expect(bar.closeUs).toBeLessThanOrEqual(rows.at(-1)!.closeUs);
        }
        const covered = out.reduce(
          (sum, bar) => sum + rows.filter((row) => row.openUs >= bar.openUs && row.closeUs <= bar.closeUs).length,
          0,
        );
        const unfinished = rows.filter((row) => row.openUs >= (out.at(-1)?.closeUs ?? 0)).length;
        expect(covered + unfinished).toBe(rows.length);
      }),
    );
  });
});
