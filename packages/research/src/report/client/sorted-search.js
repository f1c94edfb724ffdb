/**
 * @param {readonly number[]} sorted increasing
 * @param {number} value
 * @returns the place of the last element that is at most `value`, or -1
 */
export function lastAtMost(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (sorted[middle]) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * @param {readonly number[]} sorted increasing, not empty
 * @param {number} value
 * @returns the place of the element closest to `value`
 */
export function nearest(sorted, value) {
  const below = Math.max(0, lastAtMost(sorted, value));
  const above = Math.min(sorted.length - 1, below + 1);
  const toBelow = Math.abs(value - /** @type {number} */ (sorted[below]));
  return Math.abs(/** @type {number} */ (sorted[above]) - value) < toBelow ? above : below;
}
