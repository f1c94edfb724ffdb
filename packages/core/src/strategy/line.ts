import type { Cursor } from "../market/bar-series.ts";
import { FailureError } from "../model/failure.ts";

/** The column behind a line, for the engine alone: this module's exports do not leave the core. */
export let columnOf: (line: Line) => Float64Array;
/** The cursor a line is read through, for the engine alone. */
export let cursorOf: (line: Line) => Cursor;

/**
 * A column of numbers behind a cursor: a price of a series, or a line of an indicator. It shows the value at the cursor and before,
 * never after. The column itself cannot be reached from outside.
 */
export class Line {
  /** What it is, for messages: `main.close`, `ema(20)`. */
  readonly name: string;
  readonly #column: Float64Array;
  readonly #cursor: Cursor;

  constructor(name: string, column: Float64Array, cursor: Cursor) {
    this.name = name;
    this.#column = column;
    this.#cursor = cursor;
  }

  /** The current value; NaN before the first. */
  get value(): number {
    // Short enough that the compiler always puts it into the strategy's own code; the plus makes a number of "no row yet".
    return +this.#column[this.#cursor.index]!;
  }

  /** True when there is a value. */
  get ready(): boolean {
    const value = this.#column[this.#cursor.index];
    return value! - value! === 0;
  }

  /** The value `n` rows ago; `ago(0)` is the current one. `n` is whole, from 0 to the number of rows seen. */
  ago(n: number): number {
    const index = this.#cursor.index;
    if (!(n >= 0 && n <= index)) throw outside(this.name, n, index);
    const value = this.#column[index - n];
    if (value === undefined) throw outside(this.name, n, index);
    return value;
  }

  // A static member could be reached from a strategy through the line's constructor; what this block gives away cannot.
  static {
    columnOf = (line) => line.#column;
    cursorOf = (line) => line.#cursor;
  }
}

function outside(name: string, n: number, index: number): FailureError {
  if (!Number.isInteger(n)) {
    return new FailureError({
      code: "TP_STRATEGY_READS_BETWEEN_ROWS",
      message: `Cannot read "${name}" ${n} rows ago: allowed are whole numbers from 0 to ${Math.max(0, index)}`,
      details: [],
      next: "round the number of rows, for example with Math.round",
    });
  }
  const ahead = n < 0;
  const rows = `${Math.abs(n)} ${Math.abs(n) === 1 ? "row" : "rows"}`;
  const seen = index === 0 ? "1 row has" : `${index + 1} rows have`;
  return new FailureError({
    code: ahead ? "TP_STRATEGY_READS_AHEAD" : "TP_STRATEGY_READS_BEFORE_START",
    message: ahead
      ? `Cannot read "${name}" ${rows} ahead: a strategy sees the present and the past only, allowed are 0 to ${Math.max(0, index)} rows ago`
      : `Cannot read "${name}" ${rows} ago: ${seen} been seen, allowed are 0 to ${Math.max(0, index)}`,
    details: [],
    next: ahead ? "read ago(0) or earlier" : "wait until enough bars have been seen, for example with `if (!indicator.ready) return`",
  });
}
