import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BarColumns, buy, close, defineStrategy, sma } from "@tradepulse/core";
import { loadDataset } from "@tradepulse/data";
import { resolveOptions, runBacktest } from "@tradepulse/research";
import { referenceBars } from "../engine/reference-data.ts";
import { writeNpy } from "./write-npy.ts";

/** 2015-01-01: the reference bars start at the epoch, which dates of people rarely do. */
const START_US = 1_420_070_400_000_000;
const UNITS = 100;
/** Row of the first decision: all libraries have both averages by then. */
const FIRST = 50;

/** The work of the peers bench: 100 units while the fast average stands above the slow one. */
const cross = defineStrategy({
  name: "peers-cross",
  create(_params, { indicator }) {
    const fast = indicator(sma(10));
    const slow = indicator(sma(50));
    return {
      onBar(bar, { position }) {
        if (bar.index < FIRST) return;
        if (position.isFlat && fast.value > slow.value) return buy({ quantity: UNITS });
        if (position.isLong && fast.value < slow.value) return close();
      },
    };
  },
});

const options = resolveOptions({ flags: { capital: 1e7, "fee.taker": 0.0005, "slippage.kind": "fraction", "slippage.amount": 0.0001 } });

/** Writes the bars into a folder: the CSV that we import and cache, and the arrays that the Python side reads. */
export async function exportBars(folder: string, bars: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { open, high, low, close: last, openUs } = referenceBars(bars);
  const lines = ["timestamp,open,high,low,close,volume"];
  for (let row = 0; row < bars; row += 1) {
    const prices = [open, high, low, last].map((column) => column[row]!.toFixed(8)).join(",");
    lines.push(`${(START_US + openUs[row]!) / 1e6},${prices},1000`);
  }
  writeFileSync(join(folder, "bars.csv"), `${lines.join("\n")}\n`);
  const columns = await loadColumns(folder);
  for (const name of ["openUs", "open", "high", "low", "close", "volume"] as const) writeNpy(join(folder, `${name}.npy`), columns[name]);
}

async function loadColumns(folder: string): Promise<BarColumns> {
  return (await loadOurs(folder)).instruments[0]!.columns;
}

function loadOurs(folder: string): ReturnType<typeof loadDataset> {
  return loadDataset(join(folder, "bars.csv"), { cache: "always", cacheDirectory: join(folder, "cache"), instrument: "PEERS@BENCH" });
}

/** What our side made of the work. Seconds of processor time, by part. */
export interface OurRun {
  readonly seconds: number;
  readonly loadSeconds: number;
  /** The run of the strategy alone, by the clock. */
  readonly runSeconds: number;
  readonly equity: number;
  readonly fills: number;
}

/**
 * The full path of the product on the first bars: cached columns from disk, the run, buy-and-hold beside it, metrics, fills, orders, round
 * trips, findings and run hash.
 */
export async function runOurs(folder: string, bars?: number): Promise<OurRun> {
  const before = process.cpuUsage();
  const dataset = await loadOurs(folder);
  const loaded = process.cpuUsage(before);
  if (dataset.cache !== "read") throw new Error("the bars did not come from the cache");
  const all = dataset.instruments[0]!.columns.openUs;
  const end = bars === undefined || bars >= all.length ? {} : { toUs: all[bars]! };
  const result = await runBacktest({ strategy: cross(), data: { dataset }, options, comparisons: { delay: false }, ...end });
  const used = process.cpuUsage(before);
  return {
    seconds: (used.user + used.system) / 1e6,
    loadSeconds: (loaded.user + loaded.system) / 1e6,
    runSeconds: result.elapsedMs / 1e3,
    equity: result.equity.equity.at(-1)!,
    fills: result.fills.length,
  };
}
