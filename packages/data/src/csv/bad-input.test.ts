import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FailureError, formatFailure } from "@tradepulse/core";
import { afterAll, describe, expect, test } from "vitest";
import { DATA_CODES } from "../codes.ts";
import { US_PER_MONTH } from "../time/interval.ts";
import { type CsvImportOptions, importCsv } from "./import-csv.ts";

const folder = mkdtempSync(join(tmpdir(), "tradepulse-bad-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What loading a file of this content says, its path shortened to the name. */
async function refusal(content: string | Uint8Array, options: CsvImportOptions = {}, name = "bars.csv"): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, content);
  return await refusalOf(path, options);
}

async function refusalOf(path: string, options: CsvImportOptions = {}): Promise<string> {
  try {
    await importCsv(path, options);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    expect(DATA_CODES).toHaveProperty(error.failure.code);
    expect(error.failure.next).not.toBe("");
    return formatFailure(error.failure).replaceAll(`${folder}/`, "");
  }
  return "loaded";
}

const HEADER = "timestamp,open,high,low,close,volume\n";
const minute = (n: number): string => `2024-01-01T00:${String(n).padStart(2, "0")}:00Z`;
const good = (n: number): string => `${minute(n)},10,11,9,10.5,100\n`;
const three = HEADER + good(0) + good(1) + good(2);

describe("importCsv() refuses what is no file of bars", () => {
  test("when there is no such file", async () => {
    expect(await refusalOf(join(folder, "absent.csv"))).toMatchInlineSnapshot(`
      "TP_DATA_NOT_FOUND
      Cannot read "absent.csv": there is no such file
        next  check the path, or name a bundled dataset: tradepulse data list"
    `);
  });

  test("when the file may not be read", async (context) => {
    const path = join(folder, "secret.csv");
    writeFileSync(path, three);
    chmodSync(path, 0o000);
    context.skip(process.getuid?.() === 0, "root reads everything");
    expect(await refusalOf(path)).toContain("TP_DATA_UNREADABLE");
  });

  test("when the path is a directory", async () => {
    mkdirSync(join(folder, "history"));
    expect(await refusalOf(join(folder, "history"))).toMatchInlineSnapshot(`
      "TP_DATA_DIRECTORY
      Cannot read "history": it is a directory, a data file is needed
        next  name one file inside it"
    `);
  });

  test("when the file is empty, or holds blank lines and a byte order mark only", async () => {
    expect(await refusal("")).toMatchInlineSnapshot(`
      "TP_DATA_EMPTY
      Cannot read "bars.csv": the file is empty, rows of prices are needed
        size  0 bytes
        next  download or export it again"
    `);
    expect(await refusal("\uFEFF\r\n\n")).toContain("TP_DATA_EMPTY");
  });

  test.skipIf(process.platform === "win32")("when it is a pipe, without waiting for a writer", async () => {
    const pipe = join(folder, "pipe.csv");
    execFileSync("mkfifo", [pipe]);
    expect(await refusalOf(pipe)).toContain("it is a pipe or a device");
  });

  test("when a first row never ends", async () => {
    expect(await refusal(HEADER + "1".repeat(200_000))).toMatchInlineSnapshot(`
      "TP_DATA_ROW_LENGTH
      Cannot load "bars.csv": no row ends within the first 64 KB, rows of prices do
        line  2
        next  check that the lines of the file end with a line feed"
    `);
  });

  test("when there is a header and no row", async () => {
    expect(await refusal(HEADER)).toMatchInlineSnapshot(`
      "TP_DATA_NO_ROWS
      Cannot load "bars.csv": there is a header line and no row below it
        line  1
        next  download or export it again"
    `);
    expect(await refusal(`${HEADER}\n\n`)).toContain("TP_DATA_NO_ROWS");
  });

  test("when it is another kind of file, and says which", async () => {
    const kinds: Record<string, Uint8Array | string> = {
      zip: Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0),
      parquet: "PAR1\0\0",
      gzip: Uint8Array.of(0x1f, 0x8b, 8, 0),
      png: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10),
      json: '  [{"open": 1}]',
      html: "<!DOCTYPE html><html>",
      utf16: Uint8Array.of(0xff, 0xfe, 0x74, 0),
      binary: Uint8Array.of(1, 2, 0, 4, 5),
    };
    const said: string[] = [];
    for (const [kind, content] of Object.entries(kinds)) {
      const [code, message] = (await refusal(content)).split("\n");
      said.push(`${kind.padEnd(8)} ${code} ${message}`);
    }
    expect(said.join("\n")).toMatchInlineSnapshot(`
      "zip      TP_DATA_FILE_KIND Cannot read "bars.csv" as CSV: it is a zip archive
      parquet  TP_DATA_FILE_KIND Cannot read "bars.csv" as CSV: it is a Parquet file
      gzip     TP_DATA_FILE_KIND Cannot read "bars.csv" as CSV: it is gzip-compressed
      png      TP_DATA_FILE_KIND Cannot read "bars.csv" as CSV: it is a PNG image
      json     TP_DATA_FILE_KIND Cannot read "bars.csv" as CSV: it is JSON
      html     TP_DATA_FILE_KIND Cannot read "bars.csv" as CSV: it is HTML or XML, often an error page saved by a download
      utf16    TP_DATA_FILE_KIND Cannot read "bars.csv" as CSV: it is UTF-16 text
      binary   TP_DATA_FILE_KIND Cannot read "bars.csv" as CSV: it is a binary file of unknown kind"
    `);
  });

  test("when it holds trades, quotes, depth, factors, names or properties", async () => {
    const files: Record<string, string> = {
      trades: "timestamp,price,amount,side\n1700000000000,10,1,buy\n",
      "trades without a header": "1672531436,90.54,1.1\n1672531471,90.45,1.0\n",
      quotes: "datetime,bid,ask\n2020-01-01T17:00:00.065,1.12,1.13\n",
      depth: "symbol,timestamp,side,update_type,price,qty\nX,1700000000000,a,set,10,1\n",
      factors: "19980102,0.8613657,0.00892857,1\n20000620,0.8613657,0.00892857,101\n",
      names: "19980102,aapl,Q\n20501231,aapl,Q\n",
      properties: "market,symbol,minimum_price_variation,lot_size\nx,BTCUSD,0.01,0.0001\n",
    };
    const said: string[] = [];
    for (const [kind, content] of Object.entries(files)) {
      const refused = await refusal(content);
      expect(refused).toContain("TP_DATA_KIND");
      said.push(`${kind}: ${/it holds ([^,]*),/.exec(refused)?.[1]}`);
    }
    expect(said).toMatchInlineSnapshot(`
      [
        "trades: trades",
        "trades without a header: trades",
        "quotes: quotes",
        "depth: depth",
        "factors: a factor file",
        "names: a map file",
        "properties: symbol properties",
      ]
    `);
  });
});

