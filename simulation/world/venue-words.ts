import type { OrderRequest, RefusalCause, VenueFill, VenueOrder, VenueOrderState } from "@tradepulse/venues";
import { e8, formatE8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import type { AccountTrade } from "../../packages/venues/src/local-venue/exchange/exchange-event.ts";
import type { NewOrder, OrderKind, OrderStatus, OrderView } from "../../packages/venues/src/local-venue/exchange/exchange-order.ts";

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

export function newOrderOf(request: OrderRequest): NewOrder {
  return {
    symbol: request.symbol,
    side: request.side === "buy" ? "BUY" : "SELL",
    type: KINDS[request.type],
    timeInForce: request.timeInForce,
    quantity: e8(request.quantity),
    quoteQuantity: 0n,
    price: request.price === undefined ? 0n : e8(request.price),
    stopPrice: request.stopPrice === undefined ? 0n : e8(request.stopPrice),
    clientId: request.clientId,
    selfTrade: "NONE",
  };
}

export function venueOrderOf(order: OrderView): VenueOrder {
  return {
    symbol: order.symbol,
    venueOrderId: String(order.orderId),
    clientId: order.clientId,
    side: order.side === "BUY" ? "buy" : "sell",
    type: order.type,
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

/** REST lists of trades leave the client id out; the stream has it. */
export function venueFillOf(trade: AccountTrade, withClientId: boolean): VenueFill {
  return {
    symbol: trade.symbol,
    venueOrderId: String(trade.orderId),
    clientId: withClientId ? trade.clientId : "",
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

export function refusalCauseOf(code: number, message: string): RefusalCause {
  if (code === -1013 || code === -1111) return "filter";
  if (code === -1003) return "rate-limit";
  if (code === -1015) return "too-many-orders";
  if (code === -1021) return "clock";
  if (code === -2014 || code === -2015 || code === -1002) return "authorisation";
  if (/balance/.test(message)) return "funds";
  if (/Duplicate/.test(message)) return "duplicate-id";
  if (/closed/.test(message)) return "market-closed";
  return "other";
}
