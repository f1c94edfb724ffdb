import type { Instrument } from "@tradepulse/core";

/** An exact decimal as a BigInt count of 10^-scale. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Reads a venue's decimal text; `undefined` when it is none. */
export function decimal(text: string): Decimal | undefined {
  const match = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?$/.exec(text);
  if (match === null) return undefined;
  const fraction = match[3] ?? "";
  const digits = BigInt(match[2]! + fraction);
  return { digits: match[1] === "-" ? -digits : digits, scale: fraction.length };
}

/** `a * 10^power / divisor`, half-even. Not hot: fills and balances of a live session. */
function divideHalfEven(a: bigint, divisor: bigint): bigint {
  const quotient = a / divisor;
  const rest = a - quotient * divisor;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const step = a < 0n ? -1n : 1n;
  if (twice > divisor || (twice === divisor && quotient % 2n !== 0n)) return quotient + step;
  return quotient;
}

/** A decimal as whole counts of 10^-scale, half-even when it is finer. NaN beyond the exact range of a number. */
export function countAt(value: Decimal, scale: number): number {
  const shifted =
    value.scale <= scale
      ? value.digits * 10n ** BigInt(scale - value.scale)
      : divideHalfEven(value.digits, 10n ** BigInt(value.scale - scale));
  const count = Number(shifted);
  return Number.isSafeInteger(count) ? count : Number.NaN;
}

/** Base units as whole lots; NaN when they are no whole number of lots. */
export function lotsOfDecimal(instrument: Instrument, quantity: Decimal): number {
  const count = countAt(quantity, instrument.lotScale);
  const exact = quantity.scale <= instrument.lotScale || quantity.digits % 10n ** BigInt(quantity.scale - instrument.lotScale) === 0n;
  return exact && count % instrument.lotUnits === 0 ? count / instrument.lotUnits : Number.NaN;
}

/** `price * quantity` in quanta of the quote currency, rounded once. */
export function notionalOf(instrument: Instrument, price: Decimal, quantity: Decimal): number {
  const product: Decimal = { digits: price.digits * quantity.digits, scale: price.scale + quantity.scale };
  return countAt(product, instrument.quote.scale);
}

/** A whole count of 10^-scale as plain decimal text without trailing zeros. */
export function decimalText(count: number, scale: number): string {
  const negative = count < 0;
  const digits = String(Math.abs(count)).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}
