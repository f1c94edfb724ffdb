import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { alpha, beta } from "./benchmark-regression.ts";
import { captureRatio, downCapture, upCapture, upDownCapture } from "./capture.ts";
import { calmarRatio, maxDrawdown } from "./drawdown.ts";
import type { Figure } from "./figure.ts";
import { informationRatio } from "./information-ratio.ts";
import { omegaRatio } from "./omega.ts";
import { annualReturn, cumulativeReturns, simpleReturns, totalReturn } from "./returns.ts";
import { rollingAlpha, rollingBeta, rollingCapture, rollingMaxDrawdown, rollingSharpe } from "./rolling.ts";
import { sharpeRatio } from "./sharpe.ts";
import { sortinoRatio } from "./sortino.ts";
import { stability } from "./stability.ts";
import { conditionalValueAtRisk, tailRatio, valueAtRisk } from "./tail-risk.ts";
import { downsideRisk, volatility } from "./volatility.ts";

// Calls of a reference library recorded with its full-precision answers: ../shared beside the repository.
const FILE = new URL("../../../../../shared/data/fixtures/metrics/empyrical_cases.json", import.meta.url);

type Num = number | "NaN" | "Infinity" | "-Infinity";
interface Series {
  readonly kind: "series";
  readonly values: readonly Num[];
  readonly dates?: readonly string[];
}
interface Frame {
  readonly kind: "frame";
  readonly columns: Readonly<Record<string, readonly Num[]>>;
}
type Arg = number | string | Series | Frame | readonly number[];
interface Case {
  readonly id: string;
  readonly fn: string;
  readonly args: Readonly<Record<string, Arg>>;
  readonly expected: Num | Series | Frame | readonly Num[];
}

const PERIODS: Readonly<Record<string, number>> = { daily: 252, weekly: 52, monthly: 12, yearly: 1 };
const CAPTURE_KINDS = { roll_up_capture: "up", roll_down_capture: "down", roll_up_down_capture: "up-down" } as const;

/** How many calls of each kind must agree, from the list of definitions. */
const AT_LEAST: Readonly<Record<string, number>> = {
  simple_returns: 1,
  cum_returns: 2,
  cum_returns_final: 3,
  annual_return: 2,
  cagr: 3,
  annual_volatility: 2,
  sharpe_ratio: 5,
  downside_risk: 6,
  sortino_ratio: 8,
  max_drawdown: 4,
  calmar_ratio: 3,
  omega_ratio: 5,
  tail_ratio: 2,
  value_at_risk: 6,
  conditional_value_at_risk: 4,
  stability_of_timeseries: 2,
  beta: 5,
  alpha: 2,
  alpha_beta: 1,
  excess_sharpe: 3,
  capture: 2,
  up_capture: 3,
  down_capture: 3,
  up_down_capture: 3,
  roll_max_drawdown: 1,
  roll_sharpe_ratio: 2,
  roll_alpha_beta: 3,
  roll_up_down_capture: 2,
  roll_down_capture: 3,
  roll_up_capture: 3,
};

const NOT_BUILT: Readonly<Record<string, string>> = {
  gpd_risk_estimates_aligned: "not built: depends on an optimiser's path",
};

const column = (values: readonly Num[]): Float64Array => Float64Array.from(values, Number);

function seriesOf(arg: Arg): Float64Array {
  if (Array.isArray(arg)) return column(arg as readonly number[]);
  const record = arg as Series | Frame;
  return column(record.kind === "frame" ? Object.values(record.columns)[0]! : record.values);
}

/** Both series on the union of their dates, NaN where one has no row: the outer join. */
function joined(a: Arg, b: Arg): [Float64Array, Float64Array] {
  const left = seriesOf(a);
  const right = seriesOf(b);
  const leftDates = (a as Series).dates ?? [];
  const rightDates = (b as Series).dates ?? leftDates;
  // Long series are recorded without their dates; they share one grid.
  if (leftDates.length === 0 && left.length === right.length) return [left, right];
  const dates = [...new Set([...leftDates, ...rightDates])].toSorted();
  const place = (own: readonly string[], values: Float64Array): Float64Array =>
    Float64Array.from(dates, (date) => values[own.indexOf(date)] ?? Number.NaN);
  return [place(leftDates, left), place(rightDates, right)];
}

function rateOf(arg: Arg | undefined): number | Float64Array {
  return arg === undefined ? 0 : typeof arg === "number" ? arg : seriesOf(arg);
}

type Answer = Figure | readonly Figure[] | Float64Array | readonly (readonly Figure[])[];

