import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fill } from "../model/fill.ts";
import { instrument } from "../model/instrument.ts";
import { timeUsFromCivil, US_PER_DAY } from "../model/time.ts";
import { definitionOf, figureDefinitions } from "./definitions.ts";
import type { Figure } from "./figure.ts";
import { type SummaryInput, summarize } from "./summary.ts";

const share = instrument({ id: "ACME@TEST", priceScale: 2, lotScale: 0 });
const USD = 1_000_000;
const startUs = timeUsFromCivil(2026, 3, 2);

const fill = (day: number, side: 1 | -1, lots: number, price: number, fee = 0): Fill => ({
  seq: day,
  timeUs: startUs + day * US_PER_DAY,
  tradeId: day,
  orderId: day,
  instrumentIndex: 0,
  accountId: 0,
  strategyId: 0,
  side,
  lots,
  notional: lots * price * USD,
  fee: fee * USD,
  slippage: 0,
  liquidity: "taker",
  cause: "order",
  reason: "",
  tag: "",
});

/** A run with one equity sample at each day's end; equity in whole dollars. */
function run(equity: readonly number[], extra: Partial<SummaryInput> = {}): SummaryInput {
  return {
    startUs,
    endUs: startUs + equity.length * US_PER_DAY,
    openingEquity: 1000 * USD,
    equityTimeUs: Float64Array.from(equity, (_, i) => startUs + (i + 1) * US_PER_DAY),
    equity: Float64Array.from(equity, (value) => value * USD),
    fills: [],
    marks: Float64Array.of(Number.NaN),
    instruments: [share],
    calendar: "24/7",
    ...extra,
  };
}

test("summarize() of a small run agrees with the figures worked out by hand", () => {
  const fills = [fill(1, 1, 10, 10, 1), fill(2, -1, 10, 15, 1), fill(3, -1, 10, 12)];
  const summary = summarize(run([1000, 1100, 990, 1089], { fills, marks: Float64Array.of(11), maxDrawdownBars: -0.2 }));
  expect(summary).toMatchObject({
    currency: "USD",
    returnsPer: "day",
    returnCount: 4,
    periodsPerYear: 365,
    openingEquity: 1000,
    finalEquity: 1089,
    peakEquity: 1100,
    ruined: false,
    fillCount: 3,
    roundTripCount: 1,
    longCount: 1,
    shortCount: 0,
    openPositionCount: 1,
  });
  const values = Object.fromEntries(Object.entries(summary.figures).map(([id, one]) => [id, one.value]));
  expect(values["totalReturn"]).toBeCloseTo(0.089, 14);
  expect(values["netProfit"]).toBe(89);
  expect(values["cagr"]).toBeCloseTo(1.089 ** (365.25 / 4) - 1, 6);
  expect(values["annualReturn"]).toBeCloseTo(1.089 ** (365 / 4) - 1, 6);
  expect(values["maxDrawdown"]).toBeCloseTo(-0.1, 14);
  expect(values["maxDrawdownBars"]).toBe(-0.2);
  expect(values["maxDrawdownLength"]).toBe(2 * US_PER_DAY);
  expect(values["longestDrawdownSessions"]).toBe(2);
  expect(values["bestReturn"]).toBeCloseTo(0.1, 14);
  expect(values["worstReturn"]).toBeCloseTo(-0.1, 14);
  // Returns 0, 0.1, -0.1, 0.1: mean 0.025, squared deviations 0.000625 0.005625 0.015625 0.005625 over 3.
  expect(values["sharpe"]).toBeCloseTo((0.025 / Math.sqrt(0.0275 / 3)) * Math.sqrt(365), 10);
  expect(values["winRate"]).toBe(1);
  expect(values["expectancy"]).toBe(48);
  expect(values["expectancyReturn"]).toBeCloseTo(0.48, 14);
  expect(values["exposure"]).toBeCloseTo(0.5, 14);
  expect(values["fees"]).toBe(2);
  expect(summary.figures.maxDrawdownRecovery).toEqual({ value: null, reason: "too-few" });
  expect(summary.figures.profitFactor).toEqual({ value: null, reason: "zero-denominator", sign: 1 });
  expect(summary.figures.alpha).toEqual({ value: null, reason: "no-benchmark" });
  expect(summary.figures.grossExposure).toEqual({ value: null, reason: "too-few" });
  expect(summary.months).toEqual([
    { year: 2026, months: expect.arrayContaining([expect.closeTo(0.089, 14)]), total: expect.closeTo(0.089, 14) },
  ]);
});

