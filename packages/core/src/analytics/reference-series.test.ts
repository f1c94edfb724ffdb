import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { backtestOverfitting } from "./backtest-overfitting.ts";
import { alpha, beta } from "./benchmark-regression.ts";
import { downCapture, upCapture } from "./capture.ts";
import { calmarRatio, maxDrawdown } from "./drawdown.ts";
import type { Figure } from "./figure.ts";
import { informationRatio } from "./information-ratio.ts";
import { kurtosis, skewness } from "./moments.ts";
import { omegaRatio } from "./omega.ts";
import { annualReturn, calendarGrowthRate, simpleReturns, totalReturn } from "./returns.ts";
import { sharpeRatio } from "./sharpe.ts";
import { deflatedSharpe, expectedMaximum, luckySharpe, probabilisticSharpe } from "./sharpe-inference.ts";
import { sortinoRatio } from "./sortino.ts";
import { stability } from "./stability.ts";
import { conditionalValueAtRisk, tailRatio, valueAtRisk } from "./tail-risk.ts";
import { downsideRisk, volatility } from "./volatility.ts";

const SHARED = new URL("../../../../../shared/data/", import.meta.url);
const present = existsSync(new URL("fixtures/metrics/real_series.json", SHARED));
const skipped = present ? "" : " (skipped: ../shared/data is absent)";

const text = (path: string): string => readFileSync(new URL(path, SHARED), "utf8");
const json = <T>(path: string): T => JSON.parse(text(path)) as T;

interface SeriesCase {
  readonly id: string;
  readonly data: string;
  readonly column: string;
  readonly from: string;
  readonly to: string;
  readonly n_returns: number;
  readonly periods_per_year: number;
  readonly expected: Readonly<Record<string, number>>;
}

/** Close-to-close returns by date. */
function returnsByDate(path: string, column: string): Map<string, number> {
  const [header, ...rows] = text(path)
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const at = header!.indexOf(column);
  const returns = simpleReturns(Float64Array.from(rows, (row) => Number(row[at])));
  return new Map(rows.slice(1).map((row, i) => [row[0]!.slice(0, 10), returns[i]!]));
}

function figuresOf(r: Float64Array, b: Float64Array, A: number): Readonly<Record<string, Figure>> {
  return {
    cum_returns_final: totalReturn(r),
    annual_return: annualReturn(r, A),
    "annual_volatility(ddof1)": volatility(r, A),
    sharpe_rf0: sharpeRatio(r, A),
    "sharpe_rf_0.0001_per_period": sharpeRatio(r, A, 0.0001),
    sortino_mar0: sortinoRatio(r, A),
    max_drawdown: maxDrawdown(r),
    calmar: calmarRatio(r, A),
    omega_rf0: omegaRatio(r, A),
    tail_ratio: tailRatio(r),
    stability_r2: stability(r),
    downside_risk: downsideRisk(r, A),
    VaR_5pct_historical: valueAtRisk(r),
    CVaR_5pct: conditionalValueAtRisk(r),
    VaR_1pct_historical: valueAtRisk(r, 0.01),
    skew_population: skewness(r),
    kurtosis_population_nonexcess: kurtosis(r),
    alpha_annual: alpha(r, b, A),
    beta: beta(r, b),
    "excess_sharpe(information ratio, not annualised)": informationRatio(r, b),
    up_capture: upCapture(r, b, A),
    down_capture: downCapture(r, b, A),
  };
}

test.skipIf(!present)(`every figure of three real price series agrees at 1e-8${skipped}`, () => {
  const { cases } = json<{ readonly cases: readonly SeriesCase[] }>("fixtures/metrics/real_series.json");
  const benchmark = returnsByDate("market/equity_daily/SPY.csv", "close");
  let checked = 0;
  for (const one of cases) {
    const rows = [...returnsByDate(one.data, one.column)].filter(([date]) => date >= one.from && date <= one.to);
    expect(rows, one.id).toHaveLength(one.n_returns);
    const own = Float64Array.from(rows, ([, r]) => r);
    const other = Float64Array.from(rows, ([date]) => benchmark.get(date) ?? Number.NaN);
    const figures = figuresOf(own, other, one.periods_per_year);
    for (const [name, expected] of Object.entries(one.expected)) {
      expect(Math.abs(figures[name]!.value! / expected - 1), `${one.id} ${name}`).toBeLessThan(1e-8);
      checked += 1;
    }
  }
  console.log(`real series: ${checked}/${checked} figures agree`);
  expect(checked).toBe(56);
});

