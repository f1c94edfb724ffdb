import { excessOver, type PerPeriod } from "./excess.ts";
import { type Figure, ratio, undefinedFigure } from "./figure.ts";
import { mean, returnScale } from "./moments.ts";
import { downsideDeviation } from "./volatility.ts";

/**
 * Sortino ratio: `mean(r - mar) * A / downside risk`, mar per period.
 * Undefined for fewer than two returns, or without a return below mar. Source: empyrical.
 */
export function sortinoRatio(returns: Float64Array, periodsPerYear: number, requiredReturn: PerPeriod = 0): Figure {
  const excess = excessOver(returns, requiredReturn);
  if (excess.length < 2) return undefinedFigure("too-few");
  return ratio(mean(excess) * Math.sqrt(periodsPerYear), downsideDeviation(excess), returnScale(excess));
}
