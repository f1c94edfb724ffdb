import type { BarSeries, Cursor } from "../market/bar-series.ts";

/** The bar that just closed. One object per input, read through the cursor: keep numbers, not the view. */
export class BarView {
  /** Name of the input. */
  readonly input: string;
  // Each column by its own field: one load less for every price a strategy reads.
  readonly #cursor: Cursor;
  readonly #series: BarSeries;
  readonly #openUs: Float64Array;
  readonly #closeUs: Float64Array;
  readonly #open: Float64Array;
  readonly #high: Float64Array;
  readonly #low: Float64Array;
  readonly #close: Float64Array;
  readonly #volume: Float64Array;

  constructor(input: string, series: BarSeries) {
    const { columns } = series;
    this.input = input;
    this.#series = series;
    this.#cursor = series.cursor;
    this.#openUs = columns.openUs;
    this.#closeUs = columns.closeUs;
    this.#open = columns.open;
    this.#high = columns.high;
    this.#low = columns.low;
    this.#close = columns.close;
    this.#volume = columns.volume;
  }

  get openUs(): number {
    return this.#openUs[this.#cursor.index]!;
  }

  get closeUs(): number {
    return this.#closeUs[this.#cursor.index]!;
  }

  get open(): number {
    return this.#open[this.#cursor.index]!;
  }

  get high(): number {
    return this.#high[this.#cursor.index]!;
  }

  get low(): number {
    return this.#low[this.#cursor.index]!;
  }

  get close(): number {
    return this.#close[this.#cursor.index]!;
  }

  /** Base units; 0 when the data has no volume. */
  get volume(): number {
    return this.#volume[this.#cursor.index]!;
  }

  /** Bars of this input before this one. */
  get index(): number {
    return this.#cursor.index + this.#series.dropped;
  }
}
