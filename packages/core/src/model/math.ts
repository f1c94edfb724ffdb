/**
 * The only door to transcendental functions. ECMAScript leaves their last bits to the engine, so two JavaScript engines, or two
 * versions of one, may differ in the last place. Equality bit for bit across engines is promised only for what avoids this
 * module; within one engine, results repeat. `Math.sqrt` and `Math.abs` are exact everywhere and may be called directly.
 */

/** Natural logarithm. `ln(0)` is -Infinity; NaN below zero. */
export function ln(x: number): number {
  return Math.log(x);
}

/** `e` to the power `x`. */
export function exp(x: number): number {
  return Math.exp(x);
}

/** `base^exponent`; NaN for a negative base with a fractional exponent. The `**` operator is the same function: write `pow`. */
export function pow(base: number, exponent: number): number {
  return base ** exponent;
}
