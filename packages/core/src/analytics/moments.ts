import { countsAsZero, type Figure, figure, ratio, undefinedFigure } from "./figure.ts";

/** The values that are there: NaN marks a missing one. The result shares no memory with the input. */
export function presentOf(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}

/** Arithmetic mean; NaN of nothing. A second pass removes the rounding of the first, so that equal values have that value as mean. */
export function mean(values: Float64Array): number {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += values[i]!;
  const first = sum / n;
  let rest = 0;
  for (let i = 0; i < n; i += 1) rest += values[i]! - first;
  return first + rest / n;
}

/** Standard deviation with `n - 1` in the denominator (ddof 1); NaN for fewer than two values. */
export function standardDeviation(values: Float64Array): number {
  const n = values.length;
  if (n < 2) return Number.NaN;
  return Math.sqrt(centralSum(values, mean(values), 2) / (n - 1));
}

/** Largest absolute value; 0 of nothing. */
export function largestMagnitude(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i += 1) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}

/** The size that rounding noise of a return series is measured against: growth factors are returns plus 1. */
export function returnScale(returns: Float64Array): number {
  return 1 + largestMagnitude(returns);
}

/** Population skewness `m3 / m2^1.5` of the values present. Undefined for none, or when they do not vary. */
export function skewness(returns: Float64Array): Figure {
  const present = presentOf(returns);
  const n = present.length;
  if (n === 0) return undefinedFigure("too-few");
  const center = mean(present);
  const deviation = Math.sqrt(centralSum(present, center, 2) / n);
  if (countsAsZero(deviation, returnScale(present))) return ratio(0, 0, 1);
  return figure(centralSum(present, center, 3) / n / (deviation * deviation * deviation));
}

/** Population kurtosis `m4 / m2^2` of the values present: 3 for a normal distribution. Undefined for none, or when they do not vary. */
export function kurtosis(returns: Float64Array): Figure {
  const present = presentOf(returns);
  const n = present.length;
  if (n === 0) return undefinedFigure("too-few");
  const center = mean(present);
  const variance = centralSum(present, center, 2) / n;
  if (countsAsZero(Math.sqrt(variance), returnScale(present))) return ratio(0, 0, 1);
  return figure(centralSum(present, center, 4) / n / (variance * variance));
}

/** {@link kurtosis} less 3: 0 for a normal distribution, positive for fat tails. */
export function excessKurtosis(returns: Float64Array): Figure {
  const plain = kurtosis(returns);
  return plain.value === null ? plain : figure(plain.value - 3);
}

function centralSum(values: Float64Array, center: number, power: 2 | 3 | 4): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    const d = values[i]! - center;
    const square = d * d;
    sum += power === 2 ? square : power === 3 ? square * d : square * square;
  }
  return sum;
}
