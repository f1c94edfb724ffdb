import { type Figure, figure, ratio, undefinedFigure } from "./figure.ts";
import { mean, presentOf, returnScale } from "./moments.ts";
import { quantileOfSorted } from "./quantile.ts";

/**
 * Value at risk, historical: the `cutoff` quantile of the returns, a signed return (negative is a loss); 0.05 is VaR 95 %.
 * Undefined for an empty series. Source: empyrical.
 */
export function valueAtRisk(returns: Float64Array, cutoff = 0.05): Figure {
  const sorted = presentOf(returns).sort();
  return sorted.length === 0 ? undefinedFigure("too-few") : figure(quantileOfSorted(sorted, cutoff));
}

/**
 * Conditional value at risk (expected shortfall), historical: the mean of the `floor((n - 1) * cutoff) + 1` smallest returns.
 * Undefined for an empty series. Source: empyrical.
 */
export function conditionalValueAtRisk(returns: Float64Array, cutoff = 0.05): Figure {
  const sorted = presentOf(returns).sort();
  if (sorted.length === 0) return undefinedFigure("too-few");
  return figure(mean(sorted.subarray(0, Math.floor((sorted.length - 1) * cutoff) + 1)));
}

/**
 * Tail ratio: `abs(95 % quantile) / abs(5 % quantile)` of the returns; above 1 the good days are larger than the bad ones.
 * Undefined for an empty series, or when the lower quantile is zero. Source: empyrical.
 */
export function tailRatio(returns: Float64Array): Figure {
  const sorted = presentOf(returns).sort();
  if (sorted.length === 0) return undefinedFigure("too-few");
  return ratio(Math.abs(quantileOfSorted(sorted, 0.95)), Math.abs(quantileOfSorted(sorted, 0.05)), returnScale(sorted));
}
