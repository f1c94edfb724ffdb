import { ln } from "../model/math.ts";
import { type Figure, figure, ratio, undefinedFigure } from "./figure.ts";
import { largestMagnitude, mean, presentOf } from "./moments.ts";
import { isRuinous } from "./returns.ts";

/**
 * Stability: the R squared of a straight line through `cumsum(ln(1 + r))` against 0..n-1; 1 is a perfectly steady growth.
 * Undefined for fewer than two returns or a curve that stays level; ruined when a return is -1 or less. Source: empyrical.
 */
export function stability(returns: Float64Array): Figure {
  const present = presentOf(returns);
  const n = present.length;
  if (n < 2) return undefinedFigure("too-few");
  if (isRuinous(present)) return undefinedFigure("ruined");
  const curve = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i += 1) {
    sum += ln(1 + present[i]!);
    curve[i] = sum;
  }
  const level = mean(curve);
  const middle = (n - 1) / 2;
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let i = 0; i < n; i += 1) {
    const dx = i - middle;
    const dy = curve[i]! - level;
    sxx += dx * dx;
    sxy += dx * dy;
    syy += dy * dy;
  }
  const spread = Math.sqrt(syy / n);
  const slope = ratio(sxy, spread, 1 + largestMagnitude(curve));
  return slope.value === null ? ratio(0, 0, 1) : figure(Math.min(1, (sxy * sxy) / (sxx * syy)));
}
