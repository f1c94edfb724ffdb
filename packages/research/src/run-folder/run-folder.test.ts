import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { type OptionValues, resolveOptions } from "../options/resolve-options.ts";
import type { BacktestResult } from "../run/backtest-result.ts";
import { openData } from "../run/open-data.ts";
import { runBacktest } from "../run/run-backtest.ts";
import { loadStrategy } from "../strategy-file/load-strategy.ts";
import { EMA_CROSS, waveCsv } from "../testing/sample-strategies.ts";
import { tempFolder } from "../testing/temp-folder.ts";
import { buildReportModel } from "./build-report-model.ts";
import { listRuns, readRun } from "./read-run.ts";
import { runsRoot } from "./runs-root.ts";
import { writeRunFolder } from "./write-run-folder.ts";

async function smallRun(flags: OptionValues = {}): Promise<BacktestResult> {
  const folder = tempFolder({ "strategy.ts": EMA_CROSS, "wave.csv": waveCsv(120) });
  const strategy = await loadStrategy(`${folder}/strategy.ts`);
  const data = await openData({ reference: `${folder}/wave.csv`, options: {} });
  return runBacktest({
    strategy,
    data,
    params: { fast: 3, slow: 8 },
    options: resolveOptions({ flags: { "fee.taker": 0.001, ...flags } }),
  });
}

function linesOf(folder: string, name: string): string[] {
  return readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
}

test("writeRunFolder() writes manifest, summary, tables and report under start, strategy and hash", async () => {
  const result = await smallRun();
  const folder = await writeRunFolder(result, tempFolder());
  expect(basename(folder)).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-ema-cross-[0-9a-f]{8}$/);
  expect(basename(folder)).toContain(result.runHash.slice(4, 12));
  expect(readdirSync(folder).sort()).toEqual([
    "equity.csv",
    "fills.csv",
    "manifest.json",
    "orders.csv",
    "report.html",
    "round-trips.csv",
    "summary.json",
  ]);
  expect(linesOf(folder, "fills.csv").slice(0, 3)).toMatchInlineSnapshot(`
    [
      "seq,time,trade,order,instrument,side,quantity,price,notional,fee,slippage,liquidity,cause,tag,reason",
      "3,2020-01-09T00:00Z,1,1,WAVE@FILE,buy,880.70800765,107.76,94905.094904,94.905095,0,taker,order,,fast above slow",
      "6,2020-01-20T00:00Z,2,2,WAVE@FILE,sell,880.70800765,108.58,95627.275471,95.627275,0,taker,order,,fast below slow",
    ]
  `);
  expect(linesOf(folder, "orders.csv").slice(0, 2)).toMatchInlineSnapshot(`
    [
      "id,submitted,instrument,source,side,type,time_in_force,reduce_only,post_only,quantity,limit,trigger,parent,group,state,cause,filled_quantity,ended,tag,reason",
      "1,2020-01-09T00:00Z,WAVE@FILE,strategy,buy,market,GTC,false,false,880.70800765,,,,,filled,,880.70800765,2020-01-09T00:00Z,,fast above slow",
    ]
  `);
  expect(linesOf(folder, "round-trips.csv").slice(0, 2)).toMatchInlineSnapshot(`
    [
      "id,instrument,side,state,entry,exit,bars,quantity,entry_price,exit_price,pnl,return,r,fees,slippage,favourable,adverse,entry_reason,exit_reason,exit_cause",
      "1,WAVE@FILE,long,closed,2020-01-09T00:00Z,2020-01-20T00:00Z,11,880.70800765,107.76,108.58,531.648197,0.0056018931074,,190.53237,0,0.0254268745399,-0.00463994060494,fast above slow,fast below slow,order",
    ]
  `);
  expect(linesOf(folder, "equity.csv").slice(0, 3)).toMatchInlineSnapshot(`
    [
      "time,equity,drawdown,benchmark",
      "2020-01-01T00:00Z,100000,0,100000",
      "2020-01-02T00:00Z,100000,0,100000",
    ]
  `);
  expect(linesOf(folder, "fills.csv").length).toBe(result.fills.length + 1);
  expect(linesOf(folder, "equity.csv").length).toBe(result.equity.equity.length + 1);
  expect(readFileSync(join(folder, "report.html"), "utf8")).toContain(result.runHash);
});

