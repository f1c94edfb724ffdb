/**
 * Why a figure has no value.
 *
 * - `too-few`: fewer observations than its definition needs, or so few that annualising them passes the range of a double
 * - `zero-denominator`: the definition divides by zero; `sign` tells which way peers print Infinity, 0 for 0 / 0
 * - `no-benchmark`: it compares with a benchmark and none was given
 * - `ruined`: equity fell to zero or below, so growth after it has no meaning
 */
export type UndefinedReason = "too-few" | "zero-denominator" | "no-benchmark" | "ruined";

/** A number that always means something: finite, or absent with the reason. Survives JSON unchanged. */
export type Figure = { readonly value: number } | { readonly value: null; readonly reason: UndefinedReason; readonly sign?: 1 | -1 | 0 };

/** Below this, relative to the size of what it was computed from, a denominator is rounding noise and counts as zero. */
export const ZERO_TOLERANCE = 1e-15;

/** A figure with a value. A value that is not finite comes from annualising too few periods, and says so. */
export function figure(value: number): Figure {
  if (Number.isFinite(value)) return { value: value === 0 ? 0 : value };
  return Number.isNaN(value) ? undefinedFigure("too-few") : { value: null, reason: "too-few", sign: signOf(value) };
}

export function undefinedFigure(reason: UndefinedReason): Figure {
  return { value: null, reason };
}

/**
 * `numerator / denominator`. `scale` is the size of the numbers that the denominator was computed from: 1 for growth factors
 * and returns (a return is a growth factor less 1 and carries the rounding of that 1), the largest amount for money.
 */
export function ratio(numerator: number, denominator: number, scale: number): Figure {
  if (countsAsZero(denominator, scale)) {
    return { value: null, reason: "zero-denominator", sign: countsAsZero(numerator, scale) ? 0 : signOf(numerator) };
  }
  return figure(numerator / denominator);
}

/** Whether a denominator is zero or rounding noise of numbers of size `scale`. */
export function countsAsZero(denominator: number, scale: number): boolean {
  return Math.abs(denominator) <= ZERO_TOLERANCE * scale;
}

function signOf(value: number): 1 | -1 | 0 {
  if (value > 0) return 1;
  return value < 0 ? -1 : 0;
}
