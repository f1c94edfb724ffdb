/** What a figure counts in; `fraction` is shown as a percentage. Money is in units of the quote currency, time in microseconds. */
export type FigureUnit = "fraction" | "number" | "money" | "duration" | "count" | "per-year";

/** How a figure is explained to its reader. */
export interface FigureDefinition {
  readonly id: FigureId;
  readonly title: string;
  readonly unit: FigureUnit;
  /** One sentence. */
  readonly definition: string;
  /** When it has no value; empty when it always has one. */
  readonly undefinedWhen: string;
}

type Row = readonly [title: string, unit: FigureUnit, definition: string, undefinedWhen: string];

const NO_RETURNS = "there is no return, or equity fell to zero";
const TWO_RETURNS = "there are fewer than two returns, or equity fell to zero";
const NO_BENCHMARK = "there is no benchmark, or fewer than two returns in common";
const NO_TRADES = "no round trip is closed";

// r: return of a period, A: periods a year, rf: risk-free return a period, b: return of the benchmark, W: wealth.
const rows = {
  totalReturn: ["Total return", "fraction", "Final equity over opening equity, less 1.", "opening equity is not positive"],
  netProfit: ["Net profit", "money", "Final equity less opening equity, fees and slippage included.", ""],
  annualReturn: [
    "Annual return",
    "fraction",
    "Compounded return raised to a year by the number of returns: prod(1 + r)^(A / n) - 1.",
    NO_RETURNS,
  ],
  cagr: [
    "CAGR",
    "fraction",
    "Growth a year by the calendar: (end / start)^(365.25 days / elapsed) - 1, from the opening instant to the end.",
    "the run lasts less than a day, or equity fell to zero",
  ],
  volatility: ["Volatility", "fraction", "Sample standard deviation of the returns, times sqrt(A).", TWO_RETURNS],
  sharpe: [
    "Sharpe ratio",
    "number",
    "Mean of r - rf over its sample standard deviation, times sqrt(A).",
    `${TWO_RETURNS}, or the returns do not vary`,
  ],
  downsideRisk: ["Downside risk", "fraction", "Root of the mean square of min(r - rf, 0) over all returns, times sqrt(A).", NO_RETURNS],
  sortino: [
    "Sortino ratio",
    "number",
    "Mean of r - rf times A, over the downside risk.",
    `${TWO_RETURNS}, or no return is below the risk-free one`,
  ],
  calmar: ["Calmar ratio", "number", "Annual return over the size of the max drawdown.", `${NO_RETURNS}, or there is no drawdown`],
  omega: [
    "Omega ratio",
    "number",
    "Sum of the returns above the risk-free one over the sum of those below, both as excess.",
    `${TWO_RETURNS}, or no return is below the risk-free one`,
  ],
  maxDrawdown: [
    "Max drawdown",
    "fraction",
    "Largest fall of equity from its highest point so far, min(W / max W - 1), over the points of the return series.",
    "there is no return",
  ],
  maxDrawdownBars: [
    "Max drawdown, every bar",
    "fraction",
    "Largest fall of equity from its highest point so far over every bar of the run.",
    "it was not recorded",
  ],
  maxDrawdownLength: [
    "Length of the max drawdown",
    "duration",
    "Time from the peak before the deepest drawdown to its recovery, or to the end while it is open.",
    "there is no drawdown",
  ],
  maxDrawdownRecovery: [
    "Recovery from the max drawdown",
    "duration",
    "Time from the lowest point of the deepest drawdown to the first point back at its peak.",
    "there is no drawdown, or it has not recovered by the end",
  ],
  longestDrawdown: [
    "Longest drawdown",
    "duration",
    "Longest time under water, from a peak to its recovery, or to the end while it is open.",
    "there is no drawdown",
  ],
  longestDrawdownSessions: [
    "Longest drawdown in sessions",
    "count",
    "Points of the return series from the peak to the recovery of the longest drawdown, or to the end while it is open.",
    "there is no drawdown",
  ],
  valueAtRisk: ["Value at risk, 95 %", "fraction", "The 5 % quantile of the returns, historical; negative is a loss.", NO_RETURNS],
  conditionalValueAtRisk: [
    "Conditional value at risk, 95 %",
    "fraction",
    "Mean of the floor((n - 1) 0.05) + 1 smallest returns; negative is a loss.",
    NO_RETURNS,
  ],
  tailRatio: [
    "Tail ratio",
    "number",
    "Size of the 95 % quantile of the returns over the size of the 5 % quantile.",
    `${NO_RETURNS}, or the 5 % quantile is zero`,
  ],
  stability: [
    "Stability",
    "number",
    "R squared of a straight line through the running sum of ln(1 + r); 1 is perfectly steady growth.",
    `${TWO_RETURNS}, or equity stayed level`,
  ],
  skewness: ["Skewness", "number", "Third population moment of the returns, m3 / m2^1.5.", `${NO_RETURNS}, or the returns do not vary`],
  kurtosis: [
    "Kurtosis",
    "number",
    "Fourth population moment of the returns, m4 / m2^2; 3 for a normal distribution.",
    `${NO_RETURNS}, or the returns do not vary`,
  ],
  excessKurtosis: [
    "Excess kurtosis",
    "number",
    "Kurtosis less 3; positive means fatter tails than a normal distribution.",
    `${NO_RETURNS}, or the returns do not vary`,
  ],
  bestReturn: ["Best period", "fraction", "Largest return of a period.", NO_RETURNS],
  worstReturn: ["Worst period", "fraction", "Smallest return of a period.", NO_RETURNS],
  probabilisticSharpe: [
    "Probabilistic Sharpe ratio",
    "fraction",
    "Probability that the true Sharpe ratio is above 0, given the number of returns, their skewness and their kurtosis.",
    "the Sharpe ratio is undefined, or the variance of its estimate is not positive",
  ],
  deflatedSharpe: [
    "Deflated Sharpe ratio",
    "fraction",
    "Probability that the true Sharpe ratio is above what the best of the trials would show by luck alone.",
    "fewer than two trials are given, or the probabilistic Sharpe ratio is undefined",
  ],
  benchmarkReturn: ["Benchmark return", "fraction", "Total return of the benchmark over the same time.", "there is no benchmark"],
  alpha: [
    "Alpha",
    "fraction",
    "Return a year that beta does not explain: (1 + mean((r - rf) - beta (b - rf)))^A - 1.",
    `${NO_BENCHMARK}, or the benchmark does not vary`,
  ],
  beta: [
    "Beta",
    "number",
    "Covariance of the returns with the benchmark's over the variance of the benchmark's.",
    `${NO_BENCHMARK}, or the benchmark does not vary`,
  ],
  informationRatio: [
    "Information ratio",
    "number",
    "Mean of r - b over its sample standard deviation, per period, not annualised.",
    `${NO_BENCHMARK}, or the difference does not vary`,
  ],
  capture: ["Capture", "number", "Annual return over the annual return of the benchmark.", `${NO_BENCHMARK}, or its return is zero`],
  upCapture: ["Up capture", "number", "Capture over the periods in which the benchmark rose.", `${NO_BENCHMARK}, or it never rose`],
  downCapture: ["Down capture", "number", "Capture over the periods in which the benchmark fell.", `${NO_BENCHMARK}, or it never fell`],
  upDownCapture: ["Up over down capture", "number", "Up capture over down capture.", `${NO_BENCHMARK}, or it never rose or never fell`],
  winRate: ["Win rate", "fraction", "Closed round trips with a net PnL above 0 over all closed ones; 0 is no win.", NO_TRADES],
  averageWin: ["Average win", "money", "Mean net PnL of the winning round trips.", "no round trip won"],
  averageLoss: ["Average loss", "money", "Mean net PnL of the losing round trips, negative.", "no round trip lost"],
  payoffRatio: ["Payoff ratio", "number", "Average win over the size of the average loss.", "no round trip won, or none lost"],
  profitFactor: [
    "Profit factor",
    "number",
    "Sum of the winning money over the size of the sum of the losing money.",
    `${NO_TRADES}, or none lost`,
  ],
  profitFactorOfReturns: [
    "Profit factor of returns",
    "number",
    "Sum of the winning round trips' returns over the size of the sum of the losing ones'.",
    `${NO_TRADES}, or none lost`,
  ],
  expectancy: ["Expectancy", "money", "Mean net PnL of a closed round trip.", NO_TRADES],
  expectancyReturn: ["Expectancy, return", "fraction", "Mean return of a closed round trip on its entry notional.", NO_TRADES],
  expectancyR: [
    "Expectancy, R",
    "number",
    "Mean net PnL in multiples of the money at risk between entry and stop.",
    "no closed round trip had a known stop",
  ],
  sqn: [
    "SQN",
    "number",
    "System quality number: sqrt(n) times mean net PnL over its sample standard deviation, n not capped.",
    "fewer than two round trips are closed, or all have the same PnL",
  ],
  bestTrade: ["Best round trip", "money", "Largest net PnL of a closed round trip.", NO_TRADES],
  worstTrade: ["Worst round trip", "money", "Smallest net PnL of a closed round trip.", NO_TRADES],
  bestTradeReturn: ["Best round trip, return", "fraction", "Largest return of a closed round trip on its entry notional.", NO_TRADES],
  worstTradeReturn: ["Worst round trip, return", "fraction", "Smallest return of a closed round trip on its entry notional.", NO_TRADES],
  averageHolding: ["Average holding time", "duration", "Mean time from first entry to last exit of a closed round trip.", NO_TRADES],
  longestLosingStreak: ["Longest losing streak", "count", "Most losing round trips in a row, by exit.", NO_TRADES],
  exposure: [
    "Exposure",
    "fraction",
    "Time with any position over the time of the run; the entry counts from its fill.",
    "the run has no duration",
  ],
  grossExposure: [
    "Gross exposure",
    "fraction",
    "Mean of the sum of abs(position value) over equity at the equity samples.",
    "position values were not recorded",
  ],
  turnover: [
    "Turnover",
    "per-year",
    "Sum of abs(fill notional) over mean equity, a year; both sides count.",
    "the run has no duration, or mean equity is not positive",
  ],
  fees: ["Fees paid", "money", "Sum of the fees of all fills, rebates subtracted.", ""],
  slippage: [
    "Slippage paid",
    "money",
    "Signed quantity times fill price less the reference price of the same instant, summed over all fills; spread included.",
    "",
  ],
  probabilityOfOverfitting: [
    "Probability of backtest overfitting",
    "fraction",
    "Share of symmetric splits in which the best trial in sample is not above the median out of sample.",
    "there are fewer than two trials, or fewer than two returns a block",
  ],
} as const satisfies Readonly<Record<string, Row>>;

/** Every figure that the analytics can name. */
export type FigureId = keyof typeof rows;

/** The figures of a run's summary: all but those that need several runs. */
export type SummaryFigureId = Exclude<FigureId, "probabilityOfOverfitting">;

/** All definitions, in reading order: for hover texts and for the reference page. */
export const figureDefinitions: readonly FigureDefinition[] = Object.entries(rows).map(
  ([id, [title, unit, definition, undefinedWhen]]) => ({
    id: id as FigureId,
    title,
    unit,
    definition,
    undefinedWhen,
  }),
);

/** The definition of one figure. */
export function definitionOf(id: FigureId): FigureDefinition {
  const [title, unit, definition, undefinedWhen] = rows[id];
  return { id, title, unit, definition, undefinedWhen };
}
