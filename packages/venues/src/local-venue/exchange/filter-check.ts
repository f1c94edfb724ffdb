import { type E8, timesE8 } from "./amount.ts";
import { hasPrice, hasTrigger, type NewOrder } from "./exchange-order.ts";
import { refusals } from "./refusal.ts";
import type { SymbolFilters } from "./symbol-spec.ts";

/** What filters look at besides the order itself. */
export interface FilterFacts {
  /** The last price, in place of the average over the last minutes; 0 before the first trade. */
  readonly averagePrice: E8;
  readonly openOrders: number;
  readonly openAlgoOrders: number;
  /** Base held, free and locked, and in open buys. */
  readonly position: E8;
}

/** Throws the refusal of the first filter that an order fails. */
export function checkFilters(order: NewOrder, filters: SymbolFilters, facts: FilterFacts): void {
  if (hasPrice(order.type)) checkPrice(order.price, filters, facts.averagePrice, true);
  if (hasTrigger(order.type)) checkPrice(order.stopPrice, filters, facts.averagePrice, false);
  checkQuantity(order, filters, facts.averagePrice);
  if (facts.openOrders >= filters.maxNumOrders) throw refusals.filter("MAX_NUM_ORDERS");
  if (hasTrigger(order.type) && facts.openAlgoOrders >= filters.maxNumAlgoOrders) throw refusals.filter("MAX_NUM_ALGO_ORDERS");
  if (filters.maxPosition !== undefined && order.side === "BUY" && facts.position + order.quantity > filters.maxPosition)
    throw refusals.filter("MAX_POSITION");
}

function checkPrice(price: E8, filters: SymbolFilters, average: E8, isLimit: boolean): void {
  if (price < filters.minPrice || price > filters.maxPrice || price % filters.tickSize !== 0n) throw refusals.filter("PRICE_FILTER");
  if (!isLimit || average === 0n) return;
  if (price > timesE8(average, filters.multiplierUp) || price < timesE8(average, filters.multiplierDown))
    throw refusals.filter("PERCENT_PRICE_BY_SIDE");
}

function checkQuantity(order: NewOrder, filters: SymbolFilters, average: E8): void {
  const byMoney = order.quoteQuantity > 0n;
  if (!byMoney) {
    const { quantity } = order;
    if (quantity < filters.minQty || quantity > filters.maxQty || quantity % filters.stepSize !== 0n) throw refusals.filter("LOT_SIZE");
    if (!hasPrice(order.type) && quantity > filters.marketMaxQty) throw refusals.filter("MARKET_LOT_SIZE");
  }
  const price = hasPrice(order.type) ? order.price : hasTrigger(order.type) ? order.stopPrice : average;
  const notional = byMoney ? order.quoteQuantity : timesE8(price, order.quantity);
  if (price === 0n && !byMoney) return;
  if (notional < filters.minNotional || notional > filters.maxNotional) throw refusals.filter("NOTIONAL");
}
