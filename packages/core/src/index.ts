export { exposure, feesPaid, grossExposure, slippagePaid, turnover } from "./analytics/activity.ts";
export { type BacktestOverfitting, backtestOverfitting } from "./analytics/backtest-overfitting.ts";
export { alpha, beta } from "./analytics/benchmark-regression.ts";
export { captureRatio, downCapture, upCapture, upDownCapture } from "./analytics/capture.ts";
export { analyticsCodes } from "./analytics/codes.ts";
export {
  definitionOf,
  type FigureDefinition,
  type FigureId,
  type FigureUnit,
  figureDefinitions,
  type SummaryFigureId,
} from "./analytics/definitions.ts";
export {
  calmarRatio,
  type Drawdown,
  drawdownsOf,
  longestDrawdown,
  maxDrawdown,
  underwaterCurve,
  worstDrawdowns,
} from "./analytics/drawdown.ts";
export {
  alignReturns,
  type EquityCurve,
  type ReturnSeries,
  type ReturnsPer,
  sampleEquity,
  sessionDay,
  sessionDaysPerYear,
} from "./analytics/equity-sampling.ts";
export type { PerPeriod } from "./analytics/excess.ts";
export { type Excursion, excursionOf } from "./analytics/excursion.ts";
export type { Figure, UndefinedReason } from "./analytics/figure.ts";
export type { Finding, FindingsInput, RunCounts, Severity } from "./analytics/finding.ts";
export { findingsOf } from "./analytics/findings.ts";
export { informationRatio } from "./analytics/information-ratio.ts";
export { excessKurtosis, kurtosis, skewness } from "./analytics/moments.ts";
export { type MonthlyRow, monthlyTable } from "./analytics/monthly-table.ts";
export { normalCdf, normalInverse } from "./analytics/normal-distribution.ts";
export { omegaRatio } from "./analytics/omega.ts";
export { annualReturn, calendarGrowthRate, cumulativeReturns, simpleReturns, totalReturn } from "./analytics/returns.ts";
export {
  rolling,
  rollingAlpha,
  rollingBeta,
  rollingCapture,
  rollingMaxDrawdown,
  rollingSharpe,
  rollingSortino,
  rollingVolatility,
} from "./analytics/rolling.ts";
export { type RoundTrip, type RoundTripContext, roundTripsOf } from "./analytics/round-trips.ts";
export { sharpeRatio } from "./analytics/sharpe.ts";
export {
  deflatedSharpe,
  expectedMaximum,
  luckySharpe,
  probabilisticSharpe,
  type SharpeSample,
  type Trials,
} from "./analytics/sharpe-inference.ts";
export { sortinoRatio } from "./analytics/sortino.ts";
export { stability } from "./analytics/stability.ts";
export { type Summary, type SummaryInput, summarize } from "./analytics/summary.ts";
export { conditionalValueAtRisk, tailRatio, valueAtRisk } from "./analytics/tail-risk.ts";
export { type TradeOutcome, type TradeStatistics, tradeStatistics } from "./analytics/trade-statistics.ts";
export { downsideRisk, volatility } from "./analytics/volatility.ts";
export { type BarDriver, type BarRunResult, fitsBarLoop, runBars } from "./engine/bar-run.ts";
export { Digest, runHash } from "./engine/digest.ts";
export { Engine, type EngineSetup } from "./engine/engine.ts";
export { type EngineOptions, engineOptions } from "./engine/engine-options.ts";
export { EventList } from "./engine/event-list.ts";
export { FactDriver } from "./engine/fact-driver.ts";
export { fillsOf, type OrderRow, ordersOf } from "./engine/read-events.ts";
export { runSteps, type StepRunResult } from "./engine/step-run.ts";
export { atr } from "./indicators/atr.ts";
export { bollinger } from "./indicators/bollinger.ts";
export { indicatorCodes } from "./indicators/codes.ts";
export { columnar } from "./indicators/columnar.ts";
export { donchian } from "./indicators/donchian.ts";
export { ema } from "./indicators/ema.ts";
export { highest } from "./indicators/highest.ts";
export type { IndicatorDefinition, InputField, Kernel, KernelState } from "./indicators/indicator.ts";
export { lowest } from "./indicators/lowest.ts";
export { macd } from "./indicators/macd.ts";
export { pairZscore } from "./indicators/pair-zscore.ts";
export { rma } from "./indicators/rma.ts";
export { roc } from "./indicators/roc.ts";
export { rsi } from "./indicators/rsi.ts";
export { sma } from "./indicators/sma.ts";
export { standardDeviation } from "./indicators/standard-deviation.ts";
export { type StreamingIndicator, streaming } from "./indicators/streaming.ts";
export { trueRange } from "./indicators/true-range.ts";
export { zscore } from "./indicators/zscore.ts";
export { BarSeries } from "./market/bar-series.ts";
export { resample } from "./market/resample.ts";
export { allocateBarColumns, type Bar, type BarColumns, barColumnsOf, sliceBarColumns } from "./model/bar.ts";
export type { AmendOrder, CancelOrder, OrderCommand, SubmitOrder } from "./model/command.ts";
export { type Currency, currency, MONEY_LIMIT } from "./model/currency.ts";
export { formatDecimal, parseDecimal, toNumber } from "./model/decimal.ts";
export { CauseTable, causeName, causeText, EVENT_KIND_NAMES, EventKind, type EventRecord } from "./model/event.ts";
export type { BarFact, Fact, StepFact } from "./model/fact.ts";
export {
  type CodeEntry,
  type CodeTable,
  type Failure,
  FailureError,
  fail,
  formatFailure,
  InvariantViolation,
  invariant,
  ok,
  type Result,
  unwrap,
} from "./model/failure.ts";
export type { Fill, FillCause, Liquidity } from "./model/fill.ts";
export {
  type CalendarName,
  type Instrument,
  type InstrumentId,
  type InstrumentOptions,
  instrument,
  lotsOf,
  orderPriceUnits,
  type PriceRole,
  priceOf,
  quantityOf,
  unitsOf,
} from "./model/instrument.ts";
export { greatestCommonDivisor, mulDivFloor, mulDivHalfEven, powerOfTen } from "./model/mul-div.ts";
export { ORDER_TYPE_NAMES, OrderType, TIME_IN_FORCE_NAMES, TimeInForce } from "./model/order-terms.ts";
export { BILLION, type RatePerBillion, rate } from "./model/rate.ts";
export { type Side, sideName } from "./model/side.ts";
export {
  type CivilTime,
  civilFromTimeUs,
  daysFromCivil,
  formatDate,
  formatInterval,
  formatTimeUs,
  parseInterval,
  type TimeUs,
  timeUsFromCivil,
  US_PER_DAY,
  US_PER_HOUR,
  US_PER_MINUTE,
  US_PER_MS,
  US_PER_SECOND,
} from "./model/time.ts";
export { type AccountTerms, CASH_ACCOUNT, marginAccount } from "./portfolio/account-terms.ts";
export { LEDGER_ACCOUNT_NAMES, Ledger, LedgerAccount, LedgerCause, type LedgerRow } from "./portfolio/ledger.ts";
export { Portfolio } from "./portfolio/portfolio.ts";
export { Position } from "./portfolio/position.ts";
export {
  NO_SLIPPAGE,
  NO_SPREAD,
  type SlippageModel,
  type SpreadModel,
  slippageFraction,
  slippageOfSpread,
  slippageSquareRoot,
  slippageTicks,
  slippageVolumeShare,
  spreadFraction,
  spreadTicks,
} from "./simulator/cost-model.ts";
export { type FeeOptions, type FeeSchedule, feeSchedule } from "./simulator/fee-model.ts";
export { PATH_MODELS, type PathModel } from "./simulator/path-model.ts";
export { type FillBarChildren, type VenueTerms, venueTerms } from "./simulator/venue-terms.ts";
export { BarView } from "./strategy/bar-view.ts";
export {
  type BoundStrategy,
  defineStrategy,
  type Reactions,
  type Strategy,
  type StrategySpec,
  type Timer,
  type Tools,
  type Wish,
} from "./strategy/define-strategy.ts";
export type { IndicatorHandle } from "./strategy/indicator-handle.ts";
export { type BarsInput, bars, type InputSpecs } from "./strategy/inputs.ts";
export {
  amend,
  bracket,
  buy,
  cancel,
  cancelAll,
  close,
  type Intent,
  type LegPrice,
  type OrderOptions,
  oneCancelsOther,
  type SizeOptions,
  type StopPrice,
  sell,
  type Trail,
  target,
} from "./strategy/intent.ts";
export { Line } from "./strategy/line.ts";
export { describeParam, nearestName, type ParamSpec, type ParamSpecs, type ParamValues, param } from "./strategy/param.ts";
export { SeriesHandle } from "./strategy/series-handle.ts";
export type { FillView, PositionView, StrategyView, WorkingOrderView } from "./strategy/strategy-view.ts";
