import type { BarColumns } from "../model/bar.ts";
import { allocateBarColumns } from "../model/bar.ts";
import { invariant } from "../model/failure.ts";

/** A cursor: the row of the last bar that is visible. -1 before the first. */
export interface Cursor {
  index: number;
}

/** What follows the rows of a series when history is dropped from its front. */
export interface SeriesFollower {
  rebase(shift: number): void;
}

/** What is carried of a growing series: the rows that it holds, oldest first, and how many were before them. */
export interface CarriedSeries {
  readonly dropped: number;
  readonly openUs: Float64Array;
  readonly closeUs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

const COLUMNS = ["openUs", "closeUs", "open", "high", "low", "close", "volume"] as const;

/**
 * One series of bars as the engine sees it: columns and a cursor. In a backtest the columns hold the whole run and the cursor
 * moves over them; in a live run bars are appended and old ones dropped. Readers see no difference.
 */
export class BarSeries {
  readonly name: string;
  readonly instrumentIndex: number;
  readonly intervalUs: number;
  readonly columns: BarColumns;
  readonly cursor: Cursor = { index: -1 };
  /** Rows dropped from the front so far: `index + dropped` counts bars since the start. */
  dropped = 0;
  private readonly followers: SeriesFollower[] = [];
  private readonly growing: boolean;

  private constructor(name: string, instrumentIndex: number, intervalUs: number, columns: BarColumns, growing: boolean) {
    this.name = name;
    this.instrumentIndex = instrumentIndex;
    this.intervalUs = intervalUs;
    this.columns = columns;
    this.growing = growing;
  }

  /** A series over finished columns. */
  static over(name: string, instrumentIndex: number, intervalUs: number, columns: BarColumns): BarSeries {
    return new BarSeries(name, instrumentIndex, intervalUs, columns, false);
  }

  /** An empty series that keeps at least the last `capacity / 2` bars. `capacity` is 2 or more. */
  static growing(name: string, instrumentIndex: number, intervalUs: number, capacity: number, volumeKnown = true): BarSeries {
    invariant(capacity >= 2, `a growing series of ${capacity} bars has nothing to drop`);
    return new BarSeries(name, instrumentIndex, intervalUs, allocateBarColumns(capacity, volumeKnown), true);
  }

  /** True when bars are appended as they come; false over finished columns. */
  get isGrowing(): boolean {
    return this.growing;
  }

  /** Borrowed columns are views: good until {@link dropped} changes, since rows are only ever added behind them. */
  carry(isBorrowed = false): CarriedSeries {
    const { columns, cursor, dropped } = this;
    const held = (name: (typeof COLUMNS)[number]): Float64Array => heldRows(columns[name], cursor.index + 1, isBorrowed);
    return {
      dropped,
      openUs: held("openUs"),
      closeUs: held("closeUs"),
      open: held("open"),
      high: held("high"),
      low: held("low"),
      close: held("close"),
      volume: held("volume"),
    };
  }

  /** Takes over the rows of a series of the same capacity. */
  resume(carried: CarriedSeries): void {
    const rows = carried.openUs.length;
    invariant(
      this.growing && rows <= this.columns.length,
      `series "${this.name}" holds ${this.columns.length} bars and is to take over ${rows}`,
    );
    for (const name of COLUMNS) this.columns[name].set(carried[name]);
    this.dropped = carried.dropped;
    this.cursor.index = rows - 1;
  }

  follow(follower: SeriesFollower): void {
    this.followers.push(follower);
  }

  /** Appends one bar and makes it the visible one. Only for a growing series. */
  append(openUs: number, closeUs: number, open: number, high: number, low: number, close: number, volume: number): void {
    if (this.cursor.index + 1 === this.columns.length) this.dropFront();
    const row = this.cursor.index + 1;
    const columns = this.columns;
    columns.openUs[row] = openUs;
    columns.closeUs[row] = closeUs;
    columns.open[row] = open;
    columns.high[row] = high;
    columns.low[row] = low;
    columns.close[row] = close;
    columns.volume[row] = volume;
    this.cursor.index = row;
  }

  private dropFront(): void {
    invariant(this.growing, `series "${this.name}" has all its ${this.columns.length} bars and takes no more`);
    const columns = this.columns;
    const shift = columns.length >> 1;
    for (const name of COLUMNS) columns[name].copyWithin(0, shift);
    this.cursor.index -= shift;
    this.dropped += shift;
    for (const follower of this.followers) follower.rebase(shift);
  }
}

/** The first rows of a column: a view of them, or a copy. */
export function heldRows(column: Float64Array, rows: number, isBorrowed: boolean): Float64Array {
  return isBorrowed ? column.subarray(0, rows) : column.slice(0, rows);
}
