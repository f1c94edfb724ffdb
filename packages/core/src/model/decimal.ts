import { powerOfTen } from "./mul-div.ts";

/**
 * Reads a plain decimal (`12`, `-0.05`, `1e-8`) as a whole count of 10^-scale.
 * `undefined` when the text is no number, has more decimals than `scale`, or passes 2^53.
 */
export function parseDecimal(text: string, scale: number): number | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const exponent = Number(match[4] ?? 0);
  let digits = match[2]! + (match[3] ?? "");
  let decimals = (match[3] ?? "").length - exponent;
  while (decimals > scale && digits.endsWith("0")) {
    digits = digits.slice(0, -1);
    decimals -= 1;
  }
  if (decimals > scale || scale - decimals > 30) return undefined;
  const value = Number(digits + "0".repeat(scale - decimals));
  if (!Number.isSafeInteger(value)) return undefined;
  return match[1] === "-" ? 0 - value : value;
}

/** Writes a whole count of 10^-scale as a decimal with at least `minDecimals` places. */
export function formatDecimal(count: number, scale: number, minDecimals = 0): string {
  const sign = count < 0 ? "-" : "";
  const digits = String(Math.abs(count)).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  let fraction = scale === 0 ? "" : digits.slice(digits.length - scale);
  while (fraction.length > minDecimals && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  fraction = fraction.padEnd(minDecimals, "0");
  return fraction === "" ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** The double nearest to `count / 10^scale`. Division, because multiplying by a negative power is inexact. */
export function toNumber(count: number, scale: number): number {
  return count / powerOfTen(scale);
}
