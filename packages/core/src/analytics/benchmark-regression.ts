import { pow } from "../model/math.ts";
import { type PerPeriod, pairsPresent, requireSameLength } from "./excess.ts";
import { type Figure, figure, ratio, undefinedFigure } from "./figure.ts";
import { mean, presentOf, returnScale } from "./moments.ts";

/**
 * Beta: `mean((b - mean b) r) / mean((b - mean b)^2)` over the rows where both returns are present.
 * Undefined for fewer than two such rows, or when the variance of b is below 1e-30. Source: empyrical.
 */
export function beta(returns: Float64Array, benchmark: Float64Array): Figure {
  const pairs = pairsPresent(returns, benchmark);
  const n = pairs.a.length;
  if (n < 2) return undefinedFigure("too-few");
  const center = mean(pairs.b);
  let covariance = 0;
  let variance = 0;
  for (let i = 0; i < n; i += 1) {
    const d = pairs.b[i]! - center;
    covariance += d * pairs.a[i]!;
    variance += d * d;
  }
  const deviation = Math.sqrt(variance / n);
  if (ratio(1, deviation, returnScale(pairs.b)).value === null) return ratio(0, 0, 1);
  return figure(covariance / variance);
}

/**
 * Alpha, annual: `(1 + mean((r - rf) - beta (b - rf)))^A - 1`, compounded, rf per period.
 * Undefined where beta is; ruined when the mean is -1 or less. Source: empyrical.
 */
export function alpha(returns: Float64Array, benchmark: Float64Array, periodsPerYear: number, riskFree: PerPeriod = 0): Figure {
  requireSameLength(returns, benchmark);
  const slope = beta(returns, benchmark);
  if (slope.value === null) return slope;
  const factor = slope.value;
  const residuals = returns.map((r, i) => {
    const rf = typeof riskFree === "number" ? riskFree : riskFree[i]!;
    return r - rf - factor * (benchmark[i]! - rf);
  });
  const growth = 1 + mean(presentOf(residuals));
  return growth <= 0 ? undefinedFigure("ruined") : figure(pow(growth, periodsPerYear) - 1);
}
