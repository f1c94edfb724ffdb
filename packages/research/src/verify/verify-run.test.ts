import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resolveOptions } from "../options/resolve-options.ts";
import { openData } from "../run/open-data.ts";
import { runBacktest } from "../run/run-backtest.ts";
import { writeRunFolder } from "../run-folder/write-run-folder.ts";
import { loadStrategy } from "../strategy-file/load-strategy.ts";
import { EMA_CROSS, waveCsv } from "../testing/sample-strategies.ts";
import { tempFolder, writeIn } from "../testing/temp-folder.ts";
import type { VerifyReport } from "./verify-report.ts";
import { verifyRun } from "./verify-run.ts";

/** A stored run on a wave of 150 days, and the folder with its strategy and its data. */
async function storedRun(reference = "wave.csv"): Promise<{ readonly home: string; readonly folder: string }> {
  const home = tempFolder({ "strategy.ts": EMA_CROSS, "wave.csv": waveCsv(150) });
  const strategy = await loadStrategy(`${home}/strategy.ts`);
  const data = await openData({
    reference: reference.endsWith(".csv") ? `${home}/${reference}` : reference,
    options: { from: "2020-02-01" },
  });
  const options = resolveOptions({ flags: { "fee.taker": 0.001, "limits.maxOpenOrders": 5 } });
  const result = await runBacktest({ strategy, data, params: { fast: 3, slow: 8 }, options });
  return { home, folder: await writeRunFolder(result, join(home, "runs")) };
}

function differing({ rows }: VerifyReport): string[] {
  return rows.filter(({ same }) => !same).map(({ what, about }) => `${what} ${about}`.trim());
}

test("verifyRun() repeats a run from its manifest, bit for bit", async () => {
  const { folder } = await storedRun();
  const report = await verifyRun(folder);
  expect(report.ok).toBe(true);
  expect(report.rows.map(({ what }) => what)).toEqual(["engine version", "node version", "code digest", "data digest", "run hash"]);
  expect(differing(report)).toEqual([]);
});

test("verifyRun() repeats runs on bundled and on synthetic data", async () => {
  for (const reference of ["sp500", "synth:seed=4,bars=30000,interval=1h"]) {
    const { folder } = await storedRun(reference);
    expect(differing(await verifyRun(folder))).toEqual([]);
  }
});

test("verifyRun() says that code and run differ when the strategy changed its mind", async () => {
  const { home, folder } = await storedRun();
  writeIn(home, "strategy.ts", EMA_CROSS.replace("quick.value > steady.value", "quick.value > steady.value * 1.01"));
  const report = await verifyRun(folder);
  expect(report.ok).toBe(false);
  expect(differing(report)).toEqual(["code digest", "run hash"]);
});

test("verifyRun() shows a changed comment and still confirms the run", async () => {
  const { home, folder } = await storedRun();
  writeIn(home, "strategy.ts", `${EMA_CROSS}\n// a comment\n`);
  const report = await verifyRun(folder);
  expect(report.ok).toBe(true);
  expect(differing(report)).toEqual(["code digest"]);
});

test("verifyRun() says that data and run differ when the file has other prices", async () => {
  const { home, folder } = await storedRun();
  writeIn(home, "wave.csv", waveCsv(150, 1));
  expect(differing(await verifyRun(folder))).toEqual(["data digest main", "run hash"]);
});

test("verifyRun() finds a manifest whose parameters were changed", async () => {
  const { folder } = await storedRun();
  const path = join(folder, "manifest.json");
  writeFileSync(path, readFileSync(path, "utf8").replace('"fast": 3', '"fast": 5'));
  expect(differing(await verifyRun(folder))).toEqual(["run hash"]);
});

test("verifyRun() names what is gone", async () => {
  const { home, folder } = await storedRun();
  rmSync(join(home, "wave.csv"));
  await expect(verifyRun(folder)).rejects.toThrow("TP_DATA_NOT_FOUND");
  rmSync(join(home, "strategy.ts"));
  await expect(verifyRun(folder)).rejects.toThrow("TP_STRATEGY_FILE_NOT_FOUND");
});
