import { pow } from "../model/math.ts";
import { excessOver, type PerPeriod } from "./excess.ts";
import { type Figure, ratio, undefinedFigure } from "./figure.ts";
import { returnScale } from "./moments.ts";

/**
 * Omega ratio: gains over losses around a threshold, `sum(max(r - rf - t, 0)) / sum(max(t + rf - r, 0))` with
 * `t = (1 + annual required return)^(1 / A) - 1` (the required return itself when A is 1) and rf per period.
 * Undefined for fewer than two returns, a required return of -1 or less, or without a loss. Source: empyrical.
 */
export function omegaRatio(returns: Float64Array, periodsPerYear: number, riskFree: PerPeriod = 0, annualRequiredReturn = 0): Figure {
  const excess = excessOver(returns, riskFree);
  if (excess.length < 2 || annualRequiredReturn <= -1) return undefinedFigure("too-few");
  const threshold = periodsPerYear === 1 ? annualRequiredReturn : pow(1 + annualRequiredReturn, 1 / periodsPerYear) - 1;
  let gains = 0;
  let losses = 0;
  for (let i = 0; i < excess.length; i += 1) {
    const x = excess[i]! - threshold;
    if (x > 0) gains += x;
    else losses -= x;
  }
  return ratio(gains, losses, returnScale(excess));
}