test("the manifest holds what is needed to run again, and the origin of every option", async () => {
  const { manifest } = await readRun(await writeRunFolder(await smallRun(), tempFolder()));
  expect(manifest).toMatchObject({
    schema: 1,
    strategy: { name: "ema-cross", codeDigest: expect.stringMatching(/^sha256:/), modules: [{ name: "strategy.ts" }] },
    params: { fast: 3, slow: 8, fraction: 0.95 },
    origins: { "fee.taker": "flag", capital: "default", "params.fast": "flag", "params.fraction": "default" },
    range: { from: null, to: null },
    inputs: [
      {
        name: "main",
        instrument: "WAVE@FILE",
        interval: "1d",
        bars: 120,
        dataset: { digest: expect.stringMatching(/^sha256:/), source: { options: {} } },
        resolution: { tick: { value: "0.01" } },
      },
    ],
  });
  expect(manifest.inputs[0]!.dataset!.source!.reference).toMatch(/wave\.csv$/);
});

test("writeRunFolder() gives a number to a name that is taken", async () => {
  const result = await smallRun();
  const root = tempFolder();
  const folders = await Promise.all([1, 2, 3].map(() => writeRunFolder(result, root)));
  const name = basename(folders[0]!).replace(/-\d$/, "");
  expect(folders.map((folder) => basename(folder).slice(name.length)).sort()).toEqual(["", "-2", "-3"]);
  expect(readdirSync(root).length).toBe(3);
});

test("writeRunFolder() leaves nothing behind when it is aborted in the middle", async () => {
  const result = await smallRun();
  const root = tempFolder();
  const abort = new AbortController();
  let written: string[] = [];
  const interrupted: BacktestResult = {
    ...result,
    get roundTrips() {
      written = readdirSync(root).flatMap((name) => readdirSync(join(root, name)).map((file) => `${name.slice(-8)}/${file}`));
      abort.abort(new Error("interrupted"));
      return result.roundTrips;
    },
  };
  await expect(writeRunFolder(interrupted, root, { signal: abort.signal })).rejects.toThrow("interrupted");
  expect(written).toContain(".partial/fills.csv");
  expect(readdirSync(root)).toEqual([]);
});

test("writeRunFolder() names the folder when the system refuses it", async () => {
  const root = tempFolder({ file: "" });
  await expect(writeRunFolder(await smallRun(), join(root, "file"))).rejects.toThrow("TP_RUN_FOLDER_WRITE: Cannot write the run to");
});

test("listRuns() lists runs newest first and passes over what is none", async () => {
  const root = tempFolder({ "notes.txt": "", "some/manifest.json": "{}", "half.partial/manifest.json": "{}" });
  const first = await writeRunFolder(await smallRun(), root);
  const second = await writeRunFolder(await smallRun({ capital: 5_000 }), root);
  const runs = await listRuns(root);
  expect(new Set(runs.map(({ folder }) => folder))).toEqual(new Set([first, second]));
  expect(runs[0]!.manifest.startedAt >= runs[1]!.manifest.startedAt).toBe(true);
  expect(new Set(runs.map(({ summary }) => summary.summary.openingEquity))).toEqual(new Set([100_000, 5_000]));
  expect(await listRuns(join(root, "nowhere"))).toEqual([]);
});

test("readRun() names what is missing or damaged", async () => {
  const folder = await writeRunFolder(await smallRun(), tempFolder());
  await expect(readRun(join(folder, "nowhere"))).rejects.toThrow("TP_RUN_NOT_FOUND");
  writeFileSync(join(folder, "summary.json"), "{");
  await expect(readRun(folder)).rejects.toThrow("its summary.json is not JSON");
  writeFileSync(join(folder, "summary.json"), '{"schema": 2}');
  await expect(readRun(folder)).rejects.toThrow("has schema 2, allowed is 1");
});

test("runsRoot() takes the flag, then the data folder of the environment, then the working folder", () => {
  expect(runsRoot("/a", { TRADEPULSE_DATA_DIR: "/b" })).toBe("/a");
  expect(runsRoot(undefined, { TRADEPULSE_DATA_DIR: "/b" })).toBe("/b/runs");
  expect(runsRoot(undefined, {})).toBe(join(process.cwd(), "runs"));
});

test("buildReportModel() holds every figure once, and series of one length", async () => {
  const model = buildReportModel(await smallRun());
  const ids = model.figures.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(model.headline.every((id) => ids.includes(id))).toBe(true);
  expect(model.figures.every(({ value, reason, text }) => (value === null ? reason !== undefined : text !== ""))).toBe(true);
  expect(model.equity.drawdown.length).toBe(model.equity.timeUs.length);
  expect(model.equity.benchmark!.length).toBe(model.equity.timeUs.length);
  expect(model.prices[0]!.close.length).toBe(120);
  expect(model.markers.length).toBeGreaterThan(4);
  expect(model.configuration.find(({ key }) => key === "fee.taker")).toEqual({ key: "fee.taker", value: "0.001", origin: "flag" });
  expect(model.configuration.find(({ key }) => key === "participation")!.value).toBe("no limit");
  expect(model.figures.find(({ id }) => id === "netProfit")!.text).toMatch(/USD$/);
});