type InferenceCase = Readonly<Record<string, number>> & { readonly id: string; readonly returns: readonly number[]; readonly data: string };

test.skipIf(!present)(`Sharpe inference and overfitting agree with the published examples${skipped}`, () => {
  const byId = new Map(json<readonly InferenceCase[]>("fixtures/metrics/sharpe_inference.json").map((one) => [one.id, one]));
  const near = (own: Figure, expected: number, tolerance = 1e-8): void =>
    expect(Math.abs(own.value! / expected - 1)).toBeLessThan(tolerance);

  const largest = byId.get("expected_max_100")!;
  near(expectedMaximum(largest["N"]!), largest["expected"]!);

  const dsr = byId.get("dsr-paper")!;
  const year = dsr["periods_per_year"]!;
  const trials = { count: dsr["N"]!, sharpeVariance: dsr["var_trials_annual"]! / year };
  const sample = { sharpe: dsr["sr_annual"]! / Math.sqrt(year), count: dsr["T"]!, skewness: dsr["skew"]!, kurtosis: dsr["kurtosis"]! };
  near(luckySharpe(trials), 0.113172, 1e-5);
  near(deflatedSharpe(sample, trials), dsr["expected"]!);

  const psr = byId.get("psr-efficient-frontier")!;
  near(
    probabilisticSharpe({ sharpe: psr["sr"]!, count: psr["T"]!, skewness: psr["skew"]!, kurtosis: psr["kurtosis"]! }, psr["benchmark"]),
    psr["expected"]!,
  );

  const iid = byId.get("sharpe_iid")!;
  near(sharpeRatio(Float64Array.from(iid.returns), 1, iid["risk_free_per_period"]), iid["expected"]!, 1e-6);

  const omega = byId.get("omega")!;
  near(omegaRatio(Float64Array.from(omega.returns), 1, 0, omega["target"]), omega["expected"]!);

  const pbo = byId.get("pbo-etf")!;
  const rows = text("market/etf_daily_close_23.csv")
    .trim()
    .split("\n")
    .slice(1, 1002)
    .map((line) => line.split(",").slice(1).map(Number));
  const columns = Array.from({ length: pbo["columns"]! }, (_, i) => simpleReturns(Float64Array.from(rows, (row) => row[i]!)));
  const result = backtestOverfitting(columns, pbo["S"]!);
  expect(result.logits).toHaveLength(pbo["n_combinations"]!);
  near(result.probability, pbo["expected"]!);
  const logitMean = result.logits.reduce((sum, logit) => sum + logit, 0) / result.logits.length;
  expect(Math.abs(logitMean / pbo["logit_mean"]! - 1)).toBeLessThan(1e-8);
});

interface PeerRun {
  readonly id: string;
  readonly broker: { readonly cash: number };
  readonly stats: Readonly<Record<string, number>>;
}

test.skipIf(!present)(`calendarGrowthRate() agrees with the CAGR of every recorded run of a peer${skipped}`, () => {
  const { runs } = json<{ readonly runs: readonly PeerRun[] }>("fixtures/backtest/backtestingpy_runs.json");
  for (const run of runs) {
    const own = calendarGrowthRate(run.broker.cash, run.stats["Equity Final [$]"]!, 0, run.stats["Duration"]! * 1e6);
    expect(Math.abs(own.value! * 100 - run.stats["CAGR [%]"]!), run.id).toBeLessThan(1e-8);
  }
  expect(runs.length).toBe(14);
});
