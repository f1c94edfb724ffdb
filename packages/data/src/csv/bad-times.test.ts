import { describe, expect, test } from "vitest";
import { US_PER_MONTH } from "../time/interval.ts";
import { good, HEADER, refusal, three } from "./refused-csv.ts";

describe("importCsv() refuses times", () => {
  test("when one is in another form than the first", async () => {
    expect(await refusal(`${three}01/02/2024,10,11,9,10,1\n`)).toMatchInlineSnapshot(`
      "TP_DATA_TIME
      Cannot load "bars.csv": a time is no date, or not in the form of the first row, YYYY-MM-DD with or without a time of day
        line    5
        column  timestamp
        value   "01/02/2024"
        next    write all times alike, for example 2026-03-01T00:04:00Z"
    `);
    expect(await refusal("date,open,high,low,close\nyesterday,1,2,1,2\n")).toContain("in no known form");
  });

  test("when some state a zone and others do not", async () => {
    expect(await refusal(`${three}2024-01-01T00:03:00,10,11,9,10,1\n`)).toMatchInlineSnapshot(`
      "TP_DATA_TIME_ZONE
      Cannot load "bars.csv": a time states no zone and those before it do, all or none must
        line    5
        column  timestamp
        value   "2024-01-01T00:03:00"
        next    write all times alike, for example 2026-03-01T00:04:00Z"
    `);
  });

  test("when the unit given, or the name of the column, is wrong", async () => {
    const seconds = "time,open,high,low,close\n1700000000,1,2,1,2\n1700000060,1,2,1,2\n";
    expect(await refusal(seconds)).toBe("loaded");
    expect(await refusal(seconds, { timeUnit: "ms" })).toMatchInlineSnapshot(`
      "TP_DATA_TIME_UNIT
      Cannot load "bars.csv": the first time, read in milliseconds, is in 1970: the unit is wrong or the column counts rows
        line    2
        column  time
        value   "1700000000"
        next    say the unit with --time-unit s, ms, us or ns, or name the column that holds the time: timestamp, datetime, date"
    `);
    expect(await refusal(seconds.replaceAll("1700000", "1700000000"), { timeUnit: "s" })).toMatchInlineSnapshot(`
      "TP_DATA_TIME_UNIT
      Cannot load "bars.csv": a time lies outside the years 1900 to 2200, read in seconds
        line    2
        column  time
        value   "1700000000000"
        next    say the unit with --time-unit s, ms, us or ns"
    `);
    expect(await refusal("timestamp_ms,open,high,low,close\n1700000000000000,1,2,1,2\n")).toContain("read in milliseconds");
  });

  test("when the unit changes within the file", async () => {
    const rows = "time,open,high,low,close\n1735689480000,1,2,1,2\n1735689540000,1,2,1,2\n1735689600000000,1,2,1,2\n";
    expect(await refusal(rows)).toMatchInlineSnapshot(`
      "TP_DATA_TIME_UNIT
      Cannot load "bars.csv": a time lies outside the years 1900 to 2200, read in milliseconds
        line    4
        column  time
        value   "1735689600000000"
        next    write all times in one unit; the rows before are in another"
    `);
  });

  test("when the only time column counts rows", async () => {
    expect(await refusal(",open,high,low,close\n0,1,2,1,2\n1,1,2,1,2\n")).toContain("the column counts rows");
  });

  test("when no date shows whether the day or the month comes first", async () => {
    const rows = "date,open,high,low,close\n03/04/2024,1,2,1,2\n04/04/2024,1,2,1,2\n";
    expect(await refusal(rows)).toMatchInlineSnapshot(`
      "TP_DATA_DATE_ORDER
      Cannot load "bars.csv": no date of the file shows whether the day or the month comes first
        line    2
        column  date
        value   "03/04/2024"
        next    say it with --date-order day-first or --date-order month-first"
    `);
    expect(await refusal(rows, { dateOrder: "day-first" })).toBe("loaded");
    expect(await refusal(`${rows}13/04/2024,1,2,1,2\n`)).toBe("loaded");
  });

  test("when a local hour does not exist or exists twice in the zone given", async () => {
    const hours = (...clock: string[]): string => `time,open,high,low,close\n${clock.map((text) => `${text},1,2,1,2\n`).join("")}`;
    const spring = hours("2024-03-10 01:00", "2024-03-10 02:00", "2024-03-10 03:00");
    expect(await refusal(spring, { timezone: "America/New_York" })).toMatchInlineSnapshot(`
      "TP_DATA_LOCAL_TIME
      Cannot load "bars.csv": a local time does not exist in America/New_York, where clocks went forward over it
        line    3
        column  time
        value   "2024-03-10 02:00"
        next    write the times in UTC or with their offset, for example 2026-03-01T00:04:00-05:00"
    `);
    const autumn = hours("2024-11-03 00:00", "2024-11-03 01:00", "2024-11-03 02:00");
    expect(await refusal(autumn, { timezone: "America/New_York" })).toMatchInlineSnapshot(`
      "TP_DATA_LOCAL_TIME
      Cannot load "bars.csv": a local time exists twice in America/New_York, where clocks went back over it
        line    3
        column  time
        value   "2024-11-03 01:00"
        next    write the times in UTC or with their offset, for example 2026-03-01T00:04:00-05:00"
    `);
    expect(await refusal(spring)).toBe("loaded");
    expect(await refusal(spring, { timezone: "Mars/Olympus" })).toContain('time zone "Mars/Olympus" is not known');
  });
});

describe("importCsv() asks", () => {
  test("for the interval when there is one row", async () => {
    expect(await refusal(HEADER + good(0))).toMatchInlineSnapshot(`
      "TP_DATA_INTERVAL
      Cannot load "bars.csv": it has one row, which does not show the interval of its bars
        next  say it with --interval, for example --interval 1d"
    `);
    expect(await refusal(HEADER + good(0), { intervalUs: 60_000_000 })).toBe("loaded");
  });

  test("for the stamp when bars last a month", async () => {
    const months = "date,open,high,low,close\n2024-01-31,1,2,1,2\n2024-02-29,1,2,1,2\n2024-03-31,1,2,1,2\n";
    expect(await refusal(months)).toMatchInlineSnapshot(`
      "TP_DATA_STAMP
      Cannot load "bars.csv": its bars last a month, and a date such as 2024-01-31 does not say whether it names the first or the last moment of one
        next  say it with --stamp month-end, open or close"
    `);
    expect(await refusal(months, { stamp: "month-end" })).toBe("loaded");
    expect(await refusal(months.replace("2024-02-29", "2024-02-15"), { stamp: "month-end", intervalUs: US_PER_MONTH })).toContain(
      "is not the end of a month",
    );
    expect(await refusal(three, { stamp: "month-end" })).toContain("TP_DATA_STAMP");
  });
});
