/**
 * Which points of long series to keep so that their lines look the same.
 *
 * The points are cut into `buckets` runs of equal count. Of every run and every series, the first, the last, the lowest
 * and the highest point stay (the M4 aggregation of Jugel et al., VLDB 2014): with a bucket per pixel the line is drawn
 * as if it were complete, and no extreme is ever lost. The series share their points, so one list of indices serves all.
 *
 * @param series columns of one length; NaN is never an extreme
 * @param buckets at least 1
 * @returns indices in increasing order, first and last included; at most `buckets * (2 + 2 * series.length)`
 */
export function pixelExtremes(series: readonly ArrayLike<number>[], buckets: number): Int32Array {
  const length = series[0]?.length ?? 0;
  const perPoint = 2 + 2 * series.length;
  if (length <= buckets * perPoint) return Int32Array.from({ length }, (_, index) => index);

  const kept: number[] = [];
  const candidates: number[] = [];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * length) / buckets);
    const to = Math.floor(((bucket + 1) * length) / buckets);
    candidates.length = 0;
    candidates.push(from, to - 1);
    for (const column of series) pushExtremes(column, from, to, candidates);
    candidates.sort((a, b) => a - b);
    for (const index of candidates) if (index !== kept[kept.length - 1]) kept.push(index);
  }
  return Int32Array.from(kept);
}

/** Adds the index of the first lowest and the first highest value in `[from, to)`, if any is a number. */
function pushExtremes(column: ArrayLike<number>, from: number, to: number, into: number[]): void {
  let lowest = -1;
  let highest = -1;
  for (let i = from; i < to; i++) {
    const value = column[i]!;
    if (Number.isNaN(value)) continue;
    if (lowest < 0 || value < column[lowest]!) lowest = i;
    if (highest < 0 || value > column[highest]!) highest = i;
  }
  if (lowest >= 0) into.push(lowest, highest);
}
