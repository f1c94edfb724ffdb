import { InvariantViolation } from "./failure.ts";

/** 2^27 + 1: splits a double into two halves of 26 bits (Veltkamp). */
const SPLITTER = 134_217_729;
const SAFE_PRODUCT = Number.MAX_SAFE_INTEGER;

/**
 * `a * b / c`, rounded half to even, exactly and without allocation.
 *
 * All arguments are whole numbers, `0 <= a, b < 2^53`, `1 <= c <= 2^50`, and the quotient must stay below 2^52.
 * Where the product passes 2^53 it is kept as an unevaluated sum of two doubles (Dekker's product), so the
 * remainder is exact. Checked against BigInt in the tests.
 */
export function mulDivHalfEven(a: number, b: number, c: number): number {
  const product = a * b;
  let quotient: number;
  let remainder: number;
  if (product <= SAFE_PRODUCT) {
    quotient = Math.floor(product / c);
    remainder = product - quotient * c;
  } else {
    quotient = Math.floor(product / c);
    const back = quotient * c;
    // |product - back| is a small multiple of c, so the subtraction of the leading parts is exact.
    remainder = product - back + (productError(a, b, product) - productError(quotient, c, back));
  }
  while (remainder < 0) {
    quotient -= 1;
    remainder += c;
  }
  while (remainder >= c) {
    quotient += 1;
    remainder -= c;
  }
  const twice = remainder * 2;
  if (twice > c || (twice === c && quotient % 2 !== 0)) quotient += 1;
  return quotient;
}

/** `floor(a * b / c)` under the same bounds as {@link mulDivHalfEven}. */
export function mulDivFloor(a: number, b: number, c: number): number {
  const product = a * b;
  let quotient = Math.floor(product / c);
  const back = quotient * c;
  let remainder = product - back;
  if (product > SAFE_PRODUCT) remainder += productError(a, b, product) - productError(quotient, c, back);
  while (remainder < 0) {
    quotient -= 1;
    remainder += c;
  }
  while (remainder >= c) {
    quotient += 1;
    remainder -= c;
  }
  return quotient;
}

/** `ceil(a * b / c)` under the same bounds as {@link mulDivHalfEven}. */
export function mulDivCeil(a: number, b: number, c: number): number {
  const floor = mulDivFloor(a, b, c);
  const product = a * b;
  const back = floor * c;
  const isWhole = product === back && (product <= SAFE_PRODUCT || productError(a, b, product) === productError(floor, c, back));
  return isWhole ? floor : floor + 1;
}

/** The rounding error of `a * b`: `a * b = product + error`, exactly. */
function productError(a: number, b: number, product: number): number {
  const ta = SPLITTER * a;
  const aHigh = ta - (ta - a);
  const aLow = a - aHigh;
  const tb = SPLITTER * b;
  const bHigh = tb - (tb - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** Greatest common divisor of two positive whole numbers. */
export function greatestCommonDivisor(a: number, b: number): number {
  let x = a;
  let y = b;
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** `10^exponent` for a whole exponent from 0 to 15, exactly. */
export function powerOfTen(exponent: number): number {
  const value = POWERS_OF_TEN[exponent];
  if (value === undefined) throw new InvariantViolation(`power of ten ${exponent} is outside 0..15`);
  return value;
}

const POWERS_OF_TEN: readonly number[] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