function answer({ fn, args }: Case): Answer | undefined {
  const main = args["returns"] ?? args["arr"] ?? args["prices"]!;
  const r = seriesOf(main);
  const A = PERIODS[(args["period"] as string | undefined) ?? "daily"]!;
  const factor = args["factor_returns"];
  const pair = typeof factor === "object" ? joined(main, factor) : undefined;
  const window = Number(args["window"]);
  const perColumn = (of: (values: Float64Array) => Figure): Figure | readonly Figure[] =>
    typeof main === "object" && (main as Frame).kind === "frame"
      ? Object.values((main as Frame).columns).map((values) => of(column(values)))
      : of(r);
  switch (fn) {
    case "simple_returns":
      return simpleReturns(r);
    case "cum_returns":
      return cumulativeReturns(r);
    case "cum_returns_final":
      return totalReturn(r);
    case "annual_return":
    case "cagr":
      return annualReturn(r, A);
    case "annual_volatility":
      return volatility(r, A);
    case "sharpe_ratio":
      return sharpeRatio(r, A, rateOf(args["risk_free"]));
    case "downside_risk":
      return perColumn((values) => downsideRisk(values, A, rateOf(args["required_return"])));
    case "sortino_ratio":
      return perColumn((values) => sortinoRatio(values, A, rateOf(args["required_return"])));
    case "max_drawdown":
      return maxDrawdown(r);
    case "calmar_ratio":
      return calmarRatio(r, A);
    case "omega_ratio":
      return omegaRatio(r, A, rateOf(args["risk_free"]), Number(args["required_return"] ?? 0));
    case "tail_ratio":
      return tailRatio(r);
    case "value_at_risk":
      return valueAtRisk(r, Number(args["cutoff"]));
    case "conditional_value_at_risk":
      return conditionalValueAtRisk(r, Number(args["cutoff"]));
    case "stability_of_timeseries":
      return stability(r);
    case "beta":
      return beta(...pair!);
    case "alpha":
      return alpha(...pair!, A);
    case "alpha_beta":
      return [alpha(...pair!, A), beta(...pair!)];
    case "excess_sharpe":
      return pair === undefined ? informationRatio(r, Number(factor)) : informationRatio(...pair);
    case "capture":
      return captureRatio(...pair!, A);
    case "up_capture":
      return upCapture(...pair!, A);
    case "down_capture":
      return downCapture(...pair!, A);
    case "up_down_capture":
      return upDownCapture(...pair!, A);
    case "roll_max_drawdown":
      return rollingMaxDrawdown(r, window);
    case "roll_sharpe_ratio":
      return rollingSharpe(r, window, A);
    case "roll_alpha_beta":
      return [rollingAlpha(...pair!, window, A), rollingBeta(...pair!, window)];
    case "roll_up_capture":
    case "roll_down_capture":
    case "roll_up_down_capture":
      return rollingCapture(CAPTURE_KINDS[fn], ...pair!, window, A);
    default:
      return undefined;
  }
}

function agreesNumber(own: number | null, expected: number): boolean {
  if (own === null) return !Number.isFinite(expected);
  return own === expected || Math.abs(own - expected) <= 1e-8 * Math.max(Math.abs(own), Math.abs(expected)) + 1e-15;
}

function flatten(given: Answer): (number | null)[] {
  if (given instanceof Float64Array) return [...given];
  if (!Array.isArray(given)) return [(given as Figure).value];
  return (given as readonly Answer[]).flatMap(flatten);
}

function flattenExpected(expected: Case["expected"]): number[] {
  if (typeof expected !== "object") return [Number(expected)];
  if ("columns" in expected) return Object.values(expected.columns).flat().map(Number);
  return ("kind" in expected ? expected.values : expected).map(Number);
}

function agrees(given: Answer, expected: Case["expected"]): boolean {
  const own = flatten(given);
  const theirs = flattenExpected(expected);
  return own.length === theirs.length && own.every((value, i) => agreesNumber(value, theirs[i]!));
}

const present = existsSync(FILE);

test.skipIf(!present)(
  `the figures agree with the reference library call by call at 1e-8${present ? "" : " (skipped: ../shared/data is absent)"}`,
  () => {
    const { cases } = JSON.parse(readFileSync(FILE, "utf8")) as { readonly cases: readonly Case[] };
    const table = new Map<string, { agree: number; total: number; why: string[] }>();
    for (const one of cases) {
      const row = table.get(one.fn) ?? { agree: 0, total: 0, why: [] };
      table.set(one.fn, row);
      row.total += 1;
      const given = answer(one);
      if (given !== undefined && agrees(given, one.expected)) row.agree += 1;
      else row.why.push(NOT_BUILT[one.fn] ?? `${one.id}: unexplained`);
    }
    const lines = [...table].map(([fn, row]) => `${fn.padEnd(28)} ${row.agree}/${row.total}  ${[...new Set(row.why)].join("; ")}`);
    const total = [...table.values()].reduce((sum, row) => sum + row.agree, 0);
    console.log([...lines, `all${" ".repeat(26)}${total}/${cases.length}`].join("\n"));
    for (const [fn, least] of Object.entries(AT_LEAST)) expect(table.get(fn)?.agree, fn).toBeGreaterThanOrEqual(least);
    expect([...table.values()].flatMap((row) => row.why).filter((why) => why.endsWith("unexplained"))).toEqual([]);
  },
);
