import { stat } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import type { BarColumns, CalendarName } from "@tradepulse/core";
import { breathe } from "./breathe.ts";
import { type BundledDataset, listDatasets } from "./bundled-datasets.ts";
import { type CacheKey, defaultCacheDirectory, readCachedDataset, writeCachedDataset } from "./cache/dataset-cache.ts";
import { type CsvImportOptions, importCsv } from "./csv/import-csv.ts";
import type { ScanOptions } from "./csv/scan-file.ts";
import type { Dataset, DatasetInstrument, WholeDataset } from "./dataset.ts";
import { cutRange, type RangeOptions, readRange } from "./date-range.ts";
import { digestOf } from "./digest.ts";
import { type InstrumentOverrides, resolveInstrument } from "./instrument/resolve-instrument.ts";
import { gatherFindings } from "./quality/finding.ts";
import { inspectBars } from "./quality/inspect-bars.ts";
import { refuse, shown } from "./refuse.ts";
import { formatSynthSpec, isSynthReference, parseSynthReference } from "./synth/synth-reference.ts";
import { type SynthSpec, synthesizeSlices } from "./synth/synthesize-bars.ts";
import { readInterval } from "./time/interval.ts";

export interface LoadOptions extends Omit<CsvImportOptions, "intervalUs">, RangeOptions, ScanOptions {
  /** Id of the instrument, `BTC-USDT@BINANCE`; from the name of the dataset when absent. */
  readonly instrument?: string;
  readonly tick?: string;
  readonly lot?: string;
  readonly quote?: string;
  /** `1m`, `1h`, `1d`, `1mo`; told from the times when absent. */
  readonly interval?: string;
  readonly calendar?: CalendarName;
  /** `auto` (default) keeps columns of files from 2 MB on; `always` of any file. */
  readonly cache?: "auto" | "always" | "never";
  /** Folder of the cache; see {@link defaultCacheDirectory}. */
  readonly cacheDirectory?: string;
}

/** Bytes of a synthetic bar in memory. */
const SYNTH_BYTES = 56;

/** Smaller files load faster than a cache is looked up. */
const CACHED_FROM_BYTES = 2_000_000;

/**
 * Loads a dataset: a CSV file by its path, or a bundled one by its name (`sp500`, `aapl`, `synth`, `synth:seed=1,...`; a file
 * of that name is meant by `./sp500`). Throws a FailureError with a `TP_DATA_` code for everything that can be wrong with it,
 * and the reason of `signal` when that is aborted.
 */
export async function loadDataset(reference: string, options: LoadOptions = {}): Promise<Dataset> {
  const range = readRange(options);
  const { whole, cache } = await loadWhole(reference, options);
  return { ...whole, instruments: cutRange(whole, range), range, cache };
}

async function loadWhole(reference: string, options: LoadOptions): Promise<{ whole: WholeDataset; cache: Dataset["cache"] }> {
  if (isSynthReference(reference)) return { whole: await synthesize(reference, options), cache: "off" };
  const bundled = listDatasets().find(({ name }) => name === reference);
  const path = resolve(bundled?.path ?? reference);
  const key = await cacheKeyOf(path, reference, options);
  const cached = key === undefined ? undefined : await readCachedDataset(key);
  if (cached !== undefined) return { whole: cached, cache: "read" };
  const whole = await importWhole(path, reference, bundled, options);
  const isWritten = key !== undefined && (await writeCachedDataset(key, whole));
  return { whole, cache: isWritten ? "written" : "off" };
}

async function importWhole(
  path: string,
  reference: string,
  bundled: BundledDataset | undefined,
  options: LoadOptions,
): Promise<WholeDataset> {
  const { interval, ...importOptions } = options;
  const intervalUs = interval === undefined ? undefined : readIntervalOption(reference, interval);
  const shownPath = bundled === undefined ? reference : path;
  const imported = await importCsv(shownPath, { ...importOptions, ...(intervalUs === undefined ? {} : { intervalUs }) });
  const name = bundled?.name ?? basename(path, extname(path));
  const overrides = overridesOf(options, name, imported.series.length, bundled?.instrumentId);
  const findings = [...imported.findings];
  const instruments: DatasetInstrument[] = [];
  for (const series of imported.series) {
    await breathe(options.signal);
    const resolved = resolveInstrument(
      { name: series.name ?? name, columns: series.columns, calendar: series.calendar, priceDigits: series.priceDigits },
      overrides,
    );
    const { id } = resolved.instrument;
    findings.push(...resolved.findings);
    if (series.missingCells > 0) {
      findings.push({
        code: "missing-cells",
        severity: "warning",
        instrument: id,
        count: series.missingCells,
        text: `${series.missingCells} rows without a value, left out`,
      });
    }
    findings.push(
      ...inspectBars({
        instrument: id,
        columns: series.columns,
        intervalUs: imported.intervalUs,
        calendar: series.calendar,
        zone: imported.zone,
        counts: series.counts,
      }),
    );
    instruments.push({
      instrument: resolved.instrument,
      intervalUs: imported.intervalUs,
      columns: series.columns,
      warmupBars: 0,
      resolution: resolved.resolution,
    });
  }
  await breathe(options.signal);
  return {
    name,
    kind: imported.kind,
    instruments,
    provenance: { source: bundled?.source ?? path, licence: bundled?.licence ?? "unknown", synthetic: false },
    digest: digestOf(instruments.map(({ instrument, columns }) => ({ id: instrument.id, intervalUs: imported.intervalUs, columns }))),
    findings: gatherFindings(findings),
    timezone: imported.zone?.name ?? "UTC",
    stamp: imported.stamp,
  };
}

