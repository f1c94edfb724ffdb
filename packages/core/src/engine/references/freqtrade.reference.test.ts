import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type FreqtradeCase, type FreqtradeTrade, freqtradePeculiarities, runFreqtradeCase } from "./freqtrade.ts";

const FIXTURE = new URL("../../../../../../shared/data/fixtures/backtest/freqtrade_detail.json", import.meta.url);
const present = existsSync(FIXTURE);
const skipped = present ? "" : " (skipped: ../shared/data is absent)";

/** Cases of the fixture that agree. It may rise, never fall. */
const AGREEING = 21;

interface RecordedCase extends FreqtradeCase {
  readonly id: string;
  readonly title: readonly string[];
  readonly trades: readonly Omit<FreqtradeTrade, "profit">[];
  /** Sum of the profit ratios, to three decimals. */
  readonly profit_perc: number;
}

test.skipIf(!present)(`runFreqtradeCase() agrees with freqtrade case by case${skipped}`, () => {
  const { cases } = JSON.parse(readFileSync(FIXTURE, "utf8")) as { readonly cases: readonly RecordedCase[] };
  let agreeing = 0;
  const table = cases.map((each) => {
    const differences = differencesOf(each, runFreqtradeCase(each));
    if (differences.length === 0) agreeing += 1;
    return {
      case: each.id,
      agrees: differences.length === 0 ? "yes" : "no",
      why: differences.length === 0 ? "" : `${differences.join("; ")} (${freqtradePeculiarities(each)})`,
    };
  });
  console.table(table);
  expect(agreeing).toBeGreaterThanOrEqual(Math.min(AGREEING, cases.length));
});

function differencesOf(each: RecordedCase, trades: readonly FreqtradeTrade[]): string[] {
  const differences: string[] = [];
  if (trades.length !== each.trades.length) differences.push(`${trades.length} trades, not ${each.trades.length}`);
  for (const [k, expected] of each.trades.entries()) {
    const trade = trades[k];
    if (trade === undefined) break;
    for (const name of ["exit_reason", "open_tick", "close_tick", "enter_tag", "is_short"] as const) {
      if (trade[name] !== expected[name]) differences.push(`trade ${k} ${name} ${trade[name]}, not ${expected[name]}`);
    }
  }
  const profit = trades.reduce((sum, trade) => sum + trade.profit, 0);
  if (!(Math.abs(profit - each.profit_perc) <= 0.0005 + 1e-9)) differences.push(`profit ${profit.toFixed(4)}, not ${each.profit_perc}`);
  return differences;
}
