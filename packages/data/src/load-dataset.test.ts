import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FailureError, formatTimeUs, timeUsFromCivil } from "@tradepulse/core";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { listDatasets } from "./bundled-datasets.ts";
import { defaultCacheDirectory } from "./cache/dataset-cache.ts";
import type { Dataset } from "./dataset.ts";
import { describeDataset } from "./describe.ts";
import { type LoadOptions, loadDataset } from "./load-dataset.ts";
import { parseSynthReference } from "./synth/synth-reference.ts";
import { synthesizeBars } from "./synth/synthesize-bars.ts";
import { writeCsv } from "./write-csv.ts";

const folder = mkdtempSync(join(tmpdir(), "tradepulse-load-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const columnsOf = ({ instruments }: Dataset): number[][] =>
  instruments.flatMap(({ columns: c }) =>
    [c.openUs, c.closeUs, c.open, c.high, c.low, c.close, c.volume].map((column) => Array.from(column)),
  );

async function codeOf(reference: string, options: LoadOptions): Promise<string> {
  try {
    await loadDataset(reference, options);
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code;
    throw error;
  }
  return "loaded";
}

describe("loadDataset()", () => {
  test("loads every bundled dataset by its name, with its licence, and labels the synthetic one", async () => {
    const said: string[] = [];
    for (const { name } of listDatasets()) {
      const { instruments, provenance } = await loadDataset(name, { cache: "never" });
      const { columns, instrument } = instruments[0]!;
      said.push(
        `${name}: ${instrument.id}, ${columns.length} bars, ${provenance.licence}, ${provenance.source}${provenance.synthetic ? ", SYNTHETIC" : ""}`,
      );
    }
    expect(said).toMatchInlineSnapshot(`
      [
        "sp500: SP500@SAMPLE, 5105 bars, BSD-3-Clause, vega-datasets 3.2.1, data/sp500-2000.csv",
        "aapl: AAPL@SAMPLE, 1260 bars, ISC, @observablehq/sample-datasets 1.0.1, aapl.csv",
        "synth: SYNTH@SYNTHETIC, 100000 bars, MIT, synth:seed=1,bars=100000,interval=1m,start=2024-01-01T00:00Z,price=100,decimals=2,gaps=0,volatility=0.6,calendar=24/7, SYNTHETIC",
      ]
    `);
  });

  test("gives the same columns and digest again when it wrote them as CSV before", async () => {
    const path = join(folder, "round-trip.csv");
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(8),
        fc.boolean(),
        fc.constantFrom("1s", "1m", "1h", "1d"),
        async (seed, decimals, volumeKnown, interval) => {
          const made = synthesizeBars({ ...parseSynthReference(`synth:bars=300,gaps=0.02,interval=${interval}`), seed, decimals });
          const columns = volumeKnown ? made : { ...made, volumeKnown, volume: new Float64Array(made.length) };
          await writeCsv(path, columns);
          const read = await loadDataset(path, { interval, cache: "never" });
          expect(read.instruments[0]!.columns).toEqual(columns);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("keeps the bars before --from for warm-up, and ends before --to", async () => {
    const { instruments, range } = await loadDataset("synth:bars=100,interval=1d", { from: "2024-01-11", to: "2024-01-20T00:00-05:00" });
    const { columns, warmupBars } = instruments[0]!;
    expect(warmupBars).toBe(10);
    expect(formatTimeUs(columns.openUs[warmupBars]!)).toBe("2024-01-11T00:00Z");
    expect(formatTimeUs(columns.openUs.at(-1)!)).toBe("2024-01-20T00:00Z");
    expect(range).toEqual({ fromUs: timeUsFromCivil(2024, 1, 11), toUs: timeUsFromCivil(2024, 1, 20, 5) });
  });

  test("names the whole dataset by its digest, whatever part of it is asked for", async () => {
    const whole = await loadDataset("synth:bars=100");
    const part = await loadDataset("synth:bars=100", { from: "2024-01-01T00:10Z", to: "2024-01-01T00:20Z" });
    expect(part.digest).toBe(whole.digest);
    expect(part.instruments[0]!.resolution).toEqual(whole.instruments[0]!.resolution);
  });

  test("refuses a range that is empty, reversed, no time, or outside the dataset", async () => {
    expect(await codeOf("synth", { from: "2024-01-02", to: "2024-01-02" })).toBe("TP_DATA_RANGE");
    expect(await codeOf("synth", { from: "soon" })).toBe("TP_DATA_RANGE");
    expect(await codeOf("synth", { from: "2050-01-01" })).toBe("TP_DATA_RANGE");
    expect(await codeOf("synth", { to: "1990-01-01" })).toBe("TP_DATA_RANGE");
  });

  test("refuses options that are not allowed, and a file that is not there", async () => {
    const path = join(folder, "one.csv");
    writeFileSync(path, "date,A,B\n2024-01-01,1,2\n2024-01-02,1,2\n");
    expect(await codeOf(path, { interval: "7x" })).toBe("TP_DATA_OPTION");
    expect(await codeOf(path, { instrument: "A-USD@X" })).toBe("TP_DATA_OPTION");
    expect(await codeOf(path, { tick: "0" })).toBe("TP_DATA_OPTION");
    expect(await codeOf("sp501", {})).toBe("TP_DATA_NOT_FOUND");
    expect(await codeOf("synth:bars=0", {})).toBe("TP_DATA_SYNTH");
  });
});

describe("the cache", () => {
  const cacheDirectory = join(folder, "cache");
  const path = join(folder, "cached.csv");
  const options: LoadOptions = { cache: "always", cacheDirectory };

  async function fresh(): Promise<Dataset> {
    rmSync(cacheDirectory, { recursive: true, force: true });
    await writeCsv(path, synthesizeBars(parseSynthReference("synth:bars=500,gaps=0.01")));
    return await loadDataset(path, options);
  }

  test("gives the dataset that the import gave", async () => {
    const imported = await fresh();
    const cached = await loadDataset(path, options);
    expect([imported.cache, cached.cache]).toEqual(["written", "read"]);
    expect({ ...cached, cache: "", instruments: [] }).toEqual({ ...imported, cache: "", instruments: [] });
    expect(columnsOf(cached)).toEqual(columnsOf(imported));
    expect(cached.instruments[0]!.instrument).toEqual(imported.instruments[0]!.instrument);
  });

  test("is made anew when the file or an option that matters changed, and not for another range", async () => {
    await fresh();
    expect((await loadDataset(path, { ...options, from: "2024-01-01T00:05Z" })).cache).toBe("read");
    expect((await loadDataset(path, { ...options, tick: "0.01" })).cache).toBe("written");
    utimesSync(path, new Date(1), new Date(1));
    expect((await loadDataset(path, options)).cache).toBe("written");
    expect((await loadDataset(path, options)).cache).toBe("read");
  });

  test("is ignored and written again when it is damaged", async () => {
    const imported = await fresh();
    const [name] = readdirSync(cacheDirectory);
    const bytes = readFileSync(join(cacheDirectory, name!));
    bytes[bytes.length - 5]! ^= 1;
    writeFileSync(join(cacheDirectory, name!), bytes);
    const again = await loadDataset(path, options);
    expect(again.cache).toBe("written");
    expect(columnsOf(again)).toEqual(columnsOf(imported));
    expect((await loadDataset(path, options)).cache).toBe("read");
  });

  test("is off when its folder cannot be written, and the load goes on", async () => {
    await fresh();
    expect((await loadDataset(path, { cache: "always", cacheDirectory: join(path, "no-folder") })).cache).toBe("off");
    expect((await loadDataset(path, { ...options, cache: "never" })).cache).toBe("off");
  });

  test("lies in TRADEPULSE_DATA_DIR when that is set, else in the project", () => {
    expect(defaultCacheDirectory("/", "/data")).toBe(join("/data", "cache"));
    writeFileSync(join(folder, "package.json"), "{}");
    expect(defaultCacheDirectory(folder, undefined)).toBe(join(folder, ".tradepulse", "cache"));
  });
});

test("describeDataset() sums up a dataset in plain values", async () => {
  const summary = describeDataset(await loadDataset("aapl", { cache: "never", from: "2018-01-01" }), 4);
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  expect(summary).toMatchInlineSnapshot(`
    {
      "cache": "off",
      "digest": "sha256:20527e7d69ee1888894d617bba72bd300bada3208b902523ce0869db92305a3f",
      "findings": [
        {
          "code": "columns-ignored",
          "count": 1,
          "severity": "note",
          "text": "columns not used: Adj Close",
        },
        {
          "code": "no-zone",
          "severity": "note",
          "text": "times state no zone: read as UTC; use --timezone if they are local",
        },
        {
          "code": "gaps",
          "count": 45,
          "instrument": "AAPL@SAMPLE",
          "severity": "note",
          "text": "45 gaps, 45 weekdays missing against weekdays at 1d (holidays among them), the longest from 2013-05-25T00:00Z",
        },
      ],
      "instruments": [
        {
          "calendar": "weekdays",
          "from": "2013-05-13T00:00Z",
          "highest": 190.369995,
          "id": "AAPL@SAMPLE",
          "interval": "1d",
          "last": 188.589996,
          "lot": "1",
          "lotOrigin": "one share",
          "lowest": 55.552856,
          "priceUnit": "0.00000001",
          "quote": "USD",
          "rows": 1260,
          "sparkline": [
            64.96286,
            109.25,
            103.129997,
            188.589996,
          ],
          "tick": "0.000001",
          "tickOrigin": "inferred from all prices",
          "to": "2018-05-12T00:00Z",
          "volume": "known",
          "warmupBars": 1169,
        },
      ],
      "kind": "bars",
      "licence": "ISC",
      "name": "aapl",
      "notes": 3,
      "schema": 1,
      "source": "@observablehq/sample-datasets 1.0.1, aapl.csv",
      "stamp": "open",
      "synthetic": false,
      "timezone": "UTC",
      "warnings": 0,
    }
  `);
});
