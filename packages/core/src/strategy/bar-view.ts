import type { BarSeries } from "../market/bar-series.ts";

/** The bar that just closed. One object per input, read through the cursor: keep numbers, not the view. */
export class BarView {
  /** Name of the input. */
  readonly input: string;
  readonly #series: BarSeries;

  constructor(input: string, series: BarSeries) {
    this.input = input;
    this.#series = series;
  }

  get openUs(): number {
    return this.#series.columns.openUs[this.#series.cursor.index]!;
  }

  get closeUs(): number {
    return this.#series.columns.closeUs[this.#series.cursor.index]!;
  }

  get open(): number {
    return this.#series.columns.open[this.#series.cursor.index]!;
  }

  get high(): number {
    return this.#series.columns.high[this.#series.cursor.index]!;
  }

  get low(): number {
    return this.#series.columns.low[this.#series.cursor.index]!;
  }

  get close(): number {
    return this.#series.columns.close[this.#series.cursor.index]!;
  }

  /** Base units; 0 when the data has no volume. */
  get volume(): number {
    return this.#series.columns.volume[this.#series.cursor.index]!;
  }

  /** Bars of this input before this one. */
  get index(): number {
    return this.#series.cursor.index + this.#series.dropped;
  }
}
