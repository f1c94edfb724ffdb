import { type Bar, type BarColumns, type BarFact, barColumnsOf } from "@tradepulse/core";
import type { Dataset, DatasetInstrument } from "@tradepulse/data";
import type { ReadRecord, SessionRecord } from "@tradepulse/live";
import type { BoundDataset } from "@tradepulse/research";

/** The bars that a session saw, of each input with bars of its own, as data for a backtest. */
export function recordedData(record: SessionRecord, records: readonly ReadRecord[]): Readonly<Record<string, BoundDataset>> {
  const bars = new Map<number, Bar[]>();
  for (const { kind, payload } of records) {
    if (kind !== "bar") continue;
    const fact = payload as BarFact;
    const of = bars.get(fact.seriesIndex) ?? [];
    of.push(fact);
    bars.set(fact.seriesIndex, of);
  }
  const data: Record<string, BoundDataset> = {};
  record.series.forEach((series, index) => {
    if (series.isBuilt) return;
    const { instrument } = record.instruments[series.instrumentIndex]!;
    const columns: BarColumns = { ...barColumnsOf(bars.get(index) ?? []), volumeKnown: series.volumeKnown };
    data[series.name] = { dataset: datasetOf(record, { instrument, columns, intervalUs: series.intervalUs }) };
  });
  return data;
}

function datasetOf(record: SessionRecord, about: Pick<DatasetInstrument, "instrument" | "columns" | "intervalUs">): Dataset {
  const { instrument } = about;
  return {
    name: record.name,
    kind: "synthetic",
    instruments: [
      {
        ...about,
        warmupBars: 0,
        resolution: {
          id: "given",
          tick: { value: "", origin: "given" },
          priceUnit: "",
          lot: { value: "", origin: "given" },
          quote: { value: instrument.quote.code, origin: "given" },
          calendar: instrument.calendar,
        },
      },
    ],
    provenance: { source: `journal of ${record.name}`, licence: "unknown", synthetic: false },
    digest: "",
    findings: [],
    timezone: "UTC",
    stamp: "open",
    range: {},
    cache: "off",
  };
}
