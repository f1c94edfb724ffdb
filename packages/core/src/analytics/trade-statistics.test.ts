import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type TradeOutcome, tradeStatistics } from "./trade-statistics.ts";

const trade = (pnl: number, returnFraction: number | null = pnl / 100, rMultiple: number | null = null, heldUs = 10): TradeOutcome => ({
  pnl,
  returnFraction,
  rMultiple,
  heldUs,
});

test("tradeStatistics() of wins, losses and a trade that came out even", () => {
  const stats = tradeStatistics([trade(30), trade(-10), trade(-5), trade(0), trade(15, 0.5, 2, 60)]);
  expect(stats.winRate).toEqual({ value: 0.4 });
  expect(stats.averageWin).toEqual({ value: 22.5 });
  expect(stats.averageLoss).toEqual({ value: -7.5 });
  expect(stats.payoffRatio).toEqual({ value: 3 });
  expect(stats.profitFactor).toEqual({ value: 3 });
  expect(stats.profitFactorOfReturns.value).toBeCloseTo(0.8 / 0.15, 12);
  expect(stats.expectancy).toEqual({ value: 6 });
  expect(stats.expectancyReturn.value).toBeCloseTo(0.13, 14);
  expect(stats.expectancyR).toEqual({ value: 2 });
  // Squared deviations from 6: 576 256 121 36 81, over 4: 267.5.
  expect(stats.sqn.value).toBeCloseTo((Math.sqrt(5) * 6) / Math.sqrt(267.5), 13);
  expect(stats.bestTrade).toEqual({ value: 30 });
  expect(stats.worstTrade).toEqual({ value: -10 });
  expect(stats.bestTradeReturn).toEqual({ value: 0.5 });
  expect(stats.worstTradeReturn).toEqual({ value: -0.1 });
  expect(stats.averageHolding).toEqual({ value: 20 });
  expect(stats.longestLosingStreak).toEqual({ value: 2 });
});

test("tradeStatistics() without a loss has no profit factor, and says that it would be infinite", () => {
  const stats = tradeStatistics([trade(10), trade(20)]);
  expect(stats.profitFactor).toEqual({ value: null, reason: "zero-denominator", sign: 1 });
  expect(stats.payoffRatio).toEqual({ value: null, reason: "zero-denominator", sign: 1 });
  expect(stats.averageLoss).toEqual({ value: null, reason: "too-few" });
  expect(stats.longestLosingStreak).toEqual({ value: 0 });
});

test("tradeStatistics() of equal trades has no SQN", () => {
  expect(tradeStatistics([trade(10), trade(10)]).sqn).toEqual({ value: null, reason: "zero-denominator", sign: 1 });
  expect(tradeStatistics([trade(10)]).sqn).toEqual({ value: null, reason: "too-few" });
});

test("tradeStatistics() of no trades is undefined throughout", () => {
  for (const [name, value] of Object.entries(tradeStatistics([]))) expect(value, name).toEqual({ value: null, reason: "too-few" });
});

const RUNS = new URL("../../../../../shared/data/fixtures/backtest/backtestingpy_runs.json", import.meta.url);
const present = existsSync(RUNS);

interface PeerRun {
  readonly id: string;
  readonly stats: Readonly<Record<string, number | null>>;
  readonly trade_columns: readonly string[];
  readonly trades: readonly (readonly (number | string | null)[])[];
}

test.skipIf(!present)(
  `tradeStatistics() agrees with the recorded runs of a peer${present ? "" : " (skipped: ../shared/data is absent)"}`,
  () => {
    const { runs } = JSON.parse(readFileSync(RUNS, "utf8")) as { readonly runs: readonly PeerRun[] };
    let checked = 0;
    for (const run of runs) {
      if (run.trades.length !== run.stats["# Trades"] || run.trades.length === 0) continue;
      const at = (name: string): number => run.trade_columns.indexOf(name);
      const stats = tradeStatistics(run.trades.map((row) => trade(Number(row[at("PnL")]), Number(row[at("ReturnPct")]))));
      const pairs = [
        [stats.winRate.value, Number(run.stats["Win Rate [%]"]) / 100],
        [stats.bestTradeReturn.value, Number(run.stats["Best Trade [%]"]) / 100],
        [stats.worstTradeReturn.value, Number(run.stats["Worst Trade [%]"]) / 100],
        [stats.profitFactorOfReturns.value, run.stats["Profit Factor"]],
        [stats.expectancyReturn.value, Number(run.stats["Expectancy [%]"]) / 100],
        [stats.sqn.value, run.stats["SQN"]],
      ] as const;
      for (const [own, peer] of pairs) {
        if (own === null || peer === null || peer === undefined) continue;
        expect(Math.abs(own - peer), run.id).toBeLessThan(1e-8 * (1 + Math.abs(peer)));
        checked += 1;
      }
    }
    console.log(`trade statistics of recorded runs: ${checked} figures agree`);
    expect(checked).toBeGreaterThan(60);
  },
);
