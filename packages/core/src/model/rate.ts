/** A fraction as a whole count of 10^-9: a fee of 0.001 is 1,000,000. Keeps fee and margin arithmetic exact. */
export type RatePerBillion = number;

export const BILLION = 1_000_000_000;

/** Reads a fraction such as `0.001`; rounds to the nearest 10^-9. The fraction must be finite and within ±1,000. */
export function rate(fraction: number): RatePerBillion {
  if (!(Math.abs(fraction) <= 1_000)) throw new RangeError(`rate ${fraction} is outside -1000..1000`);
  return Math.round(fraction * BILLION);
}
