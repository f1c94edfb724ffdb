import { type E8, e8, timesE8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import type { SymbolFilters } from "../../packages/venues/src/local-venue/exchange/symbol-spec.ts";

/** An order's figures as they left, in the text of the wire; empty where it has none. */
export interface SentFigures {
  readonly quantity: string;
  readonly price: string;
  readonly stopPrice: string;
}

const DECIMAL = /^(0|[1-9][0-9]*)(\.[0-9]{1,8})?$/;

/**
 * What an order breaks of the filters that its session began with (I19); undefined for nothing. Exact: text to whole counts of 10^-8. Filters that
 * have become coarser since may refuse it, and are the venue's to refuse by.
 */
export function filterBreach(sent: SentFigures, filters: SymbolFilters): string | undefined {
  for (const [name, text] of Object.entries(sent))
    if (text !== "" && !DECIMAL.test(text)) return `its ${name} "${text}" is no plain decimal`;
  const quantity = e8(sent.quantity);
  if (quantity % filters.stepSize !== 0n) return `its quantity ${sent.quantity} is no whole number of steps`;
  if (quantity < filters.minQty || quantity > filters.maxQty) return `its quantity ${sent.quantity} is out of bounds`;
  for (const text of [sent.price, sent.stopPrice]) {
    if (text === "") continue;
    const price = e8(text);
    if (price % filters.tickSize !== 0n) return `its price ${text} is no whole number of ticks`;
    if (price < filters.minPrice || price > filters.maxPrice) return `its price ${text} is out of bounds`;
  }
  const at: E8 = sent.price !== "" ? e8(sent.price) : sent.stopPrice !== "" ? e8(sent.stopPrice) : 0n;
  if (at > 0n && timesE8(at, quantity) < filters.minNotional)
    return `it is worth less than the least notional: ${sent.quantity} at ${sent.price || sent.stopPrice}`;
  return undefined;
}
