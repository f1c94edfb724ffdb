/**
 * Columns to use again: fresh memory costs a page fault for every 4 KiB, and big allocations make the collector run. Whoever runs many backtests
 * of one length (a sweep, a benchmark) hands the same pool to each and calls {@link recycle} when the results have been read.
 */
export class ColumnPool {
  private readonly free = new Map<number, Float64Array[]>();
  private readonly taken: Float64Array[] = [];

  /** A column of that length. Its old values are still in it: the taker writes before it reads. */
  take(length: number): Float64Array {
    const column = this.free.get(length)?.pop() ?? new Float64Array(length);
    this.taken.push(column);
    return column;
  }

  /** Everything taken so far may be given out again. */
  recycle(): void {
    for (const column of this.taken) {
      const list = this.free.get(column.length);
      if (list === undefined) this.free.set(column.length, [column]);
      else list.push(column);
    }
    this.taken.length = 0;
  }
}
