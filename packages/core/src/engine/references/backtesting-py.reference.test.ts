import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { peerPeculiarity, runPeerCase } from "./backtesting-py.ts";
import { differencesOf, type PeerRun } from "./backtesting-py-differences.ts";
import type { ReferenceBar } from "./reference-run.ts";

const SHARED = new URL("../../../../../../shared/data/", import.meta.url);
const FIXTURE = new URL("fixtures/backtest/backtestingpy_runs.json", SHARED);
const present = existsSync(FIXTURE);
const skipped = present ? "" : " (skipped: ../shared/data is absent)";

/** Cases of the fixture that agree in every compared value. It may rise, never fall. */
const AGREEING = 14;

function barsOf(name: string): readonly ReferenceBar[] {
  const text = readFileSync(new URL(`market/backtesting-py/${name}.csv`, SHARED), "utf8");
  const [, ...rows] = text.trim().split("\n");
  return rows.map((row) => {
    const [stamp, open, high, low, close] = row.split(",");
    const iso = stamp!.includes(" ") ? `${stamp!.replace(" ", "T")}Z` : `${stamp}T00:00:00Z`;
    return { openUs: Date.parse(iso) * 1_000, open: Number(open), high: Number(high), low: Number(low), close: Number(close) };
  });
}

test.skipIf(!present)(`runPeerCase() agrees with backtesting.py case by case${skipped}`, () => {
  const runs = (JSON.parse(readFileSync(FIXTURE, "utf8")) as { readonly runs: readonly PeerRun[] }).runs;
  const data = new Map<string, readonly ReferenceBar[]>();
  let agreeing = 0;
  const table = runs.map((run) => {
    if (!data.has(run.data)) data.set(run.data, barsOf(run.data));
    const differences = differencesOf(run, runPeerCase(run, data.get(run.data)!));
    if (differences.length === 0) agreeing += 1;
    return {
      case: `${run.id} ${run.data} ${run.strategy}`,
      trades: run.trades.length,
      agrees: differences.length === 0 ? "yes" : "no",
      why: differences.length === 0 ? "" : [peerPeculiarity(run), ...differences.slice(0, 3)].filter(Boolean).join("; "),
    };
  });
  console.table(table);
  expect(agreeing).toBeGreaterThanOrEqual(Math.min(AGREEING, runs.length));
});
