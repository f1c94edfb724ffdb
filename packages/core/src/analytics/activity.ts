import type { Fill } from "../model/fill.ts";
import type { TimeUs } from "../model/time.ts";
import { type Figure, figure, ratio, undefinedFigure } from "./figure.ts";
import { mean, presentOf } from "./moments.ts";
import { yearsBetween } from "./returns.ts";
import type { RoundTrip } from "./round-trips.ts";

/**
 * Exposure: time with any position over the time of the run, the entry counting from its fill. From 0 to 1.
 * Undefined for a run without duration.
 */
export function exposure(trips: readonly Pick<RoundTrip, "entryUs" | "exitUs">[], startUs: TimeUs, endUs: TimeUs): Figure {
  if (!(endUs > startUs)) return undefinedFigure("too-few");
  let covered = 0;
  let reachedUs = startUs;
  for (const trip of trips.toSorted((a, b) => a.entryUs - b.entryUs)) {
    const fromUs = Math.max(trip.entryUs, reachedUs);
    const toUs = Math.min(trip.exitUs, endUs);
    if (toUs <= fromUs) continue;
    covered += toUs - fromUs;
    reachedUs = toUs;
  }
  return figure(covered / (endUs - startUs));
}

/**
 * Gross exposure: mean of `sum(abs(position * mark)) / equity` over the equity samples, 1 being fully invested without leverage.
 * Rows without a value, or with equity of zero or less, are left out. Undefined when none is left.
 */
export function grossExposure(grossNotional: Float64Array, equity: Float64Array): Figure {
  const shares = presentOf(grossNotional.map((gross, i) => (equity[i]! > 0 ? gross / equity[i]! : Number.NaN)));
  return shares.length === 0 ? undefinedFigure("too-few") : figure(mean(shares));
}

/**
 * Turnover: `sum(abs(fill notional)) / mean equity / years`: how often a year the equity is bought and sold, both sides counted.
 * Undefined for a run without duration.
 */
export function turnover(fills: readonly Fill[], equity: Float64Array, startUs: TimeUs, endUs: TimeUs): Figure {
  const years = yearsBetween(startUs, endUs);
  if (!(years > 0) || equity.length === 0) return undefinedFigure("too-few");
  const average = mean(equity);
  if (average < 0) return undefinedFigure("ruined");
  const traded = fills.reduce((sum, fill) => sum + Math.abs(fill.notional), 0);
  return ratio(traded / years, average, Math.max(1, traded));
}

/** Fees paid, rebates subtracted. Money in quanta. */
export function feesPaid(fills: readonly Fill[]): number {
  return fills.reduce((sum, fill) => sum + fill.fee, 0);
}

/** Slippage paid: signed quantity times (fill price less the reference price of the same instant), spread included. In quanta. */
export function slippagePaid(fills: readonly Fill[]): number {
  return fills.reduce((sum, fill) => sum + fill.slippage, 0);
}
