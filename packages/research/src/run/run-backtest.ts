import type { BacktestHooks, BacktestRequest } from "./backtest-request.ts";
import type { BacktestResult } from "./backtest-result.ts";

/** Runs a backtest. Throws FailureErrors (strategy, options, data), and the reason of `hooks.signal` when that is aborted. */
export async function runBacktest(_request: BacktestRequest, _hooks: BacktestHooks = {}): Promise<BacktestResult> {
  throw new Error("not yet");
}
