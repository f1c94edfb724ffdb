import { exp, ln } from "../model/math.ts";

const INVERSE_SQRT_TWO_PI = 0.398_942_280_401_432_7;
/** Where the series around 0 hands over to the continued fraction: both are good to a few 1e-16 there. */
const TAIL = 2.5;
const TAIL_TERMS = 120;
/** Beyond this the density is below the smallest double. */
const UNDERFLOW = 38.6;

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return INVERSE_SQRT_TWO_PI * exp(-0.5 * x * x);
}

/**
 * Standard normal distribution function, good to about 1e-15 (relative in the lower tail).
 * Around 0: `1/2 + density(x) (x + x^3/3 + x^5/(3*5) + ...)`, G. Marsaglia, "Evaluating the Normal Distribution", 2004.
 * In the tails: Laplace's continued fraction, Abramowitz and Stegun 26.2.14.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < -TAIL) return upperTail(-x);
  if (x > TAIL) return 1 - upperTail(x);
  let term = x;
  let sum = x;
  for (let k = 3; sum + term !== sum || k === 3; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

/** `P(X > x)` for x of at least {@link TAIL}. */
function upperTail(x: number): number {
  if (x > UNDERFLOW) return 0;
  let fraction = x;
  for (let k = TAIL_TERMS; k >= 1; k -= 1) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}

/**
 * Inverse of {@link normalCdf}: -Infinity at 0, Infinity at 1, NaN outside. Good to about 1e-15 times the size of the result.
 * Starts from Abramowitz and Stegun 26.2.23 (error below 4.5e-4) and refines by Halley's method, which triples the digits a step.
 */
export function normalInverse(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p === 0.5) return 0;
  // 1 - p is exact for p >= 1/2, and the lower tail is where the distribution function keeps its relative precision.
  if (p > 0.5) return -normalInverse(1 - p);
  const t = Math.sqrt(-2 * ln(p));
  let x = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  for (let step = 0; step < 3; step += 1) {
    const density = normalDensity(x);
    if (density === 0) break;
    const newton = (normalCdf(x) - p) / density;
    x -= newton / (1 + 0.5 * x * newton);
  }
  return x;
}
