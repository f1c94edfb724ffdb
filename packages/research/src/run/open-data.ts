import type { ImportProgress } from "@tradepulse/data";
import type { DataSource } from "../options/run-file.ts";
import type { BoundDataset } from "./backtest-request.ts";

export interface OpenDataHooks {
  progress?(progress: ImportProgress): void;
  readonly signal?: AbortSignal;
}

/** Loads a dataset and remembers how, so that a run on it can be verified. Throws what `loadDataset` throws. */
export async function openData(source: DataSource & { readonly instrument?: string }, _hooks: OpenDataHooks = {}): Promise<BoundDataset> {
  throw new Error(`not yet: ${source.reference}`);
}
