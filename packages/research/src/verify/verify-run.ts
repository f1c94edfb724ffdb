import type { BacktestHooks } from "../run/backtest-request.ts";
import type { VerifyReport } from "./verify-report.ts";

/** Runs the run of a folder again from its manifest and compares. */
export async function verifyRun(folder: string, _hooks: BacktestHooks = {}): Promise<VerifyReport> {
  throw new Error(`not yet: ${folder}`);
}
