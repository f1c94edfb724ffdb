import { civilFromTimeUs, US_PER_DAY } from "../model/time.ts";

/** One calendar year of returns. A month without a return is null. */
export interface MonthlyRow {
  readonly year: number;
  /** January to December. */
  readonly months: readonly (number | null)[];
  /** Return of the year, compounded from the months. */
  readonly total: number;
}

/**
 * Returns by year and month: the returns of each month's session days, compounded. A return belongs to the day it ends on.
 * `days` in days since 1970-01-01, ascending, one for each return; a missing return counts as none. Years without a return are
 * left out.
 */
export function monthlyTable(days: Float64Array, returns: Float64Array): readonly MonthlyRow[] {
  const growthByYear = new Map<number, (number | null)[]>();
  for (let i = 0; i < returns.length; i += 1) {
    const r = returns[i]!;
    if (Number.isNaN(r)) continue;
    const { year, month } = civilFromTimeUs(days[i]! * US_PER_DAY);
    let months = growthByYear.get(year);
    if (months === undefined) {
      months = Array.from({ length: 12 }, () => null);
      growthByYear.set(year, months);
    }
    months[month - 1] = (months[month - 1] ?? 1) * (1 + r);
  }
  return Array.from(growthByYear, ([year, growth]) => ({
    year,
    months: growth.map((value) => (value === null ? null : value - 1)),
    total: growth.reduce<number>((product, value) => product * (value ?? 1), 1) - 1,
  }));
}
