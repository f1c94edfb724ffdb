import { excessOver, type PerPeriod } from "./excess.ts";
import { type Figure, ratio, undefinedFigure } from "./figure.ts";
import { mean, returnScale, standardDeviation } from "./moments.ts";

/**
 * Sharpe ratio: `mean(r - rf) / std(r - rf, ddof 1) * sqrt(A)`, rf per period. With A = 1 it is the ratio per period.
 * Undefined for fewer than two returns, or when the excess does not vary. Source: empyrical.
 */
export function sharpeRatio(returns: Float64Array, periodsPerYear: number, riskFree: PerPeriod = 0): Figure {
  const excess = excessOver(returns, riskFree);
  if (excess.length < 2) return undefinedFigure("too-few");
  return ratio(mean(excess) * Math.sqrt(periodsPerYear), standardDeviation(excess), returnScale(excess));
}
