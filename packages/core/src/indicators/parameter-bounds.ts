import { FailureError } from "../model/failure.ts";

/** The longest window of any indicator, in rows. */
export const LONGEST_PERIOD = 100_000;

/** Throws `TP_INDICATOR_PARAMETER` unless `value` is a whole number of rows from `min` to {@link LONGEST_PERIOD}. */
export function requirePeriod(indicator: string, parameter: string, value: number, min: number): void {
  if (Number.isInteger(value) && value >= min && value <= LONGEST_PERIOD) return;
  refuse(indicator, parameter, `${String(value)} rows`, `a whole number from ${min} to ${LONGEST_PERIOD} rows`);
}

/** Throws `TP_INDICATOR_PARAMETER` unless `value` is above 0 and at most `max`. */
export function requireMultiple(indicator: string, parameter: string, value: number, max: number, unit: string): void {
  if (value > 0 && value <= max) return;
  refuse(indicator, parameter, `${String(value)} ${unit}`, `above 0, up to ${max} ${unit}`);
}

/** Throws `TP_INDICATOR_PARAMETER` unless `smaller` is below `larger`. */
export function requireOrder(indicator: string, small: string, smaller: number, large: string, larger: number): void {
  if (smaller < larger) return;
  refuse(indicator, small, `${smaller} rows`, `below ${large}, which is ${larger} rows`);
}

function refuse(indicator: string, parameter: string, present: string, allowed: string): never {
  throw new FailureError({
    code: "TP_INDICATOR_PARAMETER",
    message: `Cannot create "${indicator}": ${parameter} is ${present}, allowed is ${allowed}`,
    details: [["parameter", parameter]],
    next: `pass ${parameter} within these bounds`,
  });
}
