import { type Fill, type Instrument, powerOfTen, quantityOf, type RoundTrip, underwaterCurve } from "@tradepulse/core";
import { intervalName } from "@tradepulse/data";
import { optionDefinitions } from "../options/option-table.ts";
import { flattenOptions } from "../options/resolve-options.ts";
import type {
  AmbiguityTable,
  ConfigurationRow,
  EquitySeries,
  FillMarker,
  JsonValue,
  PriceSeries,
  ReportFinding,
  ReportModel,
  RoundTripRow,
} from "../report/index.ts";
import type { Ambiguity, BacktestResult, EquityPoints } from "../run/backtest-result.ts";
import { alignTo } from "./align-equity.ts";
import { fillPrice } from "./fill-price.ts";
import { readableDecimals } from "./readable-decimals.ts";
import { HEADLINE, reportFigures } from "./report-figures.ts";

/** What the HTML report shows of a result. */
export function buildReportModel(result: BacktestResult): ReportModel {
  const { instruments, summary, manifest } = result;
  const quanta = powerOfTen(instruments[0]!.quote.scale);
  const moneyDecimals = instruments[0]!.quote.scale <= 6 ? 2 : 6;
  const main = result.inputs[0]!;
  const ids = instruments.map(({ id }) => id);
  return {
    schema: 1,
    title: `${result.strategyName} on ${ids.join(", ")}`,
    strategyName: result.strategyName,
    subtitle: {
      instrumentIds: ids,
      fromUs: result.startUs,
      toUs: result.endUs,
      bars: result.bars,
      interval: intervalName(main.intervalUs),
    },
    synthetic: manifest.inputs.some(({ dataset }) => dataset?.synthetic === true),
    currency: summary.currency,
    moneyDecimals,
    headline: HEADLINE,
    figures: reportFigures(summary, moneyDecimals),
    equity: equitySeries(result.barEquity ?? result.equity, result.benchmark),
    prices: instruments.map((instrument, index) => priceSeries(result, instrument, index)),
    markers: result.fills.map((fill) => marker(fill, instruments[fill.instrumentIndex]!)),
    roundTrips: result.roundTrips.map((trip) => roundTripRow(trip, instruments[trip.instrumentIndex]!, quanta)),
    monthly: summary.months,
    findings: findingsOf(result),
    ambiguity: ambiguityTable(result.ambiguity),
    configuration: configurationOf(result),
    manifest: manifest as unknown as JsonValue,
    footer: { engineVersion: manifest.engineVersion, runHash: result.runHash, createdAt: manifest.startedAt },
  };
}

function equitySeries(points: EquityPoints, benchmark: BacktestResult["benchmark"]): EquitySeries {
  return {
    timeUs: points.timeUs,
    equity: points.equity,
    drawdown: underwaterCurve(points.equity),
    ...(benchmark === null ? {} : { benchmark: alignTo(points.timeUs, benchmark), benchmarkName: benchmark.name }),
  };
}

function priceSeries(result: BacktestResult, instrument: Instrument, index: number): PriceSeries {
  const own = result.inputs.filter(({ instrumentIndex }) => instrumentIndex === index);
  const { columns, warmupBars } = own.reduce((best, each) => (each.intervalUs < best.intervalUs ? each : best));
  const traded = (column: Float64Array): Float64Array => column.subarray(warmupBars, columns.length);
  const high = traded(columns.high);
  return {
    instrumentId: instrument.id,
    displayDecimals: readableDecimals(
      instrument,
      high.reduce((most, price) => Math.max(most, price), 0),
    ),
    openUs: traded(columns.openUs),
    open: traded(columns.open),
    high,
    low: traded(columns.low),
    close: traded(columns.close),
  };
}

function marker(fill: Fill, instrument: Instrument): FillMarker {
  return {
    instrumentId: instrument.id,
    timeUs: fill.timeUs,
    side: fill.side > 0 ? "buy" : "sell",
    price: fillPrice(fill, instrument),
    quantity: quantityOf(instrument, fill.lots),
    reason: fill.reason,
    cause: fill.cause,
    orderId: fill.orderId,
  };
}

function roundTripRow(trip: RoundTrip, instrument: Instrument, quanta: number): RoundTripRow {
  return {
    id: trip.id,
    instrumentId: instrument.id,
    side: trip.side > 0 ? "long" : "short",
    entryUs: trip.entryUs,
    entryPrice: trip.entryPrice,
    exitUs: trip.isOpen ? null : trip.exitUs,
    exitPrice: trip.exitPrice,
    quantity: quantityOf(instrument, trip.peakLots),
    profit: trip.pnl / quanta,
    returnRatio: trip.returnFraction,
    fees: trip.fees / quanta,
    bars: trip.heldBars,
    entryReason: trip.entryReason,
    exitReason: trip.exitReason === "" ? (trip.exitCause ?? "") : trip.exitReason,
  };
}

function findingsOf({ findings, dataFindings, warnings }: BacktestResult): readonly ReportFinding[] {
  const order = { serious: 0, warning: 1, note: 2 };
  const all: ReportFinding[] = [
    ...findings.map(({ severity, title, text }) => ({ severity, title, text })),
    ...warnings.map((text) => ({ severity: "warning" as const, title: "About the run", text })),
    ...dataFindings.map(({ severity, instrument, text }) => ({
      severity,
      title: `Data${instrument === undefined ? "" : ` of ${instrument}`}`,
      text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.`,
    })),
  ];
  return all.sort((a, b) => order[a.severity] - order[b.severity]);
}

/** The three that the report knows; a run on another path is none of them. */
function ambiguityTable(ambiguity: Ambiguity | null): AmbiguityTable | null {
  const used = ({ "worst-case": "worst", "nearest-extreme-first": "nearest", "best-case": "best" } as const)[
    ambiguity?.used as "worst-case"
  ];
  if (ambiguity === null || used === undefined) return null;
  const { fills, worst, nearest, best } = ambiguity;
  return { fills, used, worst, nearest, best };
}

function configurationOf({ params, options, manifest, inputs }: BacktestResult): readonly ConfigurationRow[] {
  const values = flattenOptions(options.options as unknown as Readonly<Record<string, unknown>>);
  const noneOf = new Map(optionDefinitions.map(({ name, none }) => [name, none ?? "none"]));
  const data = manifest.inputs.flatMap(({ name, of, interval, dataset }, index) => [
    {
      key: `data.${name}`,
      value: dataset === null ? `${interval} of ${of}` : `${dataset.name}, ${interval}, ${inputs[index]!.columns.length} bars`,
      origin: dataset === null ? "strategy" : dataset.location,
    },
  ]);
  return [
    ...Object.entries(params).map(([name, value]) => ({
      key: `params.${name}`,
      value: String(value),
      origin: manifest.origins[`params.${name}`] ?? "default",
    })),
    ...data,
    ...Object.entries(options.origins).map(([name, origin]) => ({
      key: name,
      value: optionText(valueAt(values, name), noneOf.get(name) ?? "none"),
      origin,
    })),
  ];
}

function valueAt(values: Readonly<Record<string, unknown>>, name: string): unknown {
  if (name in values) return values[name];
  const [table, key] = name.split(/\.(.*)/s) as [string, string];
  return (values[table] as Readonly<Record<string, unknown>> | undefined)?.[key];
}

function optionText(value: unknown, none: string): string {
  if (value === null) return none;
  if (typeof value === "object") return Object.keys(value).length === 0 ? "none" : JSON.stringify(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
