import { invariant } from "../model/failure.ts";
import { presentOf } from "./moments.ts";

/** A rate per period: one for all periods, or one for each return. */
export type PerPeriod = number | Float64Array;

/** `r - rate` where both are present. */
export function excessOver(returns: Float64Array, rate: PerPeriod): Float64Array {
  if (typeof rate === "number") return presentOf(rate === 0 ? returns : returns.map((r) => r - rate));
  requireSameLength(returns, rate);
  return presentOf(returns.map((r, i) => r - rate[i]!));
}

/** Two series reduced to the rows where both are present. */
export function pairsPresent(a: Float64Array, b: Float64Array): { readonly a: Float64Array; readonly b: Float64Array } {
  requireSameLength(a, b);
  const keep = (_: number, i: number): boolean => !Number.isNaN(a[i]!) && !Number.isNaN(b[i]!);
  return { a: a.filter(keep), b: b.filter(keep) };
}

/** Series that are compared row by row stand on one grid, with NaN where one of them has nothing. */
export function requireSameLength(a: Float64Array, b: Float64Array): void {
  invariant(a.length === b.length, `two series of one grid have ${a.length} and ${b.length} rows`);
}
