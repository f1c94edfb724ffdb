import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { US_PER_DAY } from "../../model/time.ts";
import { type LeanBar, type LeanCase, type LeanResult, leanPeculiarity, leanPlan, runLeanCase } from "./lean.ts";

const SHARED = new URL("../../../../../../shared/data/", import.meta.url);
const FIXTURE = new URL("fixtures/backtest/lean_regression.json", SHARED);
const present = existsSync(FIXTURE);
const skipped = present ? "" : " (skipped: ../shared/data is absent)";

/** Cases of the fixture that agree. It may rise, never fall. */
const AGREEING = 3;

interface RecordedCase extends LeanCase {
  readonly start: string;
  readonly end: string;
  readonly expected: Readonly<Record<string, string>>;
}

const text = (path: string): string => readFileSync(new URL(path, SHARED), "utf8");

/** Rows of a file from the first to the last day of a case. */
function rowsOf(path: string, { start, end }: RecordedCase): readonly Readonly<Record<string, string>>[] {
  const [header, ...lines] = text(path).trim().split("\n");
  const names = header!.split(",");
  return lines
    .map((line) => Object.fromEntries(line.split(",").map((cell, k) => [names[k]!, cell])))
    .filter((row) => {
      const day = stampOf(row).slice(0, 10);
      return day >= start && day <= end;
    });
}

function stampOf(row: Readonly<Record<string, string>>): string {
  return row["datetime"] ?? row["date"]!;
}

function barsOf(each: RecordedCase): readonly LeanBar[] {
  const path = /^\S+\.csv/.exec(each.data)![0];
  const quotePath = path.replace(".csv", "_quote.csv");
  const quotes = new Map<string, Readonly<Record<string, string>>>();
  if (path.includes("minute") && existsSync(new URL(quotePath, SHARED))) {
    for (const row of rowsOf(quotePath, each)) quotes.set(stampOf(row), row);
  }
  const factorOn = factorsOf(path);
  const bars = rowsOf(path, each)
    .filter((row) => !each.data.includes("regular hours") || isRegular(stampOf(row).slice(11, 16)))
    .map((row) => {
      const stamp = stampOf(row);
      const quote = quotes.get(stamp);
      const factor = factorOn(stamp.slice(0, 10));
      return {
        openUs: Date.parse(stamp.endsWith("Z") ? stamp : stamp.length === 10 ? `${stamp}T00:00:00Z` : `${stamp}Z`) * 1_000,
        open: Number(row["open"]) * factor,
        high: Number(row["high"]) * factor,
        low: Number(row["low"]) * factor,
        close: Number(row["close"]) * factor,
        ...(quote === undefined ? {} : { bidClose: Number(quote["bid_close"]) * factor, askClose: Number(quote["ask_close"]) * factor }),
      };
    });
  return path.includes("crypto_daily") ? carriedForward(bars) : bars;
}

/** A day without a bar gets a flat one at the last close, as Lean lets its algorithms see and trade it. */
function carriedForward(bars: readonly LeanBar[]): readonly LeanBar[] {
  return bars.flatMap((bar, row) => {
    const next = bars[row + 1]?.openUs ?? bar.openUs;
    const missing = Math.max(0, Math.round((next - bar.openUs) / US_PER_DAY) - 1);
    const { close } = bar;
    return [
      bar,
      ...Array.from({ length: missing }, (_, k) => ({
        openUs: bar.openUs + (k + 1) * US_PER_DAY,
        open: close,
        high: close,
        low: close,
        close,
      })),
    ];
  });
}

function isRegular(time: string): boolean {
  return time >= "09:30" && time < "16:00";
}

/** Price times split factor in force on a day, by symbol of the path; 1 for what has no factor file. */
function factorsOf(path: string): (day: string) => number {
  const symbol = /equity_\w+\/([A-Z]+)/.exec(path)?.[1];
  const file = `market/equity_daily/${symbol}_factor_files.csv`;
  if (symbol === undefined || !existsSync(new URL(file, SHARED))) return () => 1;
  const rows = text(file)
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  return (day) => {
    const row = rows.find(([lastDay]) => lastDay! >= day.replaceAll("-", ""));
    return row === undefined ? 1 : Number(row[1]) * Number(row[2]);
  };
}

test.skipIf(!present)(`runLeanCase() agrees with Lean case by case${skipped}`, () => {
  const { cases } = JSON.parse(readFileSync(FIXTURE, "utf8")) as { readonly cases: readonly RecordedCase[] };
  let agreeing = 0;
  const table = cases.map((each) => {
    const plan = leanPlan(each);
    const differences =
      plan === undefined ? ["the rule is not among those known here"] : differencesOf(each, runLeanCase(each, plan, barsOf(each)));
    if (differences.length === 0) agreeing += 1;
    return {
      case: each.id,
      agrees: differences.length === 0 ? "yes" : "no",
      why: [...differences, ...(differences.length === 0 ? [] : [leanPeculiarity(each)])].join("; "),
    };
  });
  console.table(table);
  expect(agreeing).toBeGreaterThanOrEqual(Math.min(AGREEING, cases.length));
});

/** Orders exact; equity within 0.05 % of itself, ratios within 0.1 and the win rate within one percentage point, fees within a cent. */
function differencesOf(each: RecordedCase, result: LeanResult): string[] {
  const expected = (name: string): number => Number(each.expected[name]!.replace(/[$%,]/g, ""));
  const differences: string[] = [];
  const check = (name: string, actual: number, slack: number): void => {
    if (!(Math.abs(actual - expected(name)) <= slack)) differences.push(`${name} ${actual}, not ${expected(name)}`);
  };
  check("Total Orders", result.totalOrders, 0);
  check("End Equity", result.endEquity, 0.0005 * expected("End Equity"));
  check("Net Profit", result.netProfit * 100, 0.05);
  check("Drawdown", result.drawdown * 100, 0.1);
  check("Win Rate", result.winRate * 100, 1);
  check("Total Fees", result.totalFees, 0.01 * Math.max(1, result.totalOrders / 2));
  return differences;
}
