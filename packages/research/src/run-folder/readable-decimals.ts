import type { Instrument } from "@tradepulse/core";

/** Digits of a price that a person compares; more of them are the noise of a source. */
const DIGITS = 6;
const LEAST = 2;

/**
 * Decimals that charts and lists on a page show prices with: those of a known tick; else as many as six digits of the highest price take, but
 * never fewer than two or more than the data have. 1,469.250000 reads 1,469.25, 1.08423 keeps five. Tables of a run keep all.
 */
export function readableDecimals(instrument: Pick<Instrument, "displayDecimals" | "tickKnown">, highest: number): number {
  if (instrument.tickKnown || !(highest > 0)) return instrument.displayDecimals;
  const whole = Math.floor(Math.log10(highest)) + 1;
  return Math.min(instrument.displayDecimals, Math.max(LEAST, DIGITS - whole));
}
