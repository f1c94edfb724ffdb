import type { ReportModel } from "../report/index.ts";
import type { BacktestResult } from "../run/backtest-result.ts";

/** What the HTML report shows of a result. */
export function buildReportModel(_result: BacktestResult): ReportModel {
  throw new Error("not yet");
}
