import type { BoundStrategy, TimeUs } from "@tradepulse/core";
import type { Dataset } from "@tradepulse/data";
import type { DataSource } from "../options/run-file.ts";
import type { OptionOrigin, ResolvedOptions } from "../options/run-options.ts";
import type { LoadedStrategy } from "../strategy-file/loaded-strategy.ts";

/** A dataset for one or more inputs of a strategy. */
export interface BoundDataset {
  readonly dataset: Dataset;
  /** Id of the instrument in it; the first when absent. */
  readonly instrument?: string;
  /** How it was loaded. Without it the run cannot be verified later. */
  readonly source?: DataSource;
}

/** Parts of a backtest that make it run more than once. */
export interface Comparisons {
  /** When fills are ambiguous: final equity under the worst, the nearest and the best path through the bars. Default true. */
  readonly pathModels?: boolean;
  /** Total return when the strategy knows everything one bar later, for the findings. Default: true up to a million bars. */
  readonly delay?: boolean;
}

/** What to run. */
export interface BacktestRequest {
  readonly strategy: LoadedStrategy | BoundStrategy;
  /** Parameters for a loaded strategy; a bound strategy has its own. Text is read by the kind of the parameter. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Where each of the `params` comes from; a flag when it is not said. The others are defaults of the strategy. */
  readonly paramOrigins?: Readonly<Record<string, OptionOrigin>>;
  /**
   * One dataset for all inputs of the strategy, or one for each by name. From one dataset the inputs take its instruments in order,
   * starting with `instrument`. Inputs built from others (`bars({ of })`) need none.
   */
  readonly data: BoundDataset | Readonly<Record<string, BoundDataset>>;
  readonly options: ResolvedOptions;
  /** Trading starts here; bars before it warm up. Default: the range that the dataset was loaded with. */
  readonly fromUs?: TimeUs;
  /** Bars that open here or later are left out. */
  readonly toUs?: TimeUs;
  readonly comparisons?: Comparisons;
}

/** What happens while it runs. */
export interface BacktestHooks {
  /** Bars done and to do, all inputs and re-runs together. Called some ten times a second, and at the end. */
  onProgress?(done: number, total: number): void;
  /** Ends the run with the signal's reason. */
  readonly signal?: AbortSignal;
}
