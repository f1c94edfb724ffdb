import type { InstrumentBook } from "./instrument-book.ts";
import { lowIsNearer } from "./path-model.ts";
import type { VenueBar } from "./simulated-venue.ts";

/**
 * True when the low is the extreme against us: by the position held, or when flat by the first order that the walk would fill. Where both
 * walks agree with themselves, or neither does, the nearer extreme decides.
 */
export function adverseIsLow(book: InstrumentBook, bar: VenueBar, heldLots: number): boolean {
  if (heldLots !== 0) return heldLots > 0;
  // A walk agrees with itself when the side that it fills first is the side it hurts.
  const lowFirst = firstSide(book, bar, true) > 0;
  const highFirst = firstSide(book, bar, false) < 0;
  return lowFirst === highFirst ? lowIsNearer(bar.open, bar.high, bar.low, bar.close) : lowFirst;
}

/** Side of the first order that a walk over the low (or the high) first would touch; 0 for none. */
function firstSide(book: InstrumentBook, bar: VenueBar, lowFirst: boolean): number {
  const low = book.below.peek();
  const high = book.above.peek();
  const lowSide = low !== undefined && low.touchUnits >= bar.low ? low.side : 0;
  const highSide = high !== undefined && high.touchUnits <= bar.high ? high.side : 0;
  if (lowFirst) return lowSide !== 0 ? lowSide : highSide;
  return highSide !== 0 ? highSide : lowSide;
}
