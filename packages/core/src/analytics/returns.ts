import { exp, ln, pow } from "../model/math.ts";
import { US_PER_DAY } from "../model/time.ts";
import { type Figure, figure, undefinedFigure } from "./figure.ts";

/** `values[i] / values[i - 1] - 1`: one value fewer than given. */
export function simpleReturns(values: Float64Array): Float64Array {
  const out = new Float64Array(Math.max(0, values.length - 1));
  for (let i = 0; i < out.length; i += 1) out[i] = values[i + 1]! / values[i]! - 1;
  return out;
}

/** The running product of `1 + r`, less 1. A missing return counts as 0. */
export function cumulativeReturns(returns: Float64Array): Float64Array {
  const out = new Float64Array(returns.length);
  let growth = 1;
  for (let i = 0; i < out.length; i += 1) {
    const r = returns[i]!;
    if (!Number.isNaN(r)) growth *= 1 + r;
    out[i] = growth - 1;
  }
  return out;
}

/** Total return: `prod(1 + r) - 1`. Undefined for an empty series. */
export function totalReturn(returns: Float64Array): Figure {
  const growth = cumulativeReturns(returns);
  return growth.length === 0 ? undefinedFigure("too-few") : figure(growth[growth.length - 1]!);
}

/**
 * Annual return: `prod(1 + r)^(A / n) - 1`, A periods a year, n returns, missing ones counted in n. Source: empyrical.
 * Undefined for an empty series; ruined when a return is -1 or less.
 */
export function annualReturn(returns: Float64Array, periodsPerYear: number): Figure {
  const total = totalReturn(returns);
  if (total.value === null) return total;
  if (isRuinous(returns)) return undefinedFigure("ruined");
  return figure(pow(1 + total.value, periodsPerYear / returns.length) - 1);
}

/** Whether some return lost everything or more. */
export function isRuinous(returns: Float64Array): boolean {
  return returns.some((r) => r <= -1);
}

/** Days of a calendar year in {@link calendarGrowthRate}. */
export const DAYS_PER_YEAR = 365.25;

/** Time between two instants in years of 365.25 days. */
export function yearsBetween(startUs: number, endUs: number): number {
  return (endUs - startUs) / (DAYS_PER_YEAR * US_PER_DAY);
}

/**
 * CAGR by the calendar: `(end / start)^(365.25 days / elapsed) - 1`, from the opening instant to the last close.
 * Undefined below one day; ruined when a value is zero or less.
 */
export function calendarGrowthRate(startValue: number, endValue: number, startUs: number, endUs: number): Figure {
  if (!(endUs - startUs >= US_PER_DAY)) return undefinedFigure("too-few");
  if (!(startValue > 0 && endValue > 0)) return undefinedFigure("ruined");
  return figure(exp(ln(endValue / startValue) / yearsBetween(startUs, endUs)) - 1);
}
