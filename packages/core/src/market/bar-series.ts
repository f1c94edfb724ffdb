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
    for (const column of [columns.openUs, columns.closeUs, columns.open, columns.high, columns.low, columns.close, columns.volume]) {
      column.copyWithin(0, shift);
    }
    this.cursor.index -= shift;
    this.dropped += shift;
    for (const follower of this.followers) follower.rebase(shift);
  }
}
