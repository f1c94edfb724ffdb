import type { LoadOptions } from "@tradepulse/data";

/** How a dataset is loaded: what `loadDataset` is given, so that it can be loaded again. Plain JSON. */
export interface DataSource {
  /** Path of a file, or name of a bundled dataset. */
  readonly reference: string;
  readonly options: DataSourceOptions;
}

/** The options of a load that shape the data; those of the act of loading (progress, cache) are left out. */
export type DataSourceOptions = Omit<LoadOptions, "progress" | "signal" | "chunkBytes" | "cache" | "cacheDirectory">;

/** A run as a file describes it, checked. Everything is optional. */
export interface RunFile {
  /** Absolute path. */
  readonly path: string;
  /** Absolute path of the strategy file; relative ones are read from the folder of the run file. */
  readonly strategy?: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** `[data]`. A `reference` that names a file is absolute; `select` names one of several instruments in it. */
  readonly data?: DataSource & { readonly select?: string };
  /** `[inputs.<name>]`: a dataset for each input, instead of `[data]`. */
  readonly inputs: Readonly<Record<string, DataSource & { readonly select?: string }>>;
  /** Values of options by dotted name: `{ "fee.taker": 0.001 }`. */
  readonly options: Readonly<Record<string, unknown>>;
}