describe("importCsv() refuses columns", () => {
  test("when one is not known, and loads when told to pass over it", async () => {
    const content = "date,open,high,low,close,RSI 14\n2024-01-01,1,2,1,2,50\n2024-01-02,1,2,1,2,50\n";
    expect(await refusal(content)).toMatchInlineSnapshot(`
      "TP_DATA_COLUMNS_UNKNOWN
      Cannot load "bars.csv": the meaning of column "RSI 14" is not known
        columns  date, open, high, low, close, RSI 14
        next     pass over it with --ignore-columns "RSI 14", or rename it"
    `);
    expect(await refusal(content, { ignoreColumns: ["rsi_14"] })).toBe("loaded");
  });

  test("when a price or the time is missing", async () => {
    expect(await refusal("date,open,high,close\n2024-01-01,1,2,1\n")).toMatchInlineSnapshot(`
      "TP_DATA_COLUMNS_MISSING
      Cannot load "bars.csv" as bars: its columns do not include low; loaded are bars (time, open, high, low, close, volume), bid-ask bars, and closes with one column per instrument
        columns  date, open, high, close
        next     rename the columns in the first line of the file: time,open,high,low,close,volume"
    `);
    expect(await refusal("open,high,low,close\n1,2,1,2\n")).toContain("it has no time column");
    expect(await refusal("name,size\nflare,\nbar,3\n")).toContain("TP_DATA_COLUMNS_MISSING");
  });

  test("when there is no header and the columns are not plainly bars", async () => {
    expect(await refusal("2024-01-01,10,9,11,10,5\n2024-01-02,10,9,11,10,5\n")).toMatchInlineSnapshot(`
      "TP_DATA_HEADER
      Cannot load "bars.csv": it has no header line, and its 6 columns are not time, open, high, low, close and perhaps volume
        line   1
        value  "2024-01-01,10,9,11,10,5"
        next   put a first line with the names of the columns: time,open,high,low,close,volume"
    `);
  });

  test("when bid and ask bars come without a side", async () => {
    const content =
      "date,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close\n2024-01-01,1,2,1,2,2,3,2,3\n2024-01-02,1,2,1,2,2,3,2,3\n";
    expect(await refusal(content)).toMatchInlineSnapshot(`
      "TP_DATA_SIDE
      Cannot load "bars.csv": it holds bid and ask bars, one side is loaded
        columns  date, bid_open, bid_high, bid_low, bid_close, ask_open, ask_high, ask_low, ask_close
        next     choose one: --side bid or --side ask"
    `);
    expect(await refusal(content, { side: "ask" })).toBe("loaded");
  });
});