test("summarize() compares with the benchmark on the same days", () => {
  const equity = Float64Array.of(1010, 1000, 1020, 1030);
  const { equityTimeUs } = run([1, 1, 1, 1]);
  const own = [1020, 1000, 1040, 1050];
  const summary = summarize(run(own, { benchmark: { openingEquity: 1000, timeUs: equityTimeUs, equity } }));
  expect(summary.figures.benchmarkReturn.value).toBeCloseTo(0.03, 14);
  expect(summary.figures.beta.value).toBeGreaterThan(1);
  expect(summary.figures.informationRatio.value).toBeGreaterThan(0);
});

test("summarize() of a ruined run says ruined where growth has no meaning, and keeps what has", () => {
  const { figures, ruined, finalEquity } = summarize(run([900, -50, -50]));
  expect(ruined).toBe(true);
  expect(finalEquity).toBe(-50);
  expect(figures.totalReturn.value).toBeCloseTo(-1.05, 14);
  expect(figures.maxDrawdown).toEqual({ value: -1 });
  for (const id of ["cagr", "annualReturn", "sharpe", "sortino", "calmar", "omega", "probabilisticSharpe"] as const) {
    expect(figures[id], id).toEqual({ value: null, reason: "ruined" });
  }
});

test("summarize() of a run that never traded has no ratio instead of a zero", () => {
  const { figures } = summarize(run([1000, 1000, 1000]));
  expect(figures.totalReturn).toEqual({ value: 0 });
  expect(figures.volatility).toEqual({ value: 0 });
  expect(figures.sharpe).toEqual({ value: null, reason: "zero-denominator", sign: 0 });
  expect(figures.winRate).toEqual({ value: null, reason: "too-few" });
  expect(figures.fees).toEqual({ value: 0 });
  expect(summarize(run([])).figures.totalReturn).toEqual({ value: null, reason: "too-few" });
});

test("summarize() gives the deflated ratio only when the trials are given", () => {
  const input = run([1010, 1005, 1030, 1020, 1040]);
  expect(summarize(input).figures.deflatedSharpe).toEqual({ value: null, reason: "too-few" });
  const { figures } = summarize({ ...input, trials: { count: 100, sharpeVariance: 0.01 } });
  expect(figures.deflatedSharpe.value!).toBeLessThan(figures.probabilisticSharpe.value!);
});

test("summarize() refuses instruments quoted in several currencies", () => {
  const euro = instrument({ id: "ACME@EU", quote: "EUR" });
  expect(() => summarize(run([1000], { instruments: [share, euro] }))).toThrow("TP_ANALYTICS_CURRENCIES");
});

test("a summary survives JSON unchanged, and its figures are finite or say why not", () => {
  const dollars = fc.array(fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.constant(0), fc.constant(-3)), { maxLength: 20 });
  fc.assert(
    fc.property(dollars, fc.boolean(), (equity, withBenchmark) => {
      const plain = run(equity, { fills: [fill(1, 1, 3, 10, 1), fill(2, -1, 5, 9)] });
      const benchmark = { openingEquity: plain.openingEquity, timeUs: plain.equityTimeUs, equity: plain.equity.toReversed() };
      const summary = summarize(withBenchmark ? { ...plain, benchmark } : plain);
      expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
      for (const [id, one] of Object.entries<Figure>(summary.figures)) {
        expect(one.value === null ? one.reason.length > 0 : Number.isFinite(one.value), id).toBe(true);
      }
    }),
  );
});

test("the definitions cover every figure of a summary, in whole sentences", () => {
  const ids = new Set<string>(figureDefinitions.map((one) => one.id));
  for (const id of Object.keys(summarize(run([1000])).figures)) expect(ids.has(id), id).toBe(true);
  for (const one of figureDefinitions) {
    expect(one.definition, one.id).toMatch(/^[A-Z].*\.$/);
    expect(one.undefinedWhen, one.id).not.toMatch(/\.$/);
  }
  expect(definitionOf("sharpe")).toMatchObject({ id: "sharpe", title: "Sharpe ratio", unit: "number" });
});
