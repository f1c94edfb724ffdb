import { formatE8 } from "../exchange/amount.ts";
import type { AccountTrade, ExchangeEvent } from "../exchange/exchange-event.ts";
import type { OrderView } from "../exchange/exchange-order.ts";

/** Milliseconds of an instant, as the wire has them. */
export function wireMs(timeUs: number): number {
  return Math.floor(timeUs / 1_000);
}

/** An order as queries show it. */
export function orderJson(order: OrderView): Record<string, unknown> {
  return {
    symbol: order.symbol,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: order.clientId,
    price: formatE8(order.price),
    origQty: formatE8(order.quantity),
    executedQty: formatE8(order.executed),
    cummulativeQuoteQty: formatE8(order.executedQuote),
    status: order.status,
    timeInForce: order.timeInForce,
    type: order.type,
    side: order.side,
    stopPrice: formatE8(order.stopPrice),
    icebergQty: formatE8(0n),
    time: wireMs(order.createdUs),
    updateTime: wireMs(order.updatedUs),
    isWorking: order.workingUs > 0,
    workingTime: order.workingUs > 0 ? wireMs(order.workingUs) : -1,
    origQuoteOrderQty: formatE8(order.quoteQuantity),
    selfTradePreventionMode: order.selfTrade,
  };
}

/** The answer to a new order, as long as asked for. */
export function newOrderJson(
  order: OrderView,
  trades: readonly AccountTrade[],
  length: "ACK" | "RESULT" | "FULL",
): Record<string, unknown> {
  const ack = {
    symbol: order.symbol,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: order.clientId,
    transactTime: wireMs(order.updatedUs),
  };
  if (length === "ACK") return ack;
  const result = {
    ...ack,
    price: formatE8(order.price),
    origQty: formatE8(order.quantity),
    executedQty: formatE8(order.executed),
    origQuoteOrderQty: formatE8(order.quoteQuantity),
    cummulativeQuoteQty: formatE8(order.executedQuote),
    status: order.status,
    timeInForce: order.timeInForce,
    type: order.type,
    side: order.side,
    ...(order.stopPrice > 0n ? { stopPrice: formatE8(order.stopPrice) } : {}),
    workingTime: order.workingUs > 0 ? wireMs(order.workingUs) : -1,
    selfTradePreventionMode: order.selfTrade,
  };
  if (length === "RESULT") return result;
  const fills = trades.map((trade) => ({
    price: formatE8(trade.price),
    qty: formatE8(trade.quantity),
    commission: formatE8(trade.fee),
    commissionAsset: trade.feeAsset,
    tradeId: trade.tradeId,
  }));
  return { ...result, fills };
}

/** The answer to a cancel. */
export function canceledJson(order: OrderView, cancelId: string): Record<string, unknown> {
  return {
    symbol: order.symbol,
    origClientOrderId: order.clientId,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: cancelId,
    transactTime: wireMs(order.updatedUs),
    price: formatE8(order.price),
    origQty: formatE8(order.quantity),
    executedQty: formatE8(order.executed),
    origQuoteOrderQty: formatE8(order.quoteQuantity),
    cummulativeQuoteQty: formatE8(order.executedQuote),
    status: "CANCELED",
    timeInForce: order.timeInForce,
    type: order.type,
    side: order.side,
    selfTradePreventionMode: order.selfTrade,
  };
}

export function myTradeJson(trade: AccountTrade): Record<string, unknown> {
  return {
    symbol: trade.symbol,
    id: trade.tradeId,
    orderId: trade.orderId,
    orderListId: -1,
    price: formatE8(trade.price),
    qty: formatE8(trade.quantity),
    quoteQty: formatE8(trade.quoteQuantity),
    commission: formatE8(trade.fee),
    commissionAsset: trade.feeAsset,
    time: wireMs(trade.timeUs),
    isBuyer: trade.side === "BUY",
    isMaker: trade.isMaker,
    isBestMatch: true,
  };
}

/** The private event that an account gets for something that happened; `undefined` for what concerns nobody in person. */
export function userEventJson(event: ExchangeEvent): Record<string, unknown> | undefined {
  const at = { E: wireMs(event.timeUs) };
  switch (event.kind) {
    case "execution":
      return executionReport(event, at.E);
    case "position":
      return {
        e: "outboundAccountPosition",
        ...at,
        u: at.E,
        B: event.balances.map(({ asset, free, locked }) => ({ a: asset, f: formatE8(free), l: formatE8(locked) })),
      };
    case "transfer":
      return { e: "balanceUpdate", ...at, a: event.asset, d: formatE8(event.amount), T: at.E };
    default:
      return undefined;
  }
}

function executionReport(event: ExchangeEvent & { kind: "execution" }, atMs: number): Record<string, unknown> {
  const { order, trade, cancelId } = event;
  return {
    e: "executionReport",
    E: atMs,
    s: order.symbol,
    c: cancelId === "" ? order.clientId : cancelId,
    S: order.side,
    o: order.type,
    f: order.timeInForce,
    q: formatE8(order.quantity),
    p: formatE8(order.price),
    P: formatE8(order.stopPrice),
    F: formatE8(0n),
    g: -1,
    C: cancelId === "" ? "" : order.clientId,
    x: event.execution,
    X: order.status,
    r: "NONE",
    i: order.orderId,
    l: formatE8(trade?.quantity ?? 0n),
    z: formatE8(order.executed),
    L: formatE8(trade?.price ?? 0n),
    n: trade === undefined ? "0" : formatE8(trade.fee),
    N: trade?.feeAsset ?? null,
    T: atMs,
    t: trade?.tradeId ?? -1,
    I: order.orderId * 2,
    w: order.workingUs > 0 && (order.status === "NEW" || order.status === "PARTIALLY_FILLED"),
    m: trade?.isMaker ?? false,
    M: false,
    O: wireMs(order.createdUs),
    Z: formatE8(order.executedQuote),
    Y: formatE8(trade?.quoteQuantity ?? 0n),
    Q: formatE8(order.quoteQuantity),
    ...(order.workingUs > 0 ? { W: wireMs(order.workingUs) } : {}),
    V: order.selfTrade,
  };
}
