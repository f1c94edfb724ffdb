import type { VenueBalance, VenueFill, VenueOrder, VenueOrderState } from "../port/venue-records.ts";
import { type Shape, ShapeError } from "./schema.ts";

const STATES: Readonly<Record<string, VenueOrderState>> = {
  NEW: "new",
  PENDING_NEW: "new",
  PENDING_CANCEL: "new",
  PARTIALLY_FILLED: "partially-filled",
  FILLED: "filled",
  CANCELED: "canceled",
  EXPIRED: "expired",
  EXPIRED_IN_MATCH: "expired",
  REJECTED: "rejected",
};

/** A status that the venue adds later is `unknown`, not an error: the order is there, only its state must be looked at by a person. */
export function stateOf(status: Shape): VenueOrderState {
  const text = status.name();
  return Object.hasOwn(STATES, text) ? STATES[text]! : "unknown";
}

export function sideOf(shape: Shape): "buy" | "sell" {
  return shape.oneOf(["BUY", "SELL"]) === "BUY" ? "buy" : "sell";
}

/** Ids of clients are 1 to 36 of these characters; orders made elsewhere can carry others, so they are taken as they are, within bounds. */
export function clientIdOf(shape: Shape): string {
  return shape.text(128);
}

/**
 * An order as `GET /api/v3/order`, `/openOrders` and `/allOrders` give it, and as it comes back from `POST` and `DELETE /api/v3/order`:
 *
 * ```json
 * { "symbol": "BTCUSDT", "orderId": 9007199254740993, "orderListId": -1, "clientOrderId": "tp-2-1z", "price": "61000.10000000",
 *   "origQty": "0.50000000", "executedQty": "0.20000000", "cummulativeQuoteQty": "12200.02000000", "status": "PARTIALLY_FILLED",
 *   "timeInForce": "GTC", "type": "LIMIT", "side": "BUY", "stopPrice": "0.00000000", "icebergQty": "0.00000000",
 *   "time": 1767225600123, "updateTime": 1767225601456, "isWorking": true, "workingTime": 1767225600123,
 *   "origQuoteOrderQty": "0.00000000", "selfTradePreventionMode": "NONE" }
 * ```
 *
 * `POST` says `transactTime` instead of `time` and `updateTime`. `DELETE` too, and its `clientOrderId` is the id of the cancel while
 * `origClientOrderId` is the order's own. `cummulativeQuoteQty` (spelled so) is negative for very old orders: not known then, and read as zero.
 * An instant that is not stated is 0.
 */
export function parseOrder(shape: Shape): VenueOrder {
  const stated = (name: string): number | undefined => shape.optional(name)?.timeUs();
  const transactUs = stated("transactTime");
  const quote = shape.field("cummulativeQuoteQty").signedDecimal();
  const original = shape.optional("origClientOrderId");
  return {
    symbol: shape.field("symbol").name(),
    venueOrderId: shape.field("orderId").id(),
    clientId: clientIdOf(original ?? shape.field("clientOrderId")),
    side: sideOf(shape.field("side")),
    type: shape.field("type").name(),
    state: stateOf(shape.field("status")),
    quantity: shape.field("origQty").decimal(),
    filledQuantity: shape.field("executedQty").decimal(),
    filledQuote: quote.startsWith("-") ? "0" : quote,
    price: shape.field("price").decimal(),
    stopPrice: shape.optional("stopPrice")?.decimal() ?? "0.00000000",
    createdUs: stated("time") ?? transactUs ?? 0,
    updatedUs: stated("updateTime") ?? transactUs ?? stated("time") ?? 0,
  };
}

/**
 * The fills that `POST /api/v3/order` answers with when `newOrderRespType=FULL`. What fills on arrival takes; the venue states no time for each,
 * so it is that of the order:
 *
 * ```json
 * { "transactTime": 1767225600123, "fills": [
 *   { "price": "61000.10000000", "qty": "0.20000000", "commission": "12.20002000", "commissionAsset": "USDT", "tradeId": 3735683259 } ] }
 * ```
 */
export function parseFillsOfOrder(shape: Shape, order: VenueOrder): readonly VenueFill[] {
  const fills = shape.optional("fills")?.items() ?? [];
  return fills.map((fill) => ({
    symbol: order.symbol,
    venueOrderId: order.venueOrderId,
    clientId: order.clientId,
    tradeId: fill.field("tradeId").integer(0),
    side: order.side,
    price: fill.field("price").decimal(),
    quantity: fill.field("qty").decimal(),
    fee: fill.field("commission").signedDecimal(),
    feeAsset: fill.field("commissionAsset").name(),
    isMaker: false,
    timeUs: order.updatedUs,
  }));
}

