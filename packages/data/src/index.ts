export { type BundledDataset, listDatasets } from "./bundled-datasets.ts";
export { type ColumnFile, openColumnFile, writeColumnFile } from "./cache/column-file.ts";
export { defaultCacheDirectory } from "./cache/dataset-cache.ts";
export { DATA_CODES } from "./codes.ts";
export { type CsvImport, type CsvImportOptions, type ImportedSeries, importCsv } from "./csv/import-csv.ts";
export type { QuoteSide } from "./csv/layout.ts";
export type { ImportProgress } from "./csv/scan-file.ts";
export type { CsvKind } from "./csv/sniff-kind.ts";
export type { Dataset, DatasetInstrument, Provenance } from "./dataset.ts";
export { type DatasetSummary, describeDataset, type InstrumentSummary } from "./describe.ts";
export { type DigestPart, digestOf } from "./digest.ts";
export {
  type InstrumentData,
  type InstrumentOverrides,
  type InstrumentResolution,
  type ResolvedInstrument,
  resolveInstrument,
} from "./instrument/resolve-instrument.ts";
export { type LoadOptions, loadDataset } from "./load-dataset.ts";
export { type Finding, type FindingCode, formatFinding } from "./quality/finding.ts";
export { parseSynthReference } from "./synth/synth-reference.ts";
export { type SynthSpec, synthesizeBars } from "./synth/synthesize-bars.ts";
export { intervalName, readInterval, US_PER_MONTH } from "./time/interval.ts";
export type { DateOrder, EpochUnit } from "./time/parse-timestamp.ts";
export type { Stamp } from "./time/stamp.ts";
export { writeCsv } from "./write-csv.ts";
