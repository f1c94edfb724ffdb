export type { CheckFinding, CheckName, CheckPart, CheckReport, SourcePosition } from "./check/check-report.ts";
export { type CheckRequest, checkStrategy } from "./check/check-strategy.ts";
export { RESEARCH_CODES } from "./codes.ts";
export { defaultRunOptions, type OptionDefinition, optionDefinitions } from "./options/option-table.ts";
export { readRunFile } from "./options/read-run-file.ts";
export { type OptionLayers, type OptionValues, resolveOptions } from "./options/resolve-options.ts";
export type { DataSource, DataSourceOptions, RunFile } from "./options/run-file.ts";
export type {
  AccountOptions,
  FeeSettings,
  OptionOrigin,
  ResolvedOptions,
  RunOptions,
  SlippageSettings,
  SpreadSettings,
} from "./options/run-options.ts";
export {
  type AmbiguityTable,
  type ConfigurationRow,
  type EquitySeries,
  escapeHtml,
  type FillMarker,
  integrityOf,
  type JsonValue,
  type MonthlyRow,
  type PriceSeries,
  pageStyle,
  type ReportFigure,
  type ReportFinding,
  type ReportFooter,
  type ReportModel,
  type ReportSubtitle,
  type RoundTripRow,
  renderReport,
} from "./report/index.ts";
export type { BacktestHooks, BacktestRequest, BoundDataset, Comparisons } from "./run/backtest-request.ts";
export type { Ambiguity, BacktestResult, EquityPoints, RunInput } from "./run/backtest-result.ts";
export { type BoundInput, type BoundRun, bindInputs } from "./run/bind-inputs.ts";
export { engineSettings } from "./run/engine-settings.ts";
export { type OpenDataHooks, openData } from "./run/open-data.ts";
export { runBacktest } from "./run/run-backtest.ts";
export type { ManifestDataset, ManifestInput, ManifestRange, ManifestStrategy, RunManifest } from "./run/run-manifest.ts";
export { buildReportModel } from "./run-folder/build-report-model.ts";
export { listRuns, type RunSummary, readRun, type StoredRun } from "./run-folder/read-run.ts";
export { runsRoot } from "./run-folder/runs-root.ts";
export { writeRunFolder } from "./run-folder/write-run-folder.ts";
export { loadStrategy } from "./strategy-file/load-strategy.ts";
export type { LoadedStrategy, StrategyModule } from "./strategy-file/loaded-strategy.ts";
export { registerWorkspaceResolution } from "./strategy-file/workspace-resolution.ts";
export type { VerifyReport, VerifyRow } from "./verify/verify-report.ts";
export { verifyRun } from "./verify/verify-run.ts";
