import { type Fill, type Instrument, powerOfTen, quantityOf } from "@tradepulse/core";

/** Decimal price of a fill, from its notional. */
export function fillPrice(fill: Fill, instrument: Instrument): number {
  const { numerator, denominator } = instrument.multiplier;
  return (fill.notional * denominator) / powerOfTen(instrument.quote.scale) / numerator / quantityOf(instrument, fill.lots);
}
