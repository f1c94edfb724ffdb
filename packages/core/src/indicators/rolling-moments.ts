/**
 * Sums over a moving window without drift.
 *
 * Rows are cut into blocks of `period` rows. The window that ends in a block is the end of the block before (its *tail*) and the
 * beginning of this one (the *head*). The head is summed row by row; the tails are summed once, backwards, when a block begins.
 * Nothing is ever subtracted from a sum, so nothing accumulates over the run, a spike leaves no trace once it has left the
 * window, and the work is two additions a row. Blocks are counted from the first row, or from the first row after a gap, by the
 * kernel's own count, so results do not depend on how a caller slices the rows.
 *
 * All sums are of distances from a *base*, the first value of the block, which is in every window of the block. So a constant
 * series gives its mean exactly and the deviation 0 exactly, and the cancellation in `S2 - S1^2 / n` is at most `n`-fold: since
 * the base is one of the n values, `n (mean - base)^2 <= (n - 1) * sum of squared deviations`.
 */

/**
 * `tail[k]` becomes the sum of `source - base` over places `k + 1` to `period - 1` of the block that ends before `end`.
 * `tail` has `period` places.
 */
export function sumTails(source: Float64Array, end: number, base: number, tail: Float64Array): void {
  let sum = 0;
  let k = tail.length - 1;
  tail[k] = 0;
  for (let row = end - 1; k > 0; row--) {
    sum += source[row]! - base;
    k -= 1;
    tail[k] = sum;
  }
}

/** {@link sumTails}, and the same for squares. */
export function sumTailsAndSquares(source: Float64Array, end: number, base: number, tail: Float64Array, tailSquares: Float64Array): void {
  let sum = 0;
  let squares = 0;
  let k = tail.length - 1;
  tail[k] = 0;
  tailSquares[k] = 0;
  for (let row = end - 1; k > 0; row--) {
    const distance = source[row]! - base;
    sum += distance;
    squares += distance * distance;
    k -= 1;
    tail[k] = sum;
    tailSquares[k] = squares;
  }
}

/**
 * Marks that no block came before: every window of this block but the last is incomplete, so it adds NaN; the last needs no tail
 * and adds `neutral`.
 */
export function clearTails(tail: Float64Array, neutral: number): void {
  tail.fill(Number.NaN);
  tail[tail.length - 1] = neutral;
}

/**
 * The standard deviation of `1 / weight` values as a population, from the sums of their distances from a base and of the squares
 * of these. Rounding can leave a variance just below zero; it is taken for zero.
 */
export function populationDeviation(sum: number, squares: number, weight: number): number {
  const variance = (squares - sum * (sum * weight)) * weight;
  return Math.sqrt((variance + Math.abs(variance)) * 0.5);
}
