import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatTimeUs } from "@tradepulse/core";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { intervalName } from "../time/interval.ts";
import { type CsvImport, type CsvImportOptions, importCsv } from "./import-csv.ts";
import type { ImportProgress } from "./scan-file.ts";

const folder = mkdtempSync(join(tmpdir(), "tradepulse-csv-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
async function load(content: string, options: CsvImportOptions = {}): Promise<CsvImport> {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, content);
  return await importCsv(path, options);
}

/** One line per bar: open time, prices, volume. */
function rows({ series }: CsvImport, which = 0): string[] {
  const { columns } = series[which]!;
  return Array.from(columns.close, (close, i) =>
    [
      formatTimeUs(columns.openUs[i]!),
      columns.open[i],
      columns.high[i],
      columns.low[i],
      close,
      columns.volumeKnown ? columns.volume[i] : "?",
    ].join(" "),
  );
}

const PLAIN = ["2024-01-01T00:00Z 10 11.5 9 10.25 100", "2024-01-01T00:01Z 10.25 12 10 11 0.5"];

describe("importCsv() reads the same bars", () => {
  const text = "timestamp,open,high,low,close,volume\n2024-01-01T00:00:00Z,10,11.5,9,10.25,100\n2024-01-01T00:01:00Z,10.25,12,10,11,0.5\n";
  const forms: Record<string, string> = {
    "plain rows": text,
    "no line feed at the end": text.trimEnd(),
    "carriage returns": text.replaceAll("\n", "\r\n"),
    "a byte order mark": `\uFEFF${text}`,
    "blank lines": text.replaceAll("\n", "\n\n"),
    semicolons: text.replaceAll(",", ";"),
    tabs: text.replaceAll(",", "\t"),
    "spaces around the values": text.replaceAll(",", " , "),
    quotes: text.replace(/[^,\n]+/g, '"$&"'),
    "exponents, signs and trailing zeros": text
      .replace(",10.25,12,", ",+1.025e1,12.00,")
      .replace(",100\n", ",1e2\n")
      .replace(",0.5", ",.5"),
    "names in another case and order":
      "VOLUME,Close,<LOW>,High,Open,DateTime\n100,10.25,9,11.5,10,2024-01-01 00:00Z\n0.5,11,10,12,10.25,2024-01-01 00:01Z\n",
    seconds: "time,open,high,low,close,volume\n1704067200,10,11.5,9,10.25,100\n1704067260,10.25,12,10,11,0.5\n",
    milliseconds: "timestamp_ms,open,high,low,close,volume\n1704067200000,10,11.5,9,10.25,100\n1704067260000,10.25,12,10,11,0.5\n",
    microseconds: "t,o,h,l,c,v\n1704067200000000,10,11.5,9,10.25,100\n1704067260000000,10.25,12,10,11,0.5\n",
    nanoseconds: "timestamp,open,high,low,close,volume\n1704067200000000123,10,11.5,9,10.25,100\n1704067260000000999,10.25,12,10,11,0.5\n",
    "a unit for the header":
      "1. timestamp,1. open,2. high,3. low,4. close,5. volume\n2024-01-01 00:00:00,10,11.5,9,10.25,100\n2024-01-01 00:01:00,10.25,12,10,11,0.5\n",
    "date and clock apart":
      "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOL>\n2024.01.01\t00:00\t10\t11.5\t9\t10.25\t100\n2024.01.01\t00:01\t10.25\t12\t10\t11\t0.5\n",
    "no header": "20240101 000000;10;11.5;9;10.25;100\n20240101 000100;10.25;12;10;11;0.5\n",
    "a venue's dump without a header":
      "1704067200000,10,11.5,9,10.25,100,1704067259999,1,2,3,4,0\n1704067260000,10.25,12,10,11,0.5,1704067319999,1,2,3,4,0\n",
    "an offset":
      "timestamp,open,high,low,close,volume\n2024-01-01 01:00:00+01:00,10,11.5,9,10.25,100\n2024-01-01 01:01:00+01:00,10.25,12,10,11,0.5\n",
    "an offset that changes":
      "timestamp,open,high,low,close,volume\n2024-01-01 01:00:00+01:00,10,11.5,9,10.25,100\n2024-01-01 02:01:00+02:00,10.25,12,10,11,0.5\n",
    "month first": "date,open,high,low,close,volume\n1/1/2024 12:00:00 AM,10,11.5,9,10.25,100\n1/1/2024 12:01:00 AM,10.25,12,10,11,0.5\n",
  };
  test.each(Object.keys(forms))("when the file has %s", async (form) => {
    const options: CsvImportOptions = form === "month first" ? { dateOrder: "month-first" } : {};
    const imported = await load(forms[form]!, options);
    expect(rows(imported)).toEqual(PLAIN);
    expect(imported.intervalUs).toBe(60_000_000);
  });
});

test("importCsv() reads the same columns whatever the size of its chunks, and counts rows and bytes on the way", async () => {
  const text = `timestamp,open,high,low,close,volume\r\n${Array.from({ length: 500 }, (_, i) => `${1_704_067_200 + i * 60},${i + 1},${i + 2},${i + 0.5},${i + 1.25},${i % 7 === 0 ? "1e3" : i}\r\n`).join("")}`;
  const whole = rows(await load(text));
  for (const chunkBytes of [23, 37, 64, 1_000, 4_096]) {
    const seen: ImportProgress[] = [];
    expect(rows(await load(text, { chunkBytes, progress: (progress) => seen.push(progress) }))).toEqual(whole);
    expect(seen.at(-1)).toEqual({ bytesDone: text.length, bytesTotal: text.length, rows: 500 });
  }
});

test("importCsv() stops with the signal's reason when it is aborted on the way", async () => {
  const text = `time,open,high,low,close\n${Array.from({ length: 5_000 }, (_, i) => `${1_704_067_200 + i * 60},1,2,1,2\n`).join("")}`;
  const controller = new AbortController();
  const loading = load(text, {
    chunkBytes: 1_000,
    signal: controller.signal,
    progress: ({ rows: done }) => done > 1_000 && controller.abort(new Error("interrupted")),
  });
  await expect(loading).rejects.toThrow("interrupted");
});

test("importCsv() reads a number as Number() does, to the last bit", async () => {
  const plain = fc.tuple(fc.bigInt(0n, 10n ** 18n), fc.nat(12)).map(([digits, places]) => {
    const padded = digits.toString().padStart(places + 1, "0");
    return places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
  });
  const odd = fc.constantFrom(
    "1e-7",
    "2.5E+3",
    "+7",
    "007.50",
    "5.",
    ".125",
    "4.9e-324",
    "1.7976931348623157e308",
    "9007199254740993",
    "0.1000000000000000055511151231257827",
  );
  const shortest = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }).map(String);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof({ weight: 5, arbitrary: plain }, odd, shortest), { minLength: 2, maxLength: 60 }), async (texts) => {
      const { series } = await load(
        `time,open,high,low,close,volume\n${texts.map((text, i) => `${1_704_067_200 + i * 60},1,2,1,2,${text}\n`).join("")}`,
      );
      expect(Array.from(series[0]!.columns.volume)).toEqual(texts.map(Number));
    }),
    { numRuns: 300 },
  );
});

