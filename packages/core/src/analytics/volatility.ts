import { pow } from "../model/math.ts";
import { excessOver, type PerPeriod } from "./excess.ts";
import { type Figure, figure, undefinedFigure } from "./figure.ts";
import { presentOf, standardDeviation } from "./moments.ts";

/**
 * Volatility: `std(r, ddof 1) * A^(1 / alpha)`; alpha 2 is the square-root rule of independent returns.
 * Undefined for fewer than two returns. Source: empyrical.
 */
export function volatility(returns: Float64Array, periodsPerYear: number, alpha = 2): Figure {
  const present = presentOf(returns);
  if (present.length < 2) return undefinedFigure("too-few");
  const growth = alpha === 2 ? Math.sqrt(periodsPerYear) : pow(periodsPerYear, 1 / alpha);
  return figure(standardDeviation(present) * growth);
}

/**
 * Downside risk: `sqrt(mean(min(r - mar, 0)^2)) * sqrt(A)` over all returns, not only the losing ones; mar per period.
 * Undefined for an empty series. Source: empyrical.
 */
export function downsideRisk(returns: Float64Array, periodsPerYear: number, requiredReturn: PerPeriod = 0): Figure {
  const excess = excessOver(returns, requiredReturn);
  if (excess.length === 0) return undefinedFigure("too-few");
  return figure(downsideDeviation(excess) * Math.sqrt(periodsPerYear));
}

/** `sqrt(mean(min(x, 0)^2))`, per period. */
export function downsideDeviation(excess: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < excess.length; i += 1) {
    const x = excess[i]!;
    if (x < 0) sum += x * x;
  }
  return Math.sqrt(sum / excess.length);
}
