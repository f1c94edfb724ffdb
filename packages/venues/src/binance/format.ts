import type { OrderRequest } from "../port/execution-client.ts";
import type { Parameters } from "./sign.ts";

const TYPES: Readonly<Record<OrderRequest["type"], string>> = {
  market: "MARKET",
  limit: "LIMIT",
  "limit-maker": "LIMIT_MAKER",
  stop: "STOP_LOSS",
  "stop-limit": "STOP_LOSS_LIMIT",
  "take-profit": "TAKE_PROFIT",
  "take-profit-limit": "TAKE_PROFIT_LIMIT",
};

/** Types that take `timeInForce`. The venue refuses it with -1106 elsewhere and its absence with -1102 here. */
const TIMED: readonly OrderRequest["type"][] = ["limit", "stop-limit", "take-profit-limit"];

const SELF_TRADE = { "expire-taker": "EXPIRE_TAKER", "expire-maker": "EXPIRE_MAKER" } as const;

const PRICED: readonly OrderRequest["type"][] = ["limit", "limit-maker", "stop-limit", "take-profit-limit"];
const TRIGGERED: readonly OrderRequest["type"][] = ["stop", "stop-limit", "take-profit", "take-profit-limit"];

/** Its limit price, for types that have one: the venue refuses a price with others (-1106). */
export function priceOf(order: OrderRequest): string | undefined {
  return PRICED.includes(order.type) ? order.price : undefined;
}

/** The price that wakes it, for types that wait for one. */
export function stopPriceOf(order: OrderRequest): string | undefined {
  return TRIGGERED.includes(order.type) ? order.stopPrice : undefined;
}

/** What Binance offers beyond {@link OrderRequest}. */
export interface BinanceOrderTerms {
  /** Shown part of a limit order. */
  readonly icebergQuantity?: string;
  readonly selfTradePrevention?: "NONE" | "EXPIRE_TAKER" | "EXPIRE_MAKER" | "EXPIRE_BOTH" | "DECREMENT" | "TRANSFER";
  /** A market order for this much quote money; `quantity` is not sent then. */
  readonly quoteQuantity?: string;
}

/**
 * The parameters of `POST /api/v3/order` without `recvWindow`, `timestamp` and `signature`. `newOrderRespType=FULL` makes the answer hold the
 * fills; by default a stop order is answered with an id only.
 */
export function orderParameters(order: OrderRequest, terms: BinanceOrderTerms = {}): Parameters {
  const out: (readonly [string, string])[] = [
    ["symbol", order.symbol],
    ["side", order.side === "buy" ? "BUY" : "SELL"],
    ["type", TYPES[order.type]],
  ];
  if (TIMED.includes(order.type)) out.push(["timeInForce", order.timeInForce]);
  out.push(terms.quoteQuantity === undefined ? ["quantity", order.quantity] : ["quoteOrderQty", terms.quoteQuantity]);
  const price = priceOf(order);
  const stopPrice = stopPriceOf(order);
  if (price !== undefined) out.push(["price", price]);
  if (stopPrice !== undefined) out.push(["stopPrice", stopPrice]);
  if (terms.icebergQuantity !== undefined) out.push(["icebergQty", terms.icebergQuantity]);
  const prevention = terms.selfTradePrevention ?? (order.selfTrade === undefined ? undefined : SELF_TRADE[order.selfTrade]);
  if (prevention !== undefined) out.push(["selfTradePreventionMode", prevention]);
  if (order.clientId !== "") out.push(["newClientOrderId", order.clientId]);
  out.push(["newOrderRespType", "FULL"]);
  return out;
}
