import { describe, expect, test } from "vitest";
import type { OrderRequest } from "../port/execution-client.ts";
import { exact, floorToStep, print } from "./exact.ts";
import { type BinanceOrderTerms, orderParameters } from "./format.ts";
import { isThere, plain, type Row, rows, symbolOfPair } from "./real-fixtures.ts";
import { type BinanceRequest, requests } from "./requests.ts";

/** Steps of quantity and price of the symbols in the fixtures, as the venue stated them when they were made. */
const STEPS: Readonly<Record<string, readonly [lot: string, tick: string]>> = {
  BTCUSDT: ["0.00001", "0.01"],
  ETHUSDT: ["0.0001", "0.01"],
  LTCUSDT: ["0.001", "0.01"],
  SOLUSDT: ["0.001", "0.01"],
};

/** A decimal number of the fixture as text on the venue's grid. */
function onGrid(value: unknown, step: string): string {
  const text = typeof value === "string" ? value : Number(value).toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 });
  return floorToStep(exact(text)!, exact(step)!);
}

/** The unified call of the fixture in our terms. */
function requestOf(row: Row): BinanceRequest | undefined {
  const input = row["input"] as readonly unknown[];
  const symbol = symbolOfPair(input[0]);
  switch (row["method"]) {
    case "createOrder":
    case "createMarketBuyOrderWithCost":
    case "createMarketOrderWithCost":
      return createOrderOf(plain(row["method"]), symbol, input);
    case "fetchOHLCV":
      return requests.klines(symbol, String(input[1]), bounds(input[2], input[3]));
    case "fetchTime":
      return requests.time();
    case "fetchOrder":
      return requests.order(symbolOfPair(input[1]), { venueOrderId: String(input[0]) });
    case "cancelOrder":
      return requests.cancel(symbolOfPair(input[1]), { venueOrderId: String(input[0]) });
    case "cancelAllOrders":
      return requests.cancelAll(symbol);
    case "fetchMyTrades":
      return requests.myTrades(symbol, bounds(input[1], input[2]));
    case "fetchOpenOrders":
      return requests.openOrders(input[0] === undefined ? undefined : symbol);
    case "fetchOrders":
      return requests.ordersFrom(symbol, undefined, input[2] as number | undefined);
    case "fetchOrderBook":
      return requests.depth(symbol, Number(input[1] ?? 100));
    default:
      return undefined;
  }
}

function bounds(startMs: unknown, limit: unknown): { startMs?: number; limit?: number } {
  return { ...(typeof startMs === "number" ? { startMs } : {}), ...(typeof limit === "number" ? { limit } : {}) };
}

function createOrderOf(method: string, symbol: string, input: readonly unknown[]): BinanceRequest {
  if (method !== "createOrder") {
    const [, second, third] = input;
    const side = method === "createMarketBuyOrderWithCost" ? "buy" : second === "sell" ? "sell" : "buy";
    const cost = method === "createMarketBuyOrderWithCost" ? second : third;
    const order: OrderRequest = { symbol, clientId: "", side, type: "market", timeInForce: "GTC", quantity: "0", deadlineUs: 0 };
    return requests.submit(orderParameters(order, { quoteQuantity: String(cost) }));
  }
  const [, kind, side, amount, price, more = {}] = input as [string, string, "buy" | "sell", unknown, unknown, Record<string, unknown>?];
  const [lot, tick] = STEPS[symbol] ?? ["0.00000001", "0.00000001"];
  const stop = more["triggerPrice"] ?? more["stopPrice"] ?? more["stopLossPrice"];
  const profit = more["takeProfitPrice"];
  const isLimit = kind === "limit";
  const type: OrderRequest["type"] =
    stop !== undefined
      ? isLimit
        ? "stop-limit"
        : "stop"
      : profit !== undefined
        ? isLimit
          ? "take-profit-limit"
          : "take-profit"
        : more["postOnly"] === true || more["timeInForce"] === "PO"
          ? "limit-maker"
          : isLimit
            ? "limit"
            : "market";
  const terms: BinanceOrderTerms = {
    ...(more["icebergAmount"] === undefined ? {} : { icebergQuantity: onGrid(more["icebergAmount"], lot) }),
    ...(more["selfTradePrevention"] === undefined
      ? {}
      : { selfTradePrevention: plain(more["selfTradePrevention"]).toUpperCase() as "EXPIRE_MAKER" }),
    ...(more["cost"] === undefined ? {} : { quoteQuantity: onGrid(more["cost"], tick) }),
  };
  const trigger = stop ?? profit;
  const order: OrderRequest = {
    symbol,
    clientId: plain(more["clientOrderId"] ?? more["newClientOrderId"]),
    side,
    type,
    timeInForce: (["IOC", "FOK"] as const).find((name) => name === more["timeInForce"]) ?? "GTC",
    quantity: onGrid(amount, lot),
    ...(isLimit && price !== undefined && price !== null ? { price: onGrid(price, tick) } : {}),
    ...(trigger === undefined ? {} : { stopPrice: onGrid(trigger, tick) }),
    deadlineUs: 0,
  };
  return requests.submit(orderParameters(order, terms));
}

describe.skipIf(!isThere)("requests carry the parameters that ccxt sends for the same call (needs ../shared)", () => {
  const known = rows("requests.json").map((row) => [row, requestOf(row)] as const);
  for (const [row, request] of known) {
    test.skipIf(request === undefined)(`${row.id} ${row["method"] as string} ${row["description"] as string}`, () => {
      const url = new URL(String(row["url"]));
      expect(request!.method).toBe(row["http_method"]);
      expect(request!.path).toBe(url.pathname);
      const skipped = new Set(row["skip_keys"] as readonly string[]);
      const wanted = [...url.searchParams, ...new URLSearchParams((row["body"] as string | null) ?? "")].filter(
        ([name]) => !skipped.has(name),
      );
      const ours = request!.parameters.filter(([name]) => !skipped.has(name));
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(wanted));
    });
  }
});

test("print() writes what exact() read, without needless zeros", () => {
  expect(["0.10", "100", "0", "12.3400", "-0.5"].map((text) => print(exact(text)!))).toEqual(["0.1", "100", "0", "12.34", "-0.5"]);
});
