/** A column of a bar series that an indicator reads. `value` stands for a plain series of numbers. */
export type InputField = "open" | "high" | "low" | "close" | "volume" | "value";

/** The state of a kernel, copied out; opaque to everyone but the kernel that made it. */
export type KernelState = Float64Array;

/**
 * The one implementation of an indicator, over input and output columns of equal capacity. A backtest advances it by blocks,
 * a live run by one row; both run the same code over the same numbers and give the same bits.
 */
export interface Kernel {
  /**
   * Writes rows `from` (inclusive) to `to` (exclusive) of every output. Ranges are consecutive from row 0. Reads input rows
   * `max(0, from - lookback)` to `to - 1` and nothing later. Rows before the first value are NaN.
   */
  advance(from: number, to: number): void;
  /** Copies the state out: into `into` when that is given (an earlier snapshot of the same kernel), else into a new array. */
  snapshot(into?: KernelState): KernelState;
  /** Takes a state back, from this kernel or from another one of the same definition. */
  restore(state: KernelState): void;
  /** The row at index `i` now stands at `i - shift`: history was dropped from the front of all columns. */
  rebase(shift: number): void;
}

/**
 * Gaps. A row in which any input is not a finite number is a gap: every output of that row is NaN, and the indicator starts
 * over, so that the rows after the gap give what a fresh kernel gives for them. NaN rows at the front are the simplest case,
 * and make one indicator's output column a good input column for the next one.
 */

/** An indicator with its parameters bound, such as `ema(20)`: plain data and a way to make a kernel. */
export interface IndicatorDefinition<Output extends string = string> {
  /** With its parameters: `ema(20)`. */
  readonly name: string;
  /** Columns it reads when it is given a bar series; with explicit columns these bind in order. */
  readonly inputs: readonly InputField[];
  /** Names of its lines; the first is the one meant by `value`. */
  readonly outputs: readonly [Output, ...Output[]];
  /** Rows needed for the first value: the first value stands at row `warmup - 1`. */
  readonly warmup: number;
  /** How many rows before the current one the kernel may read again. */
  readonly lookback: number;
  createKernel(inputs: readonly Float64Array[], outputs: readonly Float64Array[]): Kernel;
}
