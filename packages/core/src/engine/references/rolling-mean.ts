/**
 * Means over a moving window as pandas' `rolling(n).mean()` sums them: each value is added to and removed from one running sum, with a
 * compensation for the rounding of additions and one for that of removals. NaN before the window is full.
 *
 * A reference needs it where two averages are exactly equal: rounding then decides whether one has crossed the other, and the
 * references were recorded with this rounding. The indicator `sma` of the engine gives exact ties there.
 */
export function rollingMean(values: Float64Array, window: number): Float64Array {
  const means = new Float64Array(values.length).fill(Number.NaN);
  let sum = 0;
  let addError = 0;
  let removeError = 0;
  let same = 0;
  let previous = values[0] ?? Number.NaN;
  for (let row = 0; row < values.length; row += 1) {
    if (row >= window) {
      const leaving = -values[row - window]! - removeError;
      const total = sum + leaving;
      removeError = total - sum - leaving;
      sum = total;
    }
    const value = values[row]!;
    const arriving = value - addError;
    const total = sum + arriving;
    addError = total - sum - arriving;
    sum = total;
    same = value === previous ? same + 1 : 1;
    previous = value;
    if (row >= window - 1) means[row] = same >= window ? value : sum / window;
  }
  return means;
}
