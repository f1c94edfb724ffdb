import {
  type Fill,
  type Finding,
  fillsOf,
  findingsOf,
  type Instrument,
  type OrderRow,
  ordersOf,
  powerOfTen,
  priceOf,
  type RoundTrip,
  type RunCounts,
  roundTripsOf,
  type Summary,
  sampleEquity,
  summarize,
} from "@tradepulse/core";
import type { RunOptions } from "../options/run-options.ts";
import type { EquityPoints } from "./backtest-result.ts";
import type { BoundRun } from "./bind-inputs.ts";
import type { DrivenRun } from "./drive-engine.ts";
import { grossNotionalAt } from "./gross-notional.ts";

/** What the analytics make of an engine's run. */
export interface Evaluation {
  readonly fills: readonly Fill[];
  readonly orders: readonly OrderRow[];
  readonly roundTrips: readonly RoundTrip[];
  readonly equity: EquityPoints;
  readonly barEquity: EquityPoints | null;
  readonly counts: RunCounts;
  readonly summary: Summary;
  readonly findings: readonly Finding[];
}

/** Orders, fills, round trips and figures of a finished run. */
export function evaluateRun(
  run: BoundRun,
  driven: DrivenRun,
  options: RunOptions,
  benchmark: EquityPoints | null,
  about: { readonly parameterCount: number; readonly delayedTotalReturn?: number },
): Evaluation {
  const { instruments, startUs, endUs } = run;
  const { engine } = driven;
  const fills = fillsOf(engine.events);
  const orders = ordersOf(engine.events);
  const columns = instruments.map((_, index) => engine.executionSeries[index]!.columns);
  const marks = Float64Array.from(columns, ({ close, length }) => close[length - 1] ?? Number.NaN);
  const barCloseUs = columns.map(({ closeUs, length }) => closeUs.subarray(0, length));
  const roundTrips = roundTripsOf(fills, { instruments, marks, endUs, stops: stopsOf(orders, instruments), barCloseUs });
  const equity = tradedPart(
    { timeUs: Float64Array.from(engine.samples.timesUs), equity: Float64Array.from(engine.samples.values) },
    startUs,
    options.capital,
  );
  const barEquity = driven.barEquity === null ? null : tradedPart(driven.barEquity, startUs, options.capital);
  const sampled = options.returns === "bar" ? barEquity! : equity;
  const quanta = powerOfTen(instruments[0]!.quote.scale);
  const calendar = instruments.some((each) => each.calendar === "24/7") ? "24/7" : "weekdays";
  const opening = Math.round(options.capital * quanta);
  const inQuanta = sampled.equity.map((money) => money * quanta);
  const grossNotional = grossNotionalAt(sampled.timeUs, fills, instruments, columns);
  const curve = { startUs, openingEquity: opening, timeUs: sampled.timeUs, equity: inQuanta, calendar } as const;
  const summary = summarize({
    startUs,
    endUs,
    openingEquity: opening,
    equityTimeUs: sampled.timeUs,
    equity: inQuanta,
    grossNotional,
    maxDrawdownBars: driven.maxDrawdown === 0 ? 0 : -driven.maxDrawdown,
    fills,
    roundTrips,
    marks,
    instruments,
    calendar,
    ...(benchmark === null ? {} : { benchmark: { openingEquity: options.capital, timeUs: benchmark.timeUs, equity: benchmark.equity } }),
    riskFree: riskFreePerPeriod(options.riskFree, () => sampleEquity(curve, options.returns).periodsPerYear),
    returnsPer: options.returns,
  });
  const counts = countsOf(
    driven,
    orders,
    columns.every(({ volumeKnown }) => volumeKnown),
  );
  const findings = findingsOf({ summary, fills, roundTrips, counts, ...about });
  return { fills, orders, roundTrips, equity, barEquity: options.equity === "bar" ? barEquity : null, counts, summary, findings };
}

/** Equity from the start of trading on: the opening, then what was sampled after it. */
export function tradedPart(points: EquityPoints, startUs: number, capital: number): EquityPoints {
  const found = points.timeUs.findIndex((timeUs) => timeUs > startUs);
  const first = found < 0 ? points.timeUs.length : found;
  return { timeUs: joined(startUs, points.timeUs.subarray(first)), equity: joined(capital, points.equity.subarray(first)) };
}

function joined(first: number, rest: Float64Array): Float64Array {
  const all = new Float64Array(rest.length + 1);
  all[0] = first;
  all.set(rest, 1);
  return all;
}

/** The first protective stop of each entry, as a decimal price: what a round trip risked. */
function stopsOf(orders: readonly OrderRow[], instruments: readonly Instrument[]): ReadonlyMap<number, number> {
  const stops = new Map<number, number>();
  for (const { parentId, type, triggerUnits, instrumentIndex } of orders) {
    if (parentId === 0 || type !== "stop" || triggerUnits === 0 || stops.has(parentId)) continue;
    stops.set(parentId, priceOf(instruments[instrumentIndex]!, triggerUnits));
  }
  return stops;
}

function countsOf({ engine }: DrivenRun, orders: readonly OrderRow[], volumeKnown: boolean): RunCounts {
  const { ambiguousBars } = engine.venue.counts;
  const { shrunk, overParticipation, outsideBar } = engine.venue.executionCounts;
  return {
    orders: orders.filter(({ state }) => state !== "refused").length,
    ambiguousFills: ambiguousBars,
    fillsOverParticipation: overParticipation,
    shrunkOrders: shrunk,
    fillsOutsideBar: outsideBar,
    volumeKnown,
  };
}

function riskFreePerPeriod(perYear: number, periodsPerYear: () => number): number {
  return perYear === 0 ? 0 : (1 + perYear) ** (1 / periodsPerYear()) - 1;
}