describe("importCsv() refuses a row, naming line, column and value", () => {
  test("when a value is no number, missing or NaN", async () => {
    expect(await refusal(`${three}${minute(3)},10,abc,9,10,1\n`)).toMatchInlineSnapshot(`
      "TP_DATA_NOT_A_NUMBER
      Cannot load "bars.csv": a value is no number, a plain number such as 1234.5 is needed
        line    5
        column  high
        value   "abc"
        next    fill in the value or remove the row"
    `);
    for (const value of ["", "NaN", "null", "N/A"]) {
      expect(await refusal(`${three}${minute(3)},10,${value},9,10,1\n`)).toContain("a value is missing");
    }
    for (const value of ["inf", "1e999", "-Infinity"])
      expect(await refusal(`${three}${minute(3)},${value},11,9,10,1\n`)).toContain("infinite");
    expect(await refusal(`${three}${minute(3)},10,"1,234.5",9,10,1\n`)).toContain('"1,234.5"');
  });

  test("when a price is zero or below, or a volume negative", async () => {
    expect(await refusal(`${three}${minute(3)},10,11,0,10,1\n`)).toMatchInlineSnapshot(`
      "TP_DATA_NOT_POSITIVE
      Cannot load "bars.csv": a price is 0 or below, prices above 0 are allowed
        line    5
        column  low
        value   "0"
        next    correct or remove the row"
    `);
    expect(await refusal(`${three}${minute(3)},-10,11,9,10,1\n`)).toContain("TP_DATA_NOT_POSITIVE");
    expect(await refusal(`${three}${minute(3)},10,11,9,10,-1\n`)).toContain("a volume is below 0");
  });

  test("when the high is below the low", async () => {
    expect(await refusal(`${three}${minute(3)},10,9,11,10,1\n`)).toMatchInlineSnapshot(`
      "TP_DATA_HIGH_LOW
      Cannot load "bars.csv": a high is below the low of its bar, it must be at or above
        line    5
        column  high
        value   "9"
        low     11
        next    correct or remove the row; columns may be in another order than their names"
    `);
  });

  test("when it is earlier than the row above, also in a file with the newest first", async () => {
    expect(await refusal(HEADER + good(0) + good(2) + good(1))).toMatchInlineSnapshot(`
      "TP_DATA_UNSORTED
      Cannot load "bars.csv": a row is earlier than the row above it, rising times are needed
        line    4
        column  timestamp
        value   "2024-01-01T00:01:00Z"
        above   2024-01-01T00:02Z
        next    sort the file by time, oldest first"
    `);
    expect(await refusal(HEADER + good(2) + good(1) + good(0))).toContain("the newest comes first");
  });

  test("when its time is that of the row above", async () => {
    expect(await refusal(`${three}\n${good(2)}`)).toMatchInlineSnapshot(`
      "TP_DATA_DUPLICATE
      Cannot load "bars.csv": two rows have the same time, each bar has its own
        line    6
        column  timestamp
        value   "2024-01-01T00:02:00Z"
        above   2024-01-01T00:02Z
        next    remove one of the two rows, or split a file of several instruments"
    `);
  });

  test("when it has a field too few or too many", async () => {
    expect(await refusal(`${three}${minute(3)},10,11\n`)).toMatchInlineSnapshot(`
      "TP_DATA_FIELDS
      Cannot load "bars.csv": a row has 3 fields, the first line has 6
        line   5
        value  "2024-01-01T00:03:00Z,10,11"
        next   correct the row; the last row of a download that was cut off can be removed"
    `);
    expect(await refusal(`${three}${minute(3)},10,11,9,10,1,7\n`)).toContain("7 fields");
  });

  test("when a quote stays open", async () => {
    expect(await refusal(`${three}"${minute(3)},10,11,9,10,1\n`)).toContain("TP_DATA_QUOTE");
  });

  test("when it is longer than a row of prices can be", async () => {
    expect(await refusal(`${three}${"9".repeat(300_000)}\n${good(4)}`, { chunkBytes: 4_096 })).toContain("TP_DATA_ROW_LENGTH");
  });
});

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
