import { type BarColumns, type Fill, type Instrument, powerOfTen, quantityOf } from "@tradepulse/core";

/**
 * Sum of abs(position value) at each instant, in quanta: positions by the fills up to it, at the last closes visible then.
 * `timeUs` ascends; `fills` are in order; `columns` by instrument.
 */
export function grossNotionalAt(
  timeUs: Float64Array,
  fills: readonly Fill[],
  instruments: readonly Instrument[],
  columns: readonly BarColumns[],
): Float64Array {
  const lots = instruments.map(() => 0);
  const rows = instruments.map(() => -1);
  const valueOfLotAtOne = instruments.map((each) => unitValue(each));
  const gross = new Float64Array(timeUs.length);
  let nextFill = 0;
  for (let i = 0; i < timeUs.length; i += 1) {
    const now = timeUs[i]!;
    for (; nextFill < fills.length && fills[nextFill]!.timeUs <= now; nextFill += 1) {
      const fill = fills[nextFill]!;
      lots[fill.instrumentIndex]! += fill.side * fill.lots;
    }
    for (let k = 0; k < instruments.length; k += 1) {
      const { closeUs, close, length } = columns[k]!;
      while (rows[k]! + 1 < length && closeUs[rows[k]! + 1]! <= now) rows[k]! += 1;
      if (lots[k] === 0 || rows[k]! < 0) continue;
      gross[i]! += Math.abs(lots[k]!) * close[rows[k]!]! * valueOfLotAtOne[k]!;
    }
  }
  return gross;
}

/** Quanta that one lot is worth at a price of one. */
function unitValue(instrument: Instrument): number {
  const { numerator, denominator } = instrument.multiplier;
  return ((quantityOf(instrument, 1) * numerator) / denominator) * powerOfTen(instrument.quote.scale);
}
