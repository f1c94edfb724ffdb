import { requireSameLength } from "./excess.ts";
import { type Figure, ratio, undefinedFigure } from "./figure.ts";
import { annualReturn } from "./returns.ts";

/**
 * Capture: annual return over the annual return of the benchmark, on the same rows.
 * Undefined for nothing, or when the benchmark's is zero; ruined when either is. Source: empyrical.
 */
export function captureRatio(returns: Float64Array, benchmark: Float64Array, periodsPerYear: number): Figure {
  requireSameLength(returns, benchmark);
  const own = annualReturn(returns, periodsPerYear);
  const other = annualReturn(benchmark, periodsPerYear);
  if (own.value === null) return own;
  return other.value === null ? other : ratio(own.value, other.value, 1);
}

/** Up capture: {@link captureRatio} over the rows where the benchmark rose. Undefined also when it never did. */
export function upCapture(returns: Float64Array, benchmark: Float64Array, periodsPerYear: number): Figure {
  return captureWhere(returns, benchmark, periodsPerYear, (b) => b > 0);
}

/** Down capture: {@link captureRatio} over the rows where the benchmark fell. Undefined also when it never did. */
export function downCapture(returns: Float64Array, benchmark: Float64Array, periodsPerYear: number): Figure {
  return captureWhere(returns, benchmark, periodsPerYear, (b) => b < 0);
}

/** Up capture over down capture; above 1 the strategy takes more of the rises than of the falls. Undefined where either is. */
export function upDownCapture(returns: Float64Array, benchmark: Float64Array, periodsPerYear: number): Figure {
  const up = upCapture(returns, benchmark, periodsPerYear);
  if (up.value === null) return up;
  const down = downCapture(returns, benchmark, periodsPerYear);
  return down.value === null ? down : ratio(up.value, down.value, 1);
}

function captureWhere(
  returns: Float64Array,
  benchmark: Float64Array,
  periodsPerYear: number,
  selects: (benchmarkReturn: number) => boolean,
): Figure {
  requireSameLength(returns, benchmark);
  const own = returns.filter((_, i) => selects(benchmark[i]!));
  if (own.length === 0) return undefinedFigure("too-few");
  return captureRatio(own, benchmark.filter(selects), periodsPerYear);
}
