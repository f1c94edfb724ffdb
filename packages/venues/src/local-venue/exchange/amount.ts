/** A decimal as a whole count of 10^-8: how the venue keeps prices, quantities and balances. Exact at any size. */
export type E8 = bigint;

export const ONE: E8 = 100_000_000n;

const PLAIN = /^(\d{1,20})(?:\.(\d{1,20}))?$/;

/** Reads a plain decimal. `"malformed"` when it is none, `"precision"` when it has more than eight decimals that matter. */
export function parseE8(text: string): E8 | "malformed" | "precision" {
  const match = PLAIN.exec(text);
  if (match === null) return "malformed";
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > 8) return "precision";
  return BigInt(match[1]! + fraction.padEnd(8, "0"));
}

/** A decimal written in our own code or options. */
export function e8(text: string): E8 {
  const sign = text.startsWith("-") ? -1n : 1n;
  const value = parseE8(text.replace(/^-/, ""));
  if (typeof value === "string") throw new TypeError(`"${text}" is no decimal with at most eight places`);
  return sign * value;
}

/** Eight decimals, as the venue prints: `0.10000000`. */
export function formatE8(value: E8): string {
  const sign = value < 0n ? "-" : "";
  const digits = String(value < 0n ? -value : value).padStart(9, "0");
  return `${sign}${digits.slice(0, -8)}.${digits.slice(-8)}`;
}

/** The nearest count to a double; exact to the last place below 9 * 10^7. */
export function e8FromNumber(value: number): E8 {
  return BigInt(Math.round(value * 1e8));
}

/** Product of two counts, cut off below 10^-8. */
export function timesE8(a: E8, b: E8): E8 {
  return (a * b) / ONE;
}

/** Product of two counts, raised to the next 10^-8. */
export function timesE8Up(a: E8, b: E8): E8 {
  const product = a * b;
  return product / ONE + (product % ONE === 0n ? 0n : 1n);
}

/** The multiple of `step` at or below `value`. */
export function floorTo(value: E8, step: E8): E8 {
  return value - (value % step);
}

/** The multiple of `step` nearest to `value`, at least one step. */
export function nearestTo(value: E8, step: E8): E8 {
  const nearest = ((value + step / 2n) / step) * step;
  return nearest < step ? step : nearest;
}

export function minE8(a: E8, b: E8): E8 {
  return a < b ? a : b;
}

export function maxE8(a: E8, b: E8): E8 {
  return a > b ? a : b;
}
