import { type ImportProgress, loadDataset } from "@tradepulse/data";
import type { DataSource } from "../options/run-file.ts";
import type { BoundDataset } from "./backtest-request.ts";

export interface OpenDataHooks {
  readonly progress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
  /** Folder of the column cache; see `defaultCacheDirectory`. */
  readonly cacheDirectory?: string;
  readonly cache?: "auto" | "always" | "never";
}

/** Loads a dataset and remembers how, so that a run on it can be verified. `select` names one of several instruments. Throws what `loadDataset` throws. */
export async function openData(source: DataSource & { readonly select?: string }, hooks: OpenDataHooks = {}): Promise<BoundDataset> {
  const { reference, options, select } = source;
  const { progress, ...rest } = hooks;
  const dataset = await loadDataset(reference, {
    ...options,
    ...rest,
    ...(progress === undefined ? {} : { progress: (each: ImportProgress) => progress(each) }),
  });
  return { dataset, source: { reference, options }, ...(select === undefined ? {} : { instrument: select }) };
}
