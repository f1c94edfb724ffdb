import { POWERS_OF_TEN } from "./powers-of-ten.ts";

/** A whole count of the last decimal, below 2^53, as text with all its decimals: `decimalText(150, 2)` is `"1.50"`. */
export function decimalText(count: number, decimals: number): string {
  if (decimals === 0) return String(count);
  // In two parts, since a whole number of up to nine digits is written several times as fast as a longer one.
  const unit = POWERS_OF_TEN[decimals]!;
  const whole = Math.floor(count / unit);
  const fraction = String(count - whole * unit);
  return `${whole}.${fraction.length === decimals ? fraction : fraction.padStart(decimals, "0")}`;
}
