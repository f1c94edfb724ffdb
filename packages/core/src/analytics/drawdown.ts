import type { TimeUs } from "../model/time.ts";
import { type Figure, figure, ratio, undefinedFigure } from "./figure.ts";
import { annualReturn } from "./returns.ts";

/** One stay below a peak. Times are those of equity points; sessions count points. */
export interface Drawdown {
  /** `trough / peak - 1`: from -1 to below 0. Equity at or below zero counts as -1, all lost. */
  readonly depth: number;
  /** The last point at the peak. */
  readonly peakUs: TimeUs;
  /** The first point at the lowest equity. */
  readonly troughUs: TimeUs;
  /** The first point back at the peak or above; null while it is still open. */
  readonly recoveryUs: TimeUs | null;
  /** Underwater time: peak to recovery, or to the last point while still open. */
  readonly lengthUs: number;
  readonly lengthSessions: number;
  /** Trough to recovery; null while still open. */
  readonly recoveryLengthUs: number | null;
  readonly recoverySessions: number | null;
}

/**
 * Max drawdown: `min(W / max W so far - 1)` where the wealth W starts with the opening 1, so that a first loss counts.
 * A missing return counts as 0; after a return of -1 or less all is lost. From -1 to 0. Undefined for an empty series.
 * Source: empyrical.
 */
export function maxDrawdown(returns: Float64Array): Figure {
  if (returns.length === 0) return undefinedFigure("too-few");
  let wealth = 1;
  let peak = 1;
  let deepest = 0;
  for (let i = 0; i < returns.length; i += 1) {
    const r = returns[i]!;
    if (Number.isNaN(r)) continue;
    wealth *= 1 + r;
    if (wealth <= 0) return figure(-1);
    if (wealth > peak) peak = wealth;
    deepest = Math.min(deepest, wealth / peak - 1);
  }
  return figure(deepest);
}

/** Calmar ratio: `annual return / abs(max drawdown)`. Undefined for an empty series or without a drawdown. Source: empyrical. */
export function calmarRatio(returns: Float64Array, periodsPerYear: number): Figure {
  const annual = annualReturn(returns, periodsPerYear);
  const deepest = maxDrawdown(returns);
  if (annual.value === null) return annual;
  return deepest.value === null ? deepest : ratio(annual.value, Math.abs(deepest.value), 1);
}

/** All drawdowns of an equity curve in order of time, over points (timeUs, equity), the opening point first. */
export function drawdownsOf(timeUs: Float64Array, equity: Float64Array): readonly Drawdown[] {
  const out: Drawdown[] = [];
  let peak = 0;
  let trough = 0;
  for (let i = 1; i < equity.length; i += 1) {
    if (equity[i]! >= equity[peak]!) {
      if (trough > peak) out.push(drawdownBetween(timeUs, equity, peak, trough, i));
      peak = i;
      trough = i;
    } else if (trough === peak || equity[i]! < equity[trough]!) {
      trough = i;
    }
  }
  if (trough > peak) out.push(drawdownBetween(timeUs, equity, peak, trough, undefined));
  return out;
}

/** The `count` deepest drawdowns, deepest first; of two equally deep ones the earlier first. */
export function worstDrawdowns(drawdowns: readonly Drawdown[], count: number): readonly Drawdown[] {
  return drawdowns.toSorted((a, b) => a.depth - b.depth || a.peakUs - b.peakUs).slice(0, count);
}

/** The drawdown with the longest underwater time; of two equally long ones the earlier. */
export function longestDrawdown(drawdowns: readonly Drawdown[]): Drawdown | undefined {
  return drawdowns.toSorted((a, b) => b.lengthUs - a.lengthUs || a.peakUs - b.peakUs)[0];
}

/** `equity / peak so far - 1` at each point: 0 at a peak, -1 once all is lost. For charts. */
export function underwaterCurve(equity: Float64Array): Float64Array {
  const out = new Float64Array(equity.length);
  let peak = 0;
  for (let i = 0; i < equity.length; i += 1) {
    peak = Math.max(peak, equity[i]!);
    out[i] = depthBelow(peak, equity[i]!);
  }
  return out;
}

function drawdownBetween(timeUs: Float64Array, equity: Float64Array, peak: number, trough: number, recovery: number | undefined): Drawdown {
  const end = recovery ?? equity.length - 1;
  return {
    depth: depthBelow(equity[peak]!, equity[trough]!),
    peakUs: timeUs[peak]!,
    troughUs: timeUs[trough]!,
    recoveryUs: recovery === undefined ? null : timeUs[recovery]!,
    lengthUs: timeUs[end]! - timeUs[peak]!,
    lengthSessions: end - peak,
    recoveryLengthUs: recovery === undefined ? null : timeUs[recovery]! - timeUs[trough]!,
    recoverySessions: recovery === undefined ? null : recovery - trough,
  };
}

function depthBelow(peak: number, value: number): number {
  return value <= 0 || peak <= 0 ? -1 : Math.min(0, value / peak - 1);
}
