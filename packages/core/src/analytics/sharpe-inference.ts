import { type Figure, figure, undefinedFigure } from "./figure.ts";
import { normalCdf, normalInverse } from "./normal-distribution.ts";

/** The Euler-Mascheroni constant. */
const EULER_GAMMA = 0.577_215_664_901_532_9;

/** What the inference needs of a return series. Ratios per period, never annualised; kurtosis 3 for a normal distribution. */
export interface SharpeSample {
  readonly sharpe: number;
  readonly count: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

/**
 * Probabilistic Sharpe ratio: the probability that the true ratio per period is above `benchmark`,
 * `Phi((sr - sr0) sqrt(T - 1) / sqrt(1 - skew sr + (kurt - 1) / 4 sr^2))`.
 * Undefined for fewer than two returns, or when the variance under the root is not positive.
 * Source: D. H. Bailey and M. Lopez de Prado, "The Sharpe Ratio Efficient Frontier", 2012.
 */
export function probabilisticSharpe(sample: SharpeSample, benchmark = 0): Figure {
  if (sample.count < 2) return undefinedFigure("too-few");
  const sr = sample.sharpe;
  const variance = 1 - sample.skewness * sr + ((sample.kurtosis - 1) / 4) * sr * sr;
  if (!(variance > 0)) return { value: null, reason: "zero-denominator", sign: sr > benchmark ? 1 : sr < benchmark ? -1 : 0 };
  return figure(normalCdf(((sr - benchmark) * Math.sqrt(sample.count - 1)) / Math.sqrt(variance)));
}

/**
 * The expected largest of `count` independent standard normal draws:
 * `(1 - g) Phi^-1(1 - 1/N) + g Phi^-1(1 - 1/(N e))` with g the Euler-Mascheroni constant. Undefined for fewer than two.
 * Source: D. H. Bailey and M. Lopez de Prado, "The Deflated Sharpe Ratio", 2014.
 */
export function expectedMaximum(count: number): Figure {
  if (!(count >= 2)) return undefinedFigure("too-few");
  return figure((1 - EULER_GAMMA) * normalInverse(1 - 1 / count) + EULER_GAMMA * normalInverse(1 - 1 / (count * Math.E)));
}

/** The trials that a strategy was chosen from. */
export interface Trials {
  /** Independent trials, N. */
  readonly count: number;
  /** Variance of the trials' Sharpe ratios per period. */
  readonly sharpeVariance: number;
}

/** The ratio per period that the best of the trials would show by luck alone: `sqrt(variance of trials) * expected maximum`. */
export function luckySharpe(trials: Trials): Figure {
  const largest = expectedMaximum(trials.count);
  return largest.value === null ? largest : figure(Math.sqrt(trials.sharpeVariance) * largest.value);
}

/**
 * Deflated Sharpe ratio: {@link probabilisticSharpe} against what the best of N trials would show by luck, {@link luckySharpe}.
 * Undefined for fewer than two trials, and where the probabilistic ratio is.
 * Source: D. H. Bailey and M. Lopez de Prado, "The Deflated Sharpe Ratio", 2014.
 */
export function deflatedSharpe(sample: SharpeSample, trials: Trials): Figure {
  const lucky = luckySharpe(trials);
  return lucky.value === null ? lucky : probabilisticSharpe(sample, lucky.value);
}
