import { excessOver, type PerPeriod } from "./excess.ts";
import { type Figure, ratio, undefinedFigure } from "./figure.ts";
import { mean, returnScale, standardDeviation } from "./moments.ts";

/**
 * Information ratio: `mean(r - b) / std(r - b, ddof 1)`, per period; times `sqrt(A)` when `annualisedBy` gives A.
 * Undefined for fewer than two rows, or when the difference does not vary. Source: empyrical's excess Sharpe.
 */
export function informationRatio(returns: Float64Array, benchmark: PerPeriod, annualisedBy = 1): Figure {
  const active = excessOver(returns, benchmark);
  if (active.length < 2) return undefinedFigure("too-few");
  return ratio(mean(active) * Math.sqrt(annualisedBy), standardDeviation(active), returnScale(active));
}
