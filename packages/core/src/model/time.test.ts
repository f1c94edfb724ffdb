import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  civilFromTimeUs,
  daysFromCivil,
  formatDate,
  formatInterval,
  formatTimeUs,
  parseInterval,
  timeUsFromCivil,
  US_PER_DAY,
  US_PER_HOUR,
  US_PER_MINUTE,
  US_PER_SECOND,
} from "./time.ts";

/** Years 1 to 2255, to the microsecond: all that is exact in a number. */
const instants = fc.integer({ min: -62_135_596_800_000_000, max: Number.MAX_SAFE_INTEGER });

describe("daysFromCivil()", () => {
  test.each([
    [1970, 1, 1, 0],
    [1969, 12, 31, -1],
    [1900, 2, 28, -25_509],
    [1900, 3, 1, -25_508],
    [2000, 2, 29, 11_016],
    [2000, 3, 1, 11_017],
    [2024, 2, 29, 19_782],
    [2038, 1, 19, 24_855],
    [2100, 2, 28, 47_540],
    [2100, 3, 1, 47_541],
    [1, 1, 1, -719_162],
  ])("counts %i-%i-%i as day %i", (year, month, day, days) => {
    expect(daysFromCivil(year, month, day)).toBe(days);
  });
});

describe("civilFromTimeUs()", () => {
  test("tells an instant apart into date and time of day", () => {
    expect(civilFromTimeUs(1_700_000_000_123_456)).toEqual({
      year: 2023,
      month: 11,
      day: 14,
      hour: 22,
      minute: 13,
      second: 20,
      microsecond: 123_456,
    });
  });

  test("counts back from the epoch without a negative time of day", () => {
    expect(civilFromTimeUs(-1)).toEqual({ year: 1969, month: 12, day: 31, hour: 23, minute: 59, second: 59, microsecond: 999_999 });
  });

  test("is undone by timeUsFromCivil()", () => {
    fc.assert(
      fc.property(instants, (timeUs) => {
        const t = civilFromTimeUs(timeUs);
        expect(timeUsFromCivil(t.year, t.month, t.day, t.hour, t.minute, t.second, t.microsecond)).toBe(timeUs);
      }),
      { numRuns: 2_000 },
    );
  });

  test("agrees with the calendar of the platform", () => {
    fc.assert(
      fc.property(instants, (timeUs) => {
        const wholeMs = Math.floor(timeUs / 1_000);
        const platform = new Date(wholeMs);
        const t = civilFromTimeUs(wholeMs * 1_000);
        expect([t.year, t.month, t.day, t.hour, t.minute, t.second, t.microsecond]).toEqual([
          platform.getUTCFullYear(),
          platform.getUTCMonth() + 1,
          platform.getUTCDate(),
          platform.getUTCHours(),
          platform.getUTCMinutes(),
          platform.getUTCSeconds(),
          platform.getUTCMilliseconds() * 1_000,
        ]);
      }),
      { numRuns: 2_000 },
    );
  });

  test("meets every day of four centuries once, in order", () => {
    const first = daysFromCivil(1800, 1, 1);
    let previous = "";
    for (let day = first; day < daysFromCivil(2200, 1, 1); day += 1) {
      const date = formatDate(day * US_PER_DAY);
      if (date <= previous) expect(date > previous, `${date} after ${previous}`).toBe(true);
      previous = date;
    }
    expect(previous).toBe("2199-12-31");
  });
});

describe("formatTimeUs()", () => {
  test.each([
    [timeUsFromCivil(2026, 3, 1, 0, 4), "2026-03-01T00:04Z"],
    [timeUsFromCivil(2026, 3, 1, 0, 4, 5), "2026-03-01T00:04:05Z"],
    [timeUsFromCivil(2026, 3, 1, 0, 4, 5, 250_000), "2026-03-01T00:04:05.25Z"],
    [timeUsFromCivil(2026, 3, 1, 0, 4, 0, 1), "2026-03-01T00:04:00.000001Z"],
    [timeUsFromCivil(987, 6, 5), "0987-06-05T00:00Z"],
  ])("writes %i as %s, as many parts as it needs", (timeUs, text) => {
    expect(formatTimeUs(timeUs)).toBe(text);
  });

  test("writes what the platform reads as the same millisecond", () => {
    fc.assert(
      fc.property(instants, (timeUs) => {
        const wholeMs = Math.floor(timeUs / 1_000);
        expect(Date.parse(formatTimeUs(wholeMs * 1_000))).toBe(wholeMs);
      }),
    );
  });
});

describe("parseInterval() and formatInterval()", () => {
  test.each([
    ["30s", 30 * US_PER_SECOND],
    ["1m", US_PER_MINUTE],
    ["90s", 90 * US_PER_SECOND],
    ["4h", 4 * US_PER_HOUR],
    ["1d", US_PER_DAY],
    ["1w", 7 * US_PER_DAY],
  ])("read and write %s", (text, intervalUs) => {
    expect(parseInterval(text)).toBe(intervalUs);
    expect(formatInterval(intervalUs)).toBe(text);
  });

  test("write the shortest name", () => {
    expect(formatInterval(parseInterval("60s")!)).toBe("1m");
    expect(formatInterval(parseInterval("24h")!)).toBe("1d");
    expect(formatInterval(parseInterval("14d")!)).toBe("2w");
    expect(formatInterval(1_500)).toBe("1500us");
  });

  test.each(["", "h", "0h", "-1h", "1.5h", "1 h", "1H", "1mo", "1y", "100000s", "01h"])("do not read %j", (text) => {
    expect(parseInterval(text)).toBeUndefined();
  });

  test("are inverse for whole seconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), (seconds) => {
        expect(parseInterval(formatInterval(seconds * US_PER_SECOND))).toBe(seconds * US_PER_SECOND);
      }),
    );
  });
});
