export { exposure, feesPaid, grossExposure, slippagePaid, turnover } from "./activity.ts";
export { type BacktestOverfitting, backtestOverfitting } from "./backtest-overfitting.ts";
export { alpha, beta } from "./benchmark-regression.ts";
export { captureRatio, downCapture, upCapture, upDownCapture } from "./capture.ts";
export { analyticsCodes } from "./codes.ts";
export {
  definitionOf,
  type FigureDefinition,
  type FigureId,
  type FigureUnit,
  figureDefinitions,
  type SummaryFigureId,
} from "./definitions.ts";
export {
  calmarRatio,
  type Drawdown,
  drawdownsOf,
  longestDrawdown,
  maxDrawdown,
  underwaterCurve,
  worstDrawdowns,
} from "./drawdown.ts";
export {
  alignReturns,
  type EquityCurve,
  type ReturnSeries,
  type ReturnsPer,
  sampleEquity,
  sessionDay,
  sessionDaysPerYear,
} from "./equity-sampling.ts";
export type { PerPeriod } from "./excess.ts";
export { type Excursion, excursionOf } from "./excursion.ts";
export type { Figure, UndefinedReason } from "./figure.ts";
export type { Finding, FindingsInput, RunCounts, Severity } from "./finding.ts";
export { findingsOf } from "./findings.ts";
export { informationRatio } from "./information-ratio.ts";
export { excessKurtosis, kurtosis, skewness } from "./moments.ts";
export { type MonthlyRow, monthlyTable } from "./monthly-table.ts";
export { normalCdf, normalInverse } from "./normal-distribution.ts";
export { omegaRatio } from "./omega.ts";
export { annualReturn, calendarGrowthRate, cumulativeReturns, simpleReturns, totalReturn } from "./returns.ts";
export {
  rolling,
  rollingAlpha,
  rollingBeta,
  rollingCapture,
  rollingMaxDrawdown,
  rollingSharpe,
  rollingSortino,
  rollingVolatility,
} from "./rolling.ts";
export { type RoundTrip, type RoundTripContext, roundTripsOf } from "./round-trips.ts";
export { sharpeRatio } from "./sharpe.ts";
export {
  deflatedSharpe,
  expectedMaximum,
  luckySharpe,
  probabilisticSharpe,
  type SharpeSample,
  type Trials,
} from "./sharpe-inference.ts";
export { sortinoRatio } from "./sortino.ts";
export { stability } from "./stability.ts";
export { type Summary, type SummaryInput, summarize } from "./summary.ts";
export { conditionalValueAtRisk, tailRatio, valueAtRisk } from "./tail-risk.ts";
export { type TradeOutcome, type TradeStatistics, tradeStatistics } from "./trade-statistics.ts";
export { downsideRisk, volatility } from "./volatility.ts";