/** A fill of ours before it is known under which of our ids: `/myTrades` states the order by the venue's id only. */
export type UnnamedFill = Omit<VenueFill, "clientId">;

/**
 * An own fill as `GET /api/v3/myTrades` gives it:
 *
 * ```json
 * { "symbol": "BTCUSDT", "id": 3735683259, "orderId": 28457001122, "orderListId": -1, "price": "61000.10000000", "qty": "0.20000000",
 *   "quoteQty": "12200.02000000", "commission": "0.00020000", "commissionAsset": "BNB", "time": 1767225600123,
 *   "isBuyer": true, "isMaker": false, "isBestMatch": true }
 * ```
 */
export function parseMyTrade(shape: Shape): UnnamedFill {
  return {
    symbol: shape.field("symbol").name(),
    venueOrderId: shape.field("orderId").id(),
    tradeId: shape.field("id").integer(0),
    side: shape.field("isBuyer").flag() ? "buy" : "sell",
    price: shape.field("price").decimal(),
    quantity: shape.field("qty").decimal(),
    fee: shape.field("commission").signedDecimal(),
    feeAsset: shape.field("commissionAsset").name(),
    isMaker: shape.field("isMaker").flag(),
    timeUs: shape.field("time").timeUs(),
  };
}

/**
 * Balances of `GET /api/v3/account`:
 *
 * ```json
 * { "makerCommission": 10, "canTrade": true, "accountType": "SPOT", "updateTime": 1767225600123,
 *   "balances": [ { "asset": "BTC", "free": "4723846.89208129", "locked": "0.00000000" } ] }
 * ```
 */
export function parseBalances(shape: Shape): readonly VenueBalance[] {
  return shape
    .field("balances")
    .items()
    .map((balance) => ({
      asset: balance.field("asset").name(),
      free: balance.field("free").decimal(),
      locked: balance.field("locked").decimal(),
    }));
}

/** `{ "serverTime": 1767225600123 }` of `GET /api/v3/time`. */
export function parseServerTime(shape: Shape): number {
  return shape.field("serverTime").timeUs();
}

export interface VenueError {
  readonly code: number;
  readonly message: string;
}

/** `{ "code": -1121, "msg": "Invalid symbol." }`: how the venue says no. */
export function parseError(shape: Shape): VenueError {
  const message = shape.field("msg").text(2_048);
  return { code: shape.field("code").integer(-99_999, 99_999), message };
}

/**
 * Open orders that `DELETE /api/v3/openOrders` canceled. A canceled order list stands among them with its orders under `orderReports`:
 *
 * ```json
 * [ { "symbol": "BTCUSDT", "origClientOrderId": "tp-2-1z", "orderId": 11, "clientOrderId": "c1", "status": "CANCELED" },
 *   { "orderListId": 1929, "contingencyType": "OCO", "orderReports": [ { "symbol": "BTCUSDT", "orderId": 20, "status": "CANCELED" } ] } ]
 * ```
 */
export function parseCanceledOrders(shape: Shape): readonly VenueOrder[] {
  return shape
    .items()
    .flatMap((item) => (item.has("orderReports") ? item.field("orderReports").items().map(parseOrder) : [parseOrder(item)]));
}

/** Checks that trades come as asked: of this symbol, rising, none before `fromTradeId`. A trade of the account with itself comes twice, once for each order. */
export function checkTradePage(fills: readonly UnnamedFill[], symbol: string, fromTradeId: number): void {
  let last: UnnamedFill | undefined;
  for (const [index, fill] of fills.entries()) {
    if (fill.symbol !== symbol) throw new ShapeError(`$[${index}].symbol`, `is another symbol than the one asked for`);
    const isOtherSide =
      last?.tradeId === fill.tradeId &&
      fills[index - 2]?.tradeId !== fill.tradeId &&
      last.side !== fill.side &&
      last.venueOrderId !== fill.venueOrderId;
    if (!isOtherSide && fill.tradeId <= (last?.tradeId ?? fromTradeId - 1)) throw new ShapeError(`$[${index}].id`, "does not rise");
    last = fill;
  }
}
