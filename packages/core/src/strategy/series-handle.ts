import type { BarSeries } from "../market/bar-series.ts";
import { Line } from "./line.ts";

/** The series behind an input, for the engine alone. */
export let seriesOf: (handle: SeriesHandle) => BarSeries;

/** An input as a strategy holds it: its prices as lines. Serves `bar.close.ago(n)` and as the source of indicators. */
export class SeriesHandle {
  /** Name of the input. */
  readonly name: string;
  readonly open: Line;
  readonly high: Line;
  readonly low: Line;
  readonly close: Line;
  readonly volume: Line;
  readonly #series: BarSeries;

  constructor(name: string, series: BarSeries) {
    this.name = name;
    this.#series = series;
    const { columns, cursor } = series;
    this.open = new Line(`${name}.open`, columns.open, cursor);
    this.high = new Line(`${name}.high`, columns.high, cursor);
    this.low = new Line(`${name}.low`, columns.low, cursor);
    this.close = new Line(`${name}.close`, columns.close, cursor);
    this.volume = new Line(`${name}.volume`, columns.volume, cursor);
  }

  /** Bars seen so far. */
  get count(): number {
    return this.#series.cursor.index + this.#series.dropped + 1;
  }

  static {
    seriesOf = (handle) => handle.#series;
  }
}
