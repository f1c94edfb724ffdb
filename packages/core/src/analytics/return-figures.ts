import type { SummaryFigureId } from "./definitions.ts";
import { calmarRatio, type Drawdown, longestDrawdown, maxDrawdown, worstDrawdowns } from "./drawdown.ts";
import type { ReturnSeries } from "./equity-sampling.ts";
import { excessOver } from "./excess.ts";
import { type Figure, figure, undefinedFigure } from "./figure.ts";
import { excessKurtosis, kurtosis, skewness } from "./moments.ts";
import { omegaRatio } from "./omega.ts";
import { annualReturn } from "./returns.ts";
import { sharpeRatio } from "./sharpe.ts";
import { deflatedSharpe, probabilisticSharpe, type SharpeSample, type Trials } from "./sharpe-inference.ts";
import { sortinoRatio } from "./sortino.ts";
import { stability } from "./stability.ts";
import { conditionalValueAtRisk, tailRatio, valueAtRisk } from "./tail-risk.ts";
import { downsideRisk, volatility } from "./volatility.ts";

/** Figures that read only the return series. */
export type ReturnFigureId = Extract<
  SummaryFigureId,
  | "annualReturn"
  | "volatility"
  | "sharpe"
  | "downsideRisk"
  | "sortino"
  | "calmar"
  | "omega"
  | "maxDrawdown"
  | "valueAtRisk"
  | "conditionalValueAtRisk"
  | "tailRatio"
  | "stability"
  | "skewness"
  | "kurtosis"
  | "excessKurtosis"
  | "bestReturn"
  | "worstReturn"
  | "probabilisticSharpe"
  | "deflatedSharpe"
>;

/**
 * The figures of one return series. The risk-free return per period is also what downside risk, Sortino and Omega measure
 * against. After ruin all but the drawdown say so: a series that ends at zero has no ratio that means something.
 */
export function returnFigures(
  series: ReturnSeries,
  riskFree: number,
  trials: Trials | undefined,
): Readonly<Record<ReturnFigureId, Figure>> {
  const { returns, periodsPerYear: perYear, ruined } = series;
  const unlessRuined = (compute: () => Figure): Figure => (ruined ? undefinedFigure("ruined") : compute());
  const sample = sharpeSample(returns, riskFree);
  return {
    annualReturn: unlessRuined(() => annualReturn(returns, perYear)),
    volatility: unlessRuined(() => volatility(returns, perYear)),
    sharpe: unlessRuined(() => sharpeRatio(returns, perYear, riskFree)),
    downsideRisk: unlessRuined(() => downsideRisk(returns, perYear, riskFree)),
    sortino: unlessRuined(() => sortinoRatio(returns, perYear, riskFree)),
    calmar: unlessRuined(() => calmarRatio(returns, perYear)),
    omega: unlessRuined(() => omegaRatio(returns, perYear, riskFree)),
    maxDrawdown: maxDrawdown(returns),
    valueAtRisk: unlessRuined(() => valueAtRisk(returns)),
    conditionalValueAtRisk: unlessRuined(() => conditionalValueAtRisk(returns)),
    tailRatio: unlessRuined(() => tailRatio(returns)),
    stability: unlessRuined(() => stability(returns)),
    skewness: unlessRuined(() => skewness(returns)),
    kurtosis: unlessRuined(() => kurtosis(returns)),
    excessKurtosis: unlessRuined(() => excessKurtosis(returns)),
    bestReturn: unlessRuined(() => valueAtRisk(returns, 1)),
    worstReturn: unlessRuined(() => valueAtRisk(returns, 0)),
    probabilisticSharpe: unlessRuined(() => (isSample(sample) ? probabilisticSharpe(sample) : sample)),
    deflatedSharpe: unlessRuined(() => {
      if (trials === undefined) return undefinedFigure("too-few");
      return isSample(sample) ? deflatedSharpe(sample, trials) : sample;
    }),
  };
}

/** Figures of the deepest and the longest drawdown. */
export type DrawdownFigureId = Extract<
  SummaryFigureId,
  "maxDrawdownLength" | "maxDrawdownRecovery" | "longestDrawdown" | "longestDrawdownSessions"
>;

export function drawdownFigures(drawdowns: readonly Drawdown[]): Readonly<Record<DrawdownFigureId, Figure>> {
  const deepest = worstDrawdowns(drawdowns, 1)[0];
  const longest = longestDrawdown(drawdowns);
  const optional = (value: number | null | undefined): Figure => (value == null ? undefinedFigure("too-few") : figure(value));
  return {
    maxDrawdownLength: optional(deepest?.lengthUs),
    maxDrawdownRecovery: optional(deepest?.recoveryLengthUs),
    longestDrawdown: optional(longest?.lengthUs),
    longestDrawdownSessions: optional(longest?.lengthSessions),
  };
}

/** What Sharpe inference reads of a series, or the reason why the ratio is undefined. */
function sharpeSample(returns: Float64Array, riskFree: number): SharpeSample | Figure {
  const excess = excessOver(returns, riskFree);
  const sharpe = sharpeRatio(excess, 1);
  if (sharpe.value === null) return sharpe;
  const skew = skewness(excess);
  const kurt = kurtosis(excess);
  if (skew.value === null) return skew;
  return kurt.value === null ? kurt : { sharpe: sharpe.value, count: excess.length, skewness: skew.value, kurtosis: kurt.value };
}

function isSample(sample: SharpeSample | Figure): sample is SharpeSample {
  return "sharpe" in sample;
}
