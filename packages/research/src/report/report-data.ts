import { aggregateBars } from "./aggregate-bars.ts";
import { pixelExtremes } from "./downsample.ts";
import type { EquitySeries, FillMarker, PriceSeries, ReportModel, RoundTripRow } from "./report-model.ts";

/** What the page's script reads: the series cut to what a screen can show, as columns. Times are seconds since the Unix epoch. */
export interface ReportData {
  readonly currency: string;
  readonly moneyDecimals: number;
  readonly equity: {
    readonly t: readonly number[];
    readonly equity: readonly number[];
    readonly drawdown: readonly number[];
    readonly benchmark: readonly number[] | null;
    readonly benchmarkName: string;
  };
  readonly prices: readonly DrawnPrices[];
  /** Reasons and causes, each once; the columns `reason`, `cause`, `entryReason`, `exitReason` hold places in it. */
  readonly texts: readonly string[];
  readonly fills: DrawnFills;
  readonly trips: DrawnTrips;
}

export interface DrawnPrices {
  readonly id: string;
  readonly decimals: number;
  readonly note: string;
  readonly t: readonly number[];
  readonly o: readonly number[];
  readonly h: readonly number[];
  readonly l: readonly number[];
  readonly c: readonly number[];
}

/**
 * All fills of one side in one drawn bar as one row, so that none is ever left out. Columns of one length, ordered by
 * instrument and bar; `instrument` counts into `prices`, `bar` into its columns.
 */
export interface DrawnFills {
  readonly instrument: readonly number[];
  readonly bar: readonly number[];
  readonly side: readonly (1 | -1)[];
  /** Fills in the row. Where it is 1, order, reason and cause are those of the fill; else they are -1. */
  readonly count: readonly number[];
  readonly quantity: readonly number[];
  /** Average, weighted by quantity. */
  readonly price: readonly number[];
  readonly orderId: readonly number[];
  readonly reason: readonly number[];
  readonly cause: readonly number[];
}

/** Columns of one length, ordered by id. */
export interface DrawnTrips {
  readonly id: readonly number[];
  readonly instrument: readonly number[];
  readonly side: readonly (1 | -1)[];
  readonly entry: readonly number[];
  readonly exit: readonly (number | null)[];
  readonly entryPrice: readonly number[];
  readonly exitPrice: readonly (number | null)[];
  readonly quantity: readonly number[];
  readonly profit: readonly number[];
  readonly ratio: readonly (number | null)[];
  readonly fees: readonly number[];
  readonly bars: readonly (number | null)[];
  readonly entryReason: readonly number[];
  readonly exitReason: readonly number[];
}

/** Twice the pixels of a wide screen, so that one level of zoom stays sharp. */
const EQUITY_BUCKETS = 1_200;
const BARS_PER_INSTRUMENT = 5_500;
const BARS_IN_ALL = 11_000;
/** Rows beyond these stay in round-trips.csv; the page says how many it leaves out. */
export const ROUND_TRIPS_SHOWN = 5_000;
/** Longer reasons are cut: a strategy may write what it likes. */
const TEXT_LENGTH = 160;

/** Cuts a model to what the page embeds: about a megabyte, however long the run was. */
export function reportData(model: ReportModel): ReportData {
  const texts = new TextTable();
  const places = new Map(model.prices.map((series, index) => [series.instrumentId, index]));
  const limit = Math.max(200, Math.min(BARS_PER_INSTRUMENT, Math.floor(BARS_IN_ALL / Math.max(1, model.prices.length))));
  const prices = model.prices.map((series) => drawnPrices(series, limit));
  return {
    currency: model.currency,
    moneyDecimals: model.moneyDecimals,
    equity: drawnEquity(model.equity, model.moneyDecimals),
    prices,
    fills: drawnFills(model.markers, prices, places, texts),
    trips: drawnTrips(shownRoundTrips(model.roundTrips), places, texts),
    texts: texts.list,
  };
}

/** The round trips that the page lists: all, or those that moved the most money out of too many. */
export function shownRoundTrips(rows: readonly RoundTripRow[]): readonly RoundTripRow[] {
  const largest = (a: RoundTripRow, b: RoundTripRow): number => Math.abs(b.profit) - Math.abs(a.profit) || a.id - b.id;
  const chosen = rows.length <= ROUND_TRIPS_SHOWN ? [...rows] : [...rows].sort(largest).slice(0, ROUND_TRIPS_SHOWN);
  return chosen.sort((a, b) => a.id - b.id);
}

