import type { BarColumns } from "../model/bar.ts";
import type { RoundTrip } from "./round-trips.ts";

/** How far a round trip was ahead and behind, as fractions of its average entry price. */
export interface Excursion {
  /** Best price reached, from 0 up. */
  readonly favourable: number;
  /** Worst price reached, from 0 down. */
  readonly adverse: number;
}

/**
 * Maximum favourable and adverse excursion over the bars that overlap the holding time; the exit price counts too. The bars of
 * entry and exit count whole, since a bar does not tell which part of its range came before: an upper bound on both sides.
 */
export function excursionOf(
  trip: Pick<RoundTrip, "side" | "entryUs" | "exitUs" | "entryPrice" | "exitPrice">,
  bars: BarColumns,
): Excursion {
  const gain = (price: number): number => trip.side * (price / trip.entryPrice - 1);
  let favourable = Math.max(0, gain(trip.exitPrice));
  let adverse = Math.min(0, gain(trip.exitPrice));
  for (let i = firstClosingAfter(bars, trip.entryUs); i < bars.length && bars.openUs[i]! < trip.exitUs; i += 1) {
    const high = gain(bars.high[i]!);
    const low = gain(bars.low[i]!);
    favourable = Math.max(favourable, high, low);
    adverse = Math.min(adverse, high, low);
  }
  return { favourable, adverse };
}

function firstClosingAfter(bars: BarColumns, timeUs: number): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bars.closeUs[middle]! > timeUs) high = middle;
    else low = middle + 1;
  }
  return low;
}
