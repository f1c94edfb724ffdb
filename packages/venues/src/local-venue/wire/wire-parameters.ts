import { US_PER_DAY } from "@tradepulse/core";
import { type E8, parseE8 } from "../exchange/amount.ts";
import {
  hasPrice,
  hasTrigger,
  type Lifetime,
  type NewOrder,
  ORDER_KINDS,
  type OrderKind,
  type SelfTradePrevention,
} from "../exchange/exchange-order.ts";
import { refusals } from "../exchange/refusal.ts";

/** Parameters of a call, decoded, each once. */
export type WireParameters = ReadonlyMap<string, string>;

export function required(parameters: WireParameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined || value === "") throw refusals.missing(name);
  return value;
}

/** A whole number that may be left out. */
export function wholeNumber(parameters: WireParameters, name: string): number | undefined {
  const value = parameters.get(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,19}$/.test(value)) throw refusals.illegalNumber(name);
  return Number(value);
}

/** A time in milliseconds or microseconds, told by its size, as microseconds. */
export function wireTimeUs(parameters: WireParameters, name: string): number | undefined {
  const value = wholeNumber(parameters, name);
  return value === undefined ? undefined : value >= 1e15 ? value : value * 1_000;
}

/** Refuses a span of more than a day, and one beside the id to begin with. */
export function checkSpan(parameters: WireParameters, idName: "orderId" | "fromId"): void {
  const startUs = wireTimeUs(parameters, "startTime");
  const endUs = wireTimeUs(parameters, "endTime");
  if (startUs !== undefined && endUs !== undefined && endUs - startUs > US_PER_DAY) throw refusals.span();
  if (idName === "fromId" && parameters.has(idName) && (startUs !== undefined || endUs !== undefined)) throw refusals.combination();
}

/** `limit`, within 1 and a most. */
export function wireLimit(parameters: WireParameters, normal: number, most: number): number {
  const limit = wholeNumber(parameters, "limit") ?? normal;
  return Math.max(1, Math.min(most, limit));
}

/** How an order is named: by its number or by the client's id. */
export function orderName(parameters: WireParameters): { readonly orderId?: number; readonly clientId?: string } {
  const orderId = wholeNumber(parameters, "orderId");
  const clientId = parameters.get("origClientOrderId");
  if (orderId !== undefined) return { orderId };
  if (clientId === undefined || clientId === "") throw refusals.eitherMissing("origClientOrderId", "orderId");
  return { clientId };
}

const CLIENT_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;
const SELF_TRADE = ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"];

/** A new order as sent, refused where its form is wrong. */
export function parseNewOrder(parameters: WireParameters, selfTrade: SelfTradePrevention): NewOrder {
  const symbol = required(parameters, "symbol");
  const side = required(parameters, "side");
  if (side !== "BUY" && side !== "SELL") throw refusals.side();
  const type = required(parameters, "type") as OrderKind;
  if (!ORDER_KINDS.includes(type)) throw refusals.orderType();
  const limit = hasPrice(type);
  const price = decimal(parameters, "price", limit, limit);
  const stopPrice = decimal(parameters, "stopPrice", hasTrigger(type), hasTrigger(type));
  const byMoney = type === "MARKET" && !parameters.has("quantity");
  if (byMoney && !parameters.has("quoteOrderQty")) throw refusals.missing("quantity");
  if (!byMoney && parameters.has("quoteOrderQty")) throw refusals.notRequired("quoteOrderQty");
  const clientId = parameters.get("newClientOrderId") ?? "";
  if (parameters.has("newClientOrderId") && !CLIENT_ID.test(clientId)) throw refusals.illegalId("newClientOrderId");
  const prevention = (parameters.get("selfTradePreventionMode") ?? selfTrade) as SelfTradePrevention;
  if (!SELF_TRADE.includes(prevention)) throw refusals.parameter("selfTradePreventionMode");
  return {
    symbol,
    side,
    type,
    timeInForce: lifetime(parameters, type),
    quantity: byMoney ? 0n : decimal(parameters, "quantity", true, true),
    quoteQuantity: byMoney ? decimal(parameters, "quoteOrderQty", true, true) : 0n,
    price,
    stopPrice,
    clientId,
    selfTrade: prevention,
  };
}

function lifetime(parameters: WireParameters, type: OrderKind): Lifetime {
  const given = parameters.get("timeInForce");
  const takes = type === "LIMIT" || type === "STOP_LOSS_LIMIT" || type === "TAKE_PROFIT_LIMIT";
  if (!takes) {
    if (given !== undefined) throw refusals.notRequired("timeInForce");
    return "GTC";
  }
  if (given === undefined || given === "") throw refusals.missing("timeInForce");
  if (given !== "GTC" && given !== "IOC" && given !== "FOK") throw refusals.timeInForce();
  return given;
}

function decimal(parameters: WireParameters, name: string, isAllowed: boolean, isRequired: boolean): E8 {
  const text = parameters.get(name);
  if (text === undefined || text === "") {
    if (isRequired) throw refusals.missing(name);
    return 0n;
  }
  if (!isAllowed) throw refusals.notRequired(name);
  const value = parseE8(text);
  if (value === "malformed") throw refusals.illegalNumber(name);
  if (value === "precision") throw refusals.precision(name);
  return value;
}