test("importCsv() takes one column as one instrument when a file holds closes of several, and leaves out empty cells", async () => {
  const imported = await load("Date,AAA,BBB\n2024-01-01,1.5,20\n2024-01-02,,21\n2024-01-03,1.75,22\n");
  expect(imported.kind).toBe("wide closes");
  expect(imported.series.map(({ name, missingCells }) => [name, missingCells])).toEqual([
    ["AAA", 1],
    ["BBB", 0],
  ]);
  expect(rows(imported, 0)).toEqual(["2024-01-01T00:00Z 1.5 1.5 1.5 1.5 ?", "2024-01-03T00:00Z 1.75 1.75 1.75 1.75 ?"]);
  expect(rows(imported, 1)).toHaveLength(3);
});

test("importCsv() loads the side asked for when a file holds bid and ask bars", async () => {
  const text =
    "date,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close\n2024-01-01,1,2,1,2,3,4,3,4\n2024-01-02,2,3,2,3,4,5,4,5\n";
  expect(rows(await load(text, { side: "bid" }))[0]).toBe("2024-01-01T00:00Z 1 2 1 2 ?");
  expect(rows(await load(text, { side: "ask" }))[0]).toBe("2024-01-01T00:00Z 3 4 3 4 ?");
});

test("importCsv() says what it took for granted", async () => {
  const { findings } = await load(",Open,High,Low,Close,Adj Close,Volume\n2024-01-01,1,2,1,2,1.9,5\n2024-01-02,1,2,1,2,1.9,5\n");
  expect(findings.map(({ code, text }) => `${code}: ${text}`)).toMatchInlineSnapshot(`
    [
      "columns-ignored: columns not used: Adj Close",
      "no-zone: times state no zone: read as UTC; use --timezone if they are local",
    ]
  `);
});

test("importCsv() converts local times to UTC across the change of clocks when given their zone", async () => {
  const text = "date,open,high,low,close\n2024-03-08 09:30,1,2,1,2\n2024-03-08 10:30,1,2,1,2\n2024-03-11 09:30,1,2,1,2\n";
  const imported = await load(text, { timezone: "America/New_York" });
  expect(rows(imported).map((row) => row.slice(0, 17))).toEqual(["2024-03-08T14:30Z", "2024-03-08T15:30Z", "2024-03-11T13:30Z"]);
});

test("importCsv() ends daily bars at midnight of the zone when dates have no clock", async () => {
  const text = "date,open,high,low,close\n2024-03-08,1,2,1,2\n2024-03-09,1,2,1,2\n2024-03-10,1,2,1,2\n";
  const { series, intervalUs } = await load(text, { timezone: "America/New_York" });
  expect(intervalName(intervalUs)).toBe("1d");
  expect(Array.from(series[0]!.columns.closeUs, formatTimeUs)).toEqual(["2024-03-09T05:00Z", "2024-03-10T05:00Z", "2024-03-11T04:00Z"]);
});

test("importCsv() grows its columns when later rows are far shorter than the first", async () => {
  const long = `1704067200,${"1".padEnd(120, "0").replace(/0{119}$/, "")}${".".padEnd(100, "0")}1,2,1,2\n`;
  const text = `time,open,high,low,close\n${long.repeat(1)}${Array.from({ length: 4_000 }, (_, i) => `${1_704_067_260 + i * 60},1,2,1,2\n`).join("")}`;
  const { series } = await load(text);
  expect(series[0]!.columns.length).toBe(4_001);
});

test("importCsv() takes zero volume in every bar for unknown volume, and in some bars for none", async () => {
  const at = (minute: number, volume: number): string => `2024-01-01T00:0${minute}:00Z,10,11,9,10,${volume}\n`;
  const header = "timestamp,open,high,low,close,volume\n";
  expect((await load(header + at(0, 0) + at(1, 0))).series[0]!.columns.volumeKnown).toBe(false);
  expect((await load(header + at(0, 0) + at(1, 5))).series[0]!.columns.volumeKnown).toBe(true);
});
