import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folder, HEADER, refusal, refusalOf, three } from "./refused-csv.ts";

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
