import type { CallPurpose } from "../port/rate-budget.ts";
import type { Parameters } from "./sign.ts";

/** A call of the REST interface before it is signed and given a place to go. */
export interface BinanceRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly parameters: Parameters;
  readonly isSigned: boolean;
  /** Request weight. Source: Binance spot API documentation, rest-api.md, since the limit is 6,000 a minute (2023-08-25). */
  readonly weight: number;
  readonly purpose: CallPurpose;
}

function request(
  method: BinanceRequest["method"],
  path: string,
  weight: number,
  purpose: CallPurpose,
  isSigned: boolean,
  parameters: readonly (readonly [name: string, value: string | number | undefined])[],
): BinanceRequest {
  const given = parameters.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)] as const);
  return { method, path: `/api/v3/${path}`, parameters: given, isSigned, weight, purpose };
}

/** Weight of a book of this many levels. */
function depthWeight(levels: number): number {
  return levels <= 100 ? 5 : levels <= 500 ? 25 : levels <= 1_000 ? 50 : 250;
}

/** Every call that the adapter makes. Instants are milliseconds. */
export const requests = {
  time: () => request("GET", "time", 1, "truth", false, []),
  exchangeInfo: (symbols: readonly string[] = []) =>
    request("GET", "exchangeInfo", 20, "truth", false, [["symbols", symbols.length === 0 ? undefined : JSON.stringify(symbols)]]),
  klines: (symbol: string, interval: string, more: { startMs?: number; endMs?: number; limit?: number } = {}) =>
    request("GET", "klines", 2, "data", false, [
      ["symbol", symbol],
      ["interval", interval],
      ["startTime", more.startMs],
      ["endTime", more.endMs],
      ["limit", more.limit],
    ]),
  depth: (symbol: string, limit: number) =>
    request("GET", "depth", depthWeight(limit), "data", false, [
      ["symbol", symbol],
      ["limit", limit],
    ]),
  trades: (symbol: string, limit?: number) =>
    request("GET", "trades", 25, "data", false, [
      ["symbol", symbol],
      ["limit", limit],
    ]),
  averagePrice: (symbol: string) => request("GET", "avgPrice", 2, "data", false, [["symbol", symbol]]),
  account: () => request("GET", "account", 20, "truth", true, [["omitZeroBalances", "true"]]),
  openOrders: (symbol?: string) => request("GET", "openOrders", symbol === undefined ? 80 : 6, "truth", true, [["symbol", symbol]]),
  order: (symbol: string, by: { clientId?: string; venueOrderId?: string }) =>
    request("GET", "order", 4, "truth", true, [
      ["symbol", symbol],
      ["orderId", by.venueOrderId],
      ["origClientOrderId", by.clientId],
    ]),
  ordersFrom: (symbol: string, venueOrderId: string | undefined, limit?: number) =>
    request("GET", "allOrders", 20, "truth", true, [
      ["symbol", symbol],
      ["orderId", venueOrderId],
      ["limit", limit],
    ]),
  myTrades: (symbol: string, more: { fromId?: number; startMs?: number; limit?: number } = {}) =>
    request("GET", "myTrades", 20, "truth", true, [
      ["symbol", symbol],
      ["startTime", more.startMs],
      ["fromId", more.fromId],
      ["limit", more.limit],
    ]),
  submit: (parameters: Parameters): BinanceRequest => ({
    method: "POST",
    path: "/api/v3/order",
    parameters,
    isSigned: true,
    weight: 1,
    purpose: "new-risk",
  }),
  cancel: (symbol: string, by: { clientId?: string; venueOrderId?: string }) =>
    request("DELETE", "order", 1, "reduce", true, [
      ["symbol", symbol],
      ["orderId", by.venueOrderId],
      ["origClientOrderId", by.clientId],
    ]),
  cancelAll: (symbol: string) => request("DELETE", "openOrders", 1, "reduce", true, [["symbol", symbol]]),
} as const;
