import type { Instrument } from "@tradepulse/core";
import { type E8, e8, maxE8, ONE } from "./amount.ts";

/** Rules an order must satisfy before it may enter, in the venue's own words. */
export interface SymbolFilters {
  readonly tickSize: E8;
  readonly minPrice: E8;
  readonly maxPrice: E8;
  readonly stepSize: E8;
  readonly minQty: E8;
  readonly maxQty: E8;
  /** Largest quantity of a market order. */
  readonly marketMaxQty: E8;
  readonly minNotional: E8;
  readonly maxNotional: E8;
  /** Prices may be at most this many times the average price, and at least this fraction of it. */
  readonly multiplierUp: E8;
  readonly multiplierDown: E8;
  readonly maxNumOrders: number;
  readonly maxNumAlgoOrders: number;
  /** Largest holding of the base, open buys included; absent for none. */
  readonly maxPosition?: E8;
}

export type SymbolStatus = "TRADING" | "HALT" | "BREAK";

export interface SymbolSpec {
  /** The venue's name: `BTCUSDT`. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly filters: SymbolFilters;
}

export const DEFAULT_FILTERS: SymbolFilters = {
  tickSize: e8("0.01"),
  minPrice: e8("0.01"),
  maxPrice: e8("1000000"),
  stepSize: e8("0.00001"),
  minQty: e8("0.00001"),
  maxQty: e8("9000"),
  marketMaxQty: e8("120"),
  minNotional: e8("5"),
  maxNotional: e8("9000000"),
  multiplierUp: e8("5"),
  multiplierDown: e8("0.2"),
  maxNumOrders: 200,
  maxNumAlgoOrders: 5,
};

/** A symbol with the filters that it does not state filled in. */
export function symbolSpec(symbol: string, base: string, quote: string, filters: Partial<SymbolFilters> = {}): SymbolSpec {
  const tickSize = filters.tickSize ?? DEFAULT_FILTERS.tickSize;
  const stepSize = filters.stepSize ?? DEFAULT_FILTERS.stepSize;
  return {
    symbol,
    base,
    quote,
    filters: { ...DEFAULT_FILTERS, minPrice: tickSize, minQty: stepSize, tickSize, stepSize, ...filters },
  };
}

/**
 * The symbol under which an instrument trades: `BTC-USDT@BINANCE` is BTCUSDT, `SP500@SP` in dollars is SP500USD. Quantities go by the
 * instrument's lot, or with `isFractional` by the finest step that its tick allows: where fees are taken from what is bought, whole shares
 * could never be sold again.
 */
export function specOfInstrument(instrument: Instrument, isFractional = false): SymbolSpec {
  const name = instrument.id.split("@")[0]!;
  const [first, second] = name.split("-");
  const base = plain(first!);
  const quote = plain(second ?? instrument.quote.code);
  const tickSize = instrument.tickKnown
    ? scaled(instrument.tickUnits, instrument.priceScale)
    : scaled(1, Math.min(8, instrument.displayDecimals));
  // Price times quantity must be a whole count of 10^-8, or two parties could round the same trade differently.
  let stepSize = isFractional ? 1n : scaled(instrument.lotUnits * instrument.stepLots, instrument.lotScale);
  while ((tickSize * stepSize) % ONE !== 0n) stepSize *= 10n;
  return symbolSpec(`${base}${quote}`, base, quote, {
    tickSize,
    stepSize,
    maxQty: e8("9000000"),
    marketMaxQty: e8("9000000"),
    maxNotional: e8("900000000"),
  });
}

function plain(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, "");
}

function scaled(count: number, decimals: number): E8 {
  return decimals >= 8 ? maxE8(1n, BigInt(count) / 10n ** BigInt(decimals - 8)) : BigInt(count) * 10n ** BigInt(8 - decimals);
}
