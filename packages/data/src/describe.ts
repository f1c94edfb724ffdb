import { type CalendarName, formatTimeUs } from "@tradepulse/core";
import type { Dataset, DatasetInstrument } from "./dataset.ts";
import type { Finding } from "./quality/finding.ts";
import { intervalName } from "./time/interval.ts";

/** What `data show` prints about one instrument. */
export interface InstrumentSummary {
  readonly id: string;
  readonly rows: number;
  /** Open of the first bar and close of the last, ISO 8601 UTC. */
  readonly from: string;
  readonly to: string;
  readonly warmupBars: number;
  readonly interval: string;
  readonly calendar: CalendarName;
  /** Decimals as text, with where each comes from. */
  readonly tick: string;
  readonly tickOrigin: string;
  readonly priceUnit: string;
  readonly lot: string;
  readonly lotOrigin: string;
  readonly quote: string;
  /** Lowest low, highest high and last close. */
  readonly lowest: number;
  readonly highest: number;
  readonly last: number;
  readonly volume: "known" | "unknown";
  /** Up to `points` closes, evenly spread, the first and the last among them. */
  readonly sparkline: readonly number[];
}

/** What `data show` and `data check` print about a dataset: plain values, ready for JSON. */
export interface DatasetSummary {
  readonly schema: 1;
  readonly name: string;
  readonly kind: string;
  readonly source: string;
  readonly licence: string;
  readonly synthetic: boolean;
  readonly digest: string;
  readonly timezone: string;
  readonly stamp: string;
  readonly cache: string;
  readonly instruments: readonly InstrumentSummary[];
  readonly findings: readonly Finding[];
  readonly warnings: number;
  readonly notes: number;
}

/** Sums up a dataset. `points` is the length of each sparkline, 2 or more. */
export function describeDataset(dataset: Dataset, points = 60): DatasetSummary {
  const warnings = dataset.findings.filter(({ severity }) => severity === "warning").length;
  return {
    schema: 1,
    name: dataset.name,
    kind: dataset.kind,
    source: dataset.provenance.source,
    licence: dataset.provenance.licence,
    synthetic: dataset.provenance.synthetic,
    digest: dataset.digest,
    timezone: dataset.timezone,
    stamp: dataset.stamp,
    cache: dataset.cache,
    instruments: dataset.instruments.map((one) => summaryOf(one, points)),
    findings: dataset.findings,
    warnings,
    notes: dataset.findings.length - warnings,
  };
}

function summaryOf({ instrument, intervalUs, columns, warmupBars, resolution }: DatasetInstrument, points: number): InstrumentSummary {
  const last = columns.length - 1;
  return {
    id: instrument.id,
    rows: columns.length,
    from: columns.length === 0 ? "" : formatTimeUs(columns.openUs[0]!),
    to: columns.length === 0 ? "" : formatTimeUs(columns.closeUs[last]!),
    warmupBars,
    interval: intervalName(intervalUs),
    calendar: instrument.calendar,
    tick: resolution.tick.value,
    tickOrigin: resolution.tick.origin,
    priceUnit: resolution.priceUnit,
    lot: resolution.lot.value,
    lotOrigin: resolution.lot.origin,
    quote: instrument.quote.code,
    lowest: columns.low.reduce((least, price) => Math.min(least, price), Infinity),
    highest: columns.high.reduce((most, price) => Math.max(most, price), -Infinity),
    last: columns.close[last] ?? NaN,
    volume: columns.volumeKnown ? "known" : "unknown",
    sparkline: spread(columns.close, points),
  };
}

function spread(column: Float64Array, points: number): number[] {
  const count = Math.min(points, column.length);
  return Array.from({ length: count }, (_, i) => column[count < 2 ? 0 : Math.round((i * (column.length - 1)) / (count - 1))]!);
}
