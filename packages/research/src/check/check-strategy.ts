import type { ResolvedOptions } from "../options/run-options.ts";
import type { BacktestHooks, BoundDataset } from "../run/backtest-request.ts";
import type { LoadedStrategy } from "../strategy-file/loaded-strategy.ts";
import type { CheckReport } from "./check-report.ts";

export interface CheckRequest {
  readonly strategy: LoadedStrategy;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly data: BoundDataset | Readonly<Record<string, BoundDataset>>;
  readonly options: ResolvedOptions;
}

/** Whether a strategy sees the future, keeps state between runs, or reaches for the world. */
export async function checkStrategy(_request: CheckRequest, _hooks: BacktestHooks = {}): Promise<CheckReport> {
  throw new Error("not yet");
}
