import { FailureError, type InstrumentId } from "@tradepulse/core";

const VENUE = "BINANCE";

/** `BTC-USDT@BINANCE` to `BTCUSDT`. The way back needs the venue's list: `BTCUSDT` alone does not say where the base ends. */
export function symbolOf(id: InstrumentId): string {
  const match = /^([A-Z0-9]{1,20})-([A-Z0-9]{1,20})@BINANCE$/.exec(id);
  if (match === null) {
    throw new FailureError({
      code: "TP_VENUE_SYMBOL",
      message: `Cannot form a Binance symbol of "${id}": it is not of the form BASE-QUOTE@${VENUE} in capitals and digits`,
      details: [],
      next: `write it like BTC-USDT@${VENUE}`,
    });
  }
  return match[1]! + match[2]!;
}

/** `BTC` and `USDT`, as the venue states them, to `BTC-USDT@BINANCE`. */
export function instrumentIdOf(base: string, quote: string): InstrumentId {
  return `${base}-${quote}@${VENUE}`;
}
