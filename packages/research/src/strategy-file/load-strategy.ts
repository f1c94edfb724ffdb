import type { LoadedStrategy } from "./loaded-strategy.ts";

/** Reads a strategy file. Throws a FailureError with a `TP_STRATEGY_` code for everything that can be wrong with it. */
export async function loadStrategy(path: string): Promise<LoadedStrategy> {
  throw new Error(`not yet: ${path}`);
}
