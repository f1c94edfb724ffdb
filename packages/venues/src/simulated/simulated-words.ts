import { e8, formatE8 } from "../local-venue/exchange/amount.ts";
import type { AccountTrade } from "../local-venue/exchange/exchange-event.ts";
import type { NewOrder, OrderKind, OrderStatus, OrderView } from "../local-venue/exchange/exchange-order.ts";
import type { Market } from "../local-venue/exchange/market.ts";
import type { VenueRefusal } from "../local-venue/exchange/refusal.ts";
import type { OrderRequest, RefusalCause } from "../port/execution-client.ts";
import type { VenueFill, VenueInstrument, VenueOrder, VenueOrderState } from "../port/venue-records.ts";

/** The port's words for what the exchange says, and back: for the simulated venue, and for the storm. */

const KINDS: Readonly<Record<OrderRequest["type"], OrderKind>> = {
  market: "MARKET",
  limit: "LIMIT",
  "limit-maker": "LIMIT_MAKER",
  stop: "STOP_LOSS",
  "stop-limit": "STOP_LOSS_LIMIT",
  "take-profit": "TAKE_PROFIT",
  "take-profit-limit": "TAKE_PROFIT_LIMIT",
};

const STATES: Readonly<Record<OrderStatus, VenueOrderState>> = {
  NEW: "new",
  PARTIALLY_FILLED: "partially-filled",
  FILLED: "filled",
  CANCELED: "canceled",
  REJECTED: "rejected",
  EXPIRED: "expired",
  EXPIRED_IN_MATCH: "expired",
};

const TYPES = Object.fromEntries(Object.entries(KINDS).map(([type, kind]) => [kind, type]));

export function newOrderOf(order: OrderRequest): NewOrder {
  return {
    symbol: order.symbol,
    side: order.side === "buy" ? "BUY" : "SELL",
    type: KINDS[order.type],
    timeInForce: order.timeInForce,
    quantity: e8(order.quantity),
    quoteQuantity: 0n,
    price: order.price === undefined ? 0n : e8(order.price),
    stopPrice: order.stopPrice === undefined ? 0n : e8(order.stopPrice),
    clientId: order.clientId,
    selfTrade: order.selfTrade === undefined ? "NONE" : order.selfTrade === "expire-maker" ? "EXPIRE_MAKER" : "EXPIRE_TAKER",
  };
}

export function venueOrderOf(order: OrderView): VenueOrder {
  return {
    symbol: order.symbol,
    venueOrderId: String(order.orderId),
    clientId: order.clientId,
    side: order.side === "BUY" ? "buy" : "sell",
    type: TYPES[order.type]!,
    state: STATES[order.status],
    quantity: formatE8(order.quantity),
    filledQuantity: formatE8(order.executed),
    filledQuote: formatE8(order.executedQuote),
    price: formatE8(order.price),
    stopPrice: formatE8(order.stopPrice),
    createdUs: order.createdUs,
    updatedUs: order.updatedUs,
  };
}

export function venueFillOf(trade: AccountTrade): VenueFill {
  return {
    symbol: trade.symbol,
    venueOrderId: String(trade.orderId),
    clientId: trade.clientId,
    tradeId: trade.tradeId,
    side: trade.side === "BUY" ? "buy" : "sell",
    price: formatE8(trade.price),
    quantity: formatE8(trade.quantity),
    fee: formatE8(trade.fee),
    feeAsset: trade.feeAsset,
    isMaker: trade.isMaker,
    timeUs: trade.timeUs,
  };
}

export function venueInstrumentOf({ spec, filters, status }: Market): VenueInstrument {
  return {
    symbol: spec.symbol,
    base: spec.base,
    quote: spec.quote,
    status: status === "TRADING" ? "trading" : "halted",
    tickSize: formatE8(filters.tickSize),
    minPrice: formatE8(filters.minPrice),
    maxPrice: formatE8(filters.maxPrice),
    lotSize: formatE8(filters.stepSize),
    minQuantity: formatE8(filters.minQty),
    maxQuantity: formatE8(filters.maxQty),
    minNotional: formatE8(filters.minNotional),
    maxOrders: filters.maxNumOrders,
    orderTypes: Object.keys(KINDS),
  };
}

export function causeOf({ code, message }: VenueRefusal): RefusalCause {
  if (message.includes("MAX_NUM_") || code === -1015) return "too-many-orders";
  if (code === -1013 || code === -1111) return "filter";
  if (code === -1003) return "rate-limit";
  if (code === -1021) return "clock";
  if (code === -1002 || code === -2014 || code === -2015) return "authorisation";
  if (message.includes("insufficient balance")) return "funds";
  if (message.startsWith("Duplicate")) return "duplicate-id";
  if (message.startsWith("Market is closed")) return "market-closed";
  if (message.startsWith("Order would trigger immediately")) return "has-passed";
  return "other";
}
