import type { BacktestResult } from "../run/backtest-result.ts";

/** Writes the folder of a run below `root`, whole or not at all, and gives back its absolute path. */
export async function writeRunFolder(
  _result: BacktestResult,
  _root: string,
  _options: { readonly signal?: AbortSignal } = {},
): Promise<string> {
  throw new Error("not yet");
}
