import type { TimeUs } from "./time.ts";

/** One bar as an object: for edges, tests and live facts. History is kept in {@link BarColumns}. */
export interface Bar {
  readonly openUs: TimeUs;
  readonly closeUs: TimeUs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Base units traded; NaN when unknown. */
  readonly volume: number;
}

/**
 * Bars as columns, one row a bar, sorted by `closeUs`, no duplicates. Prices are decimals, each the double nearest to a whole
 * count of the instrument's price unit, so that comparing two of them orders the counts exactly.
 */
export interface BarColumns {
  readonly length: number;
  readonly openUs: Float64Array;
  readonly closeUs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Base units; all zero when {@link volumeKnown} is false. */
  readonly volume: Float64Array;
  readonly volumeKnown: boolean;
}

/** Columns for `length` bars on shared memory, so that workers read them without a copy. */
export function allocateBarColumns(length: number, volumeKnown: boolean): BarColumns {
  const column = (): Float64Array => new Float64Array(new SharedArrayBuffer(length * 8));
  return {
    length,
    openUs: column(),
    closeUs: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    volumeKnown,
  };
}

/** Rows `from` (inclusive) to `to` (exclusive), sharing memory with the source. */
export function sliceBarColumns(columns: BarColumns, from: number, to: number): BarColumns {
  const part = (column: Float64Array): Float64Array => column.subarray(from, to);
  return {
    length: to - from,
    openUs: part(columns.openUs),
    closeUs: part(columns.closeUs),
    open: part(columns.open),
    high: part(columns.high),
    low: part(columns.low),
    close: part(columns.close),
    volume: part(columns.volume),
    volumeKnown: columns.volumeKnown,
  };
}

/** Columns holding the given bars. Volume is known when every bar has one and not all are zero. */
export function barColumnsOf(rows: readonly Bar[]): BarColumns {
  const columns = allocateBarColumns(rows.length, rows.every((row) => !Number.isNaN(row.volume)) && rows.some((row) => row.volume > 0));
  rows.forEach((row, i) => {
    columns.openUs[i] = row.openUs;
    columns.closeUs[i] = row.closeUs;
    columns.open[i] = row.open;
    columns.high[i] = row.high;
    columns.low[i] = row.low;
    columns.close[i] = row.close;
    columns.volume[i] = columns.volumeKnown ? row.volume : 0;
  });
  return columns;
}