function overridesOf(options: LoadOptions, name: string, instruments: number, usualId: string | undefined): InstrumentOverrides {
  if (options.instrument !== undefined && instruments > 1) {
    refuse(
      "TP_DATA_OPTION",
      `Cannot load "${name}": it holds ${instruments} instruments, --instrument names one`,
      [],
      "leave out --instrument; the names of the columns are used",
    );
  }
  const id = options.instrument ?? (instruments === 1 ? usualId : undefined);
  const { tick, lot, quote } = options;
  return {
    ...(id === undefined ? {} : { id }),
    ...(tick === undefined ? {} : { tick }),
    ...(lot === undefined ? {} : { lot }),
    ...(quote === undefined ? {} : { quote }),
  };
}

function readIntervalOption(reference: string, text: string): number {
  return (
    readInterval(text) ??
    refuse(
      "TP_DATA_OPTION",
      `Cannot load "${reference}": interval ${shown(text)} is not known, a number with s, m, h, d, w or 1mo is`,
      [],
      "give it as in --interval 1m",
    )
  );
}

async function synthesize(reference: string, options: LoadOptions): Promise<WholeDataset> {
  const spec = parseSynthReference(reference);
  const columns = await makeBars(spec, options);
  const overrides = overridesOf(options, "synth", 1, "SYNTH@SYNTHETIC");
  const resolved = resolveInstrument({ name: "synth", columns, calendar: spec.calendar, priceDigits: spec.decimals }, overrides);
  const { id } = resolved.instrument;
  return {
    name: "synth",
    kind: "synthetic",
    instruments: [
      { instrument: resolved.instrument, intervalUs: spec.intervalUs, columns, warmupBars: 0, resolution: resolved.resolution },
    ],
    provenance: { source: formatSynthSpec(spec), licence: "MIT", synthetic: true },
    digest: digestOf([{ id, intervalUs: spec.intervalUs, columns }]),
    findings: [
      { code: "synthetic", severity: "note", text: `synthetic data, not a market: ${formatSynthSpec(spec)}` },
      ...inspectBars({
        instrument: id,
        columns,
        intervalUs: spec.intervalUs,
        calendar: spec.calendar,
        zone: undefined,
        counts: { outsideRange: 0, firstOutsideRange: -1, zeroVolume: 0 },
      }),
    ],
    timezone: "UTC",
    stamp: "open",
  };
}

/** Makes synthetic bars, leaving room for Ctrl-C and telling the progress. */
async function makeBars(spec: SynthSpec, { progress, signal }: LoadOptions): Promise<BarColumns> {
  const bytesTotal = spec.bars * SYNTH_BYTES;
  const slices = synthesizeSlices(spec);
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
    progress?.({ bytesDone: value * SYNTH_BYTES, bytesTotal, rows: value });
    await breathe(signal);
  }
}

async function cacheKeyOf(path: string, reference: string, options: LoadOptions): Promise<CacheKey | undefined> {
  const {
    cache = "auto",
    cacheDirectory,
    progress: _progress,
    signal: _signal,
    chunkBytes: _chunkBytes,
    from: _from,
    to: _to,
    ...meaning
  } = options;
  if (cache === "never") return undefined;
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile() || (cache === "auto" && stats.size < CACHED_FROM_BYTES)) return undefined;
  return {
    directory: cacheDirectory ?? defaultCacheDirectory(),
    source: path,
    size: stats.size,
    modifiedMs: stats.mtimeMs,
    options: { ...meaning, reference: listDatasets().some(({ name }) => name === reference) ? reference : "" },
  };
}
