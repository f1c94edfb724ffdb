/**
 * The greatest and the least of a moving window in constant time, by blocks as in `rolling-moments.ts`: the extreme of a window
 * is that of its tail in the block before or that of its head in this block. Three comparisons a row, all well predicted; a
 * monotone deque gives the same values with less predictable branches. (M. van Herk 1992; J. Gil and M. Werman 1993.)
 */

/**
 * `tail[k]` becomes the greatest of `source` over places `k + 1` to `period - 1` of the block that ends before `end`; -Infinity
 * for the last, which is over nothing. `tail` has `period` places.
 */
export function greatestTails(source: Float64Array, end: number, tail: Float64Array): void {
  let greatest = Number.NEGATIVE_INFINITY;
  let k = tail.length - 1;
  tail[k] = greatest;
  for (let row = end - 1; k > 0; row--) {
    const x = source[row]!;
    if (x > greatest) greatest = x;
    k -= 1;
    tail[k] = greatest;
  }
}

/** {@link greatestTails} for the least; Infinity over nothing. */
export function leastTails(source: Float64Array, end: number, tail: Float64Array): void {
  let least = Number.POSITIVE_INFINITY;
  let k = tail.length - 1;
  tail[k] = least;
  for (let row = end - 1; k > 0; row--) {
    const x = source[row]!;
    if (x < least) least = x;
    k -= 1;
    tail[k] = least;
  }
}
