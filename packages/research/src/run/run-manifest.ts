import type { InstrumentResolution } from "@tradepulse/data";
import type { DataSource } from "../options/run-file.ts";
import type { OptionOrigin, RunOptions } from "../options/run-options.ts";

/** Everything needed to know what a run was and to run it again. Plain JSON. */
export interface RunManifest {
  readonly schema: 1;
  readonly engineVersion: string;
  readonly nodeVersion: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly strategy: ManifestStrategy;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: readonly ManifestInput[];
  readonly options: RunOptions;
  /** Origin of each option and parameter, by dotted name: `fee.taker`, `params.fast`. */
  readonly origins: Readonly<Record<string, OptionOrigin>>;
  /** ISO 8601, UTC; half open. `null` for the side that was not given. */
  readonly range: ManifestRange;
  readonly seed: number;
  /** `tp1:` and 32 hexadecimal digits over the event list. */
  readonly runHash: string;
  readonly warnings: readonly string[];
}

export interface ManifestRange {
  readonly from: string | null;
  readonly to: string | null;
  /** The same in microseconds since the Unix epoch. */
  readonly fromUs: number | null;
  readonly toUs: number | null;
}

export interface ManifestStrategy {
  readonly name: string;
  /** Absolute path; `null` for a strategy that was not read from a file. */
  readonly path: string | null;
  readonly codeDigest: string | null;
  readonly modules: readonly { readonly name: string; readonly digest: string }[];
}

/** An input of the strategy and the data behind it. */
export interface ManifestInput {
  readonly name: string;
  readonly instrument: string;
  readonly interval: string;
  readonly bars: number;
  readonly warmupBars: number;
  /** The input that its bars are built from; `null` for one with data of its own. */
  readonly of: string | null;
  readonly dataset: ManifestDataset | null;
  readonly resolution: InstrumentResolution | null;
}

export interface ManifestDataset {
  readonly name: string;
  readonly digest: string;
  /** File, package or description it comes from. */
  readonly location: string;
  readonly licence: string;
  readonly synthetic: boolean;
  /** How to load it again; `null` when that is not known. */
  readonly source: DataSource | null;
}