function drawnEquity(series: EquitySeries, decimals: number): ReportData["equity"] {
  const { benchmark } = series;
  const columns = benchmark === undefined ? [series.equity, series.drawdown] : [series.equity, series.drawdown, benchmark];
  const kept = [...pixelExtremes(columns, EQUITY_BUCKETS)];
  return {
    t: kept.map((index) => seconds(series.timeUs[index]!)),
    equity: kept.map((index) => rounded(series.equity[index]!, decimals)),
    drawdown: kept.map((index) => rounded(series.drawdown[index]!, 6)),
    benchmark: benchmark === undefined ? null : kept.map((index) => rounded(benchmark[index]!, decimals)),
    benchmarkName: series.benchmarkName ?? "Benchmark",
  };
}

function drawnPrices(series: PriceSeries, limit: number): DrawnPrices {
  const bars = aggregateBars(series, limit);
  const prices = (column: readonly number[]): number[] => column.map((price) => rounded(price, series.displayDecimals));
  return {
    id: series.instrumentId,
    decimals: series.displayDecimals,
    note: bars.note,
    t: bars.openUs.map(seconds),
    o: prices(bars.open),
    h: prices(bars.high),
    l: prices(bars.low),
    c: prices(bars.close),
  };
}

function drawnFills(
  markers: readonly FillMarker[],
  prices: readonly DrawnPrices[],
  places: ReadonlyMap<string, number>,
  texts: TextTable,
): DrawnFills {
  const rows = new Map<string, { instrument: number; bar: number; side: 1 | -1; fills: FillMarker[] }>();
  for (const fill of markers) {
    const instrument = places.get(fill.instrumentId);
    if (instrument === undefined) continue;
    const bar = barAt(prices[instrument]!.t, seconds(fill.timeUs));
    const side = fill.side === "buy" ? 1 : -1;
    const key = `${instrument} ${bar} ${side}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { instrument, bar, side, fills: [fill] });
    else row.fills.push(fill);
  }
  const ordered = [...rows.values()].sort((a, b) => a.instrument - b.instrument || a.bar - b.bar || b.side - a.side);
  const quantities = ordered.map(({ fills }) => fills.reduce((sum, { quantity }) => sum + quantity, 0));
  const only = (fills: readonly FillMarker[], read: (fill: FillMarker) => number): number => (fills.length === 1 ? read(fills[0]!) : -1);
  return {
    instrument: ordered.map(({ instrument }) => instrument),
    bar: ordered.map(({ bar }) => bar),
    side: ordered.map(({ side }) => side),
    count: ordered.map(({ fills }) => fills.length),
    quantity: quantities.map(significant),
    price: ordered.map(({ fills }, row) =>
      significant(fills.reduce((sum, { price, quantity }) => sum + price * quantity, 0) / quantities[row]!),
    ),
    orderId: ordered.map(({ fills }) => only(fills, ({ orderId }) => orderId)),
    reason: ordered.map(({ fills }) => only(fills, ({ reason }) => texts.placeOf(reason))),
    cause: ordered.map(({ fills }) => only(fills, ({ cause }) => texts.placeOf(cause))),
  };
}

/** Place of the last bar that opened at or before `time`, or of the first bar. */
function barAt(opens: readonly number[], time: number): number {
  let low = 0;
  let high = opens.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (opens[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function drawnTrips(rows: readonly RoundTripRow[], places: ReadonlyMap<string, number>, texts: TextTable): DrawnTrips {
  return {
    id: rows.map((row) => row.id),
    instrument: rows.map((row) => places.get(row.instrumentId) ?? -1),
    side: rows.map((row) => (row.side === "long" ? 1 : -1)),
    entry: rows.map((row) => seconds(row.entryUs)),
    exit: rows.map((row) => (row.exitUs === null ? null : seconds(row.exitUs))),
    entryPrice: rows.map((row) => significant(row.entryPrice)),
    exitPrice: rows.map((row) => (row.exitPrice === null ? null : significant(row.exitPrice))),
    quantity: rows.map((row) => significant(row.quantity)),
    profit: rows.map((row) => significant(row.profit)),
    ratio: rows.map((row) => (row.returnRatio === null ? null : rounded(row.returnRatio, 6))),
    fees: rows.map((row) => significant(row.fees)),
    bars: rows.map((row) => row.bars),
    entryReason: rows.map((row) => texts.placeOf(row.entryReason)),
    exitReason: rows.map((row) => texts.placeOf(row.exitReason)),
  };
}

/** Each text once, so that ten thousand equal reasons cost one. */
class TextTable {
  readonly list: string[] = [];
  readonly #places = new Map<string, number>();

  placeOf(whole: string): number {
    const text = whole.length <= TEXT_LENGTH ? whole : `${whole.slice(0, TEXT_LENGTH - 1)}…`;
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.list.length);
    return this.list.push(text) - 1;
  }
}

const seconds = (timeUs: number): number => timeUs / 1_000_000;
const rounded = (value: number, decimals: number): number => Number(value.toFixed(Math.min(12, decimals)));
const significant = (value: number): number => Number(value.toPrecision(10));
