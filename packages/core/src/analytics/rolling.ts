import { FailureError } from "../model/failure.ts";
import { alpha, beta } from "./benchmark-regression.ts";
import { downCapture, upCapture, upDownCapture } from "./capture.ts";
import { maxDrawdown } from "./drawdown.ts";
import type { Figure } from "./figure.ts";
import { sharpeRatio } from "./sharpe.ts";
import { sortinoRatio } from "./sortino.ts";
import { volatility } from "./volatility.ts";

/**
 * A figure over each window of `window` rows: element i covers rows i to `i + window - 1`, so the first belongs to row
 * `window - 1`. Empty when the window is longer than the series. Throws `TP_ANALYTICS_WINDOW` unless the window is a whole
 * number of at least 1.
 */
export function rolling(length: number, window: number, figureOf: (from: number, to: number) => Figure): readonly Figure[] {
  if (!Number.isInteger(window) || window < 1) {
    throw new FailureError({
      code: "TP_ANALYTICS_WINDOW",
      message: `Cannot compute a rolling figure: its window is ${window} returns, allowed are whole numbers of at least 1`,
      details: [],
      next: "give the window as a whole number of returns",
    });
  }
  const out: Figure[] = [];
  for (let to = window; to <= length; to += 1) out.push(figureOf(to - window, to));
  return out;
}

/** {@link sharpeRatio} of each window. */
export function rollingSharpe(returns: Float64Array, window: number, periodsPerYear: number, riskFree = 0): readonly Figure[] {
  return rolling(returns.length, window, (from, to) => sharpeRatio(returns.subarray(from, to), periodsPerYear, riskFree));
}

/** {@link sortinoRatio} of each window. */
export function rollingSortino(returns: Float64Array, window: number, periodsPerYear: number, requiredReturn = 0): readonly Figure[] {
  return rolling(returns.length, window, (from, to) => sortinoRatio(returns.subarray(from, to), periodsPerYear, requiredReturn));
}

/** {@link volatility} of each window. */
export function rollingVolatility(returns: Float64Array, window: number, periodsPerYear: number): readonly Figure[] {
  return rolling(returns.length, window, (from, to) => volatility(returns.subarray(from, to), periodsPerYear));
}

/** {@link maxDrawdown} of each window, each starting at 1. */
export function rollingMaxDrawdown(returns: Float64Array, window: number): readonly Figure[] {
  return rolling(returns.length, window, (from, to) => maxDrawdown(returns.subarray(from, to)));
}

/** {@link beta} of each window; both series on one grid. */
export function rollingBeta(returns: Float64Array, benchmark: Float64Array, window: number): readonly Figure[] {
  return rolling(returns.length, window, (from, to) => beta(returns.subarray(from, to), benchmark.subarray(from, to)));
}

/** {@link alpha} of each window; both series on one grid. */
export function rollingAlpha(
  returns: Float64Array,
  benchmark: Float64Array,
  window: number,
  periodsPerYear: number,
  riskFree = 0,
): readonly Figure[] {
  return rolling(returns.length, window, (from, to) =>
    alpha(returns.subarray(from, to), benchmark.subarray(from, to), periodsPerYear, riskFree),
  );
}

/** The capture ratios of each window; both series on one grid. */
export function rollingCapture(
  kind: "up" | "down" | "up-down",
  returns: Float64Array,
  benchmark: Float64Array,
  window: number,
  periodsPerYear: number,
): readonly Figure[] {
  const capture = { up: upCapture, down: downCapture, "up-down": upDownCapture }[kind];
  return rolling(returns.length, window, (from, to) => capture(returns.subarray(from, to), benchmark.subarray(from, to), periodsPerYear));
}
