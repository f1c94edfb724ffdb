/** A currency and the size of its quantum, 10^-scale: the unit all money of that currency is counted in. */
export interface Currency {
  readonly code: string;
  /** Decimals of the quantum: 6 for USD (10^-6), 8 for BTC. */
  readonly scale: number;
}

/** Money above this many quanta is refused rather than computed inexactly. */
export const MONEY_LIMIT = 2 ** 52;

const COIN_SCALE = 8;
const FIAT_SCALE = 6;
const FIAT = new Set(["USD", "USDT", "USDC", "BUSD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "DAI", "TUSD", "FDUSD"]);

/** The currency with its default quantum: 10^-6 for fiat and stable coins, 10^-8 otherwise. */
export function currency(code: string): Currency {
  return { code, scale: FIAT.has(code) ? FIAT_SCALE : COIN_SCALE };
}
