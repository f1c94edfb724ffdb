import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Secret } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import type { OrderRequest } from "../port/execution-client.ts";
import type { VenueFill, VenueOrder } from "../port/venue-records.ts";
import { parseDepthSnapshot } from "./depth-book.ts";
import { exact, floorToStep, print } from "./exact.ts";
import { type BinanceOrderTerms, orderParameters } from "./format.ts";
import { parseBalances, parseFillsOfOrder, parseMyTrade, parseOrder, parseServerTime } from "./parse.ts";
import { parseExchangeInfo, parseKlines, parsePublicTrade } from "./parse-market.ts";
import { parseExecutionReport } from "./parse-user.ts";
import { type BinanceRequest, requests } from "./requests.ts";
import { Shape } from "./schema.ts";
import { type BinanceKey, type Parameters, queryOf, signedQuery, signText } from "./sign.ts";

/** Fixtures that are shared beside this repository; `SOURCES.md` says what they are. */
const folder = new URL("../../../../../shared/data/fixtures/exchange/", import.meta.url);
const isThere = existsSync(fileURLToPath(folder));

type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly exchange: string };

function rows(file: string): readonly Row[] {
  if (!isThere) return [];
  const all = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as readonly Row[];
  return all.filter((row) => row.exchange === "binance");
}

/** A text of the fixture; empty when it is none. */
const plain = (value: unknown): string => (typeof value === "string" ? value : "");

/** `BTC/USDT` to `BTCUSDT`. */
const symbolOfPair = (pair: unknown): string => String(pair).replace("/", "");

describe.skipIf(!isThere)("signatures agree with the venue's documentation and with ccxt (needs ../shared)", () => {
  for (const row of rows("signatures.json")) {
    test(row.id, () => {
      const key: BinanceKey = { kind: "hmac", apiKey: new Secret(String(row["apiKey"])), secret: new Secret(String(row["secret"])) };
      if (typeof row["payload"] === "string") {
        const parameters = row["payload"].split("&").map((pair) => pair.split("=").map(decodeURIComponent) as [string, string]);
        // What is signed is what is sent: encoded where the text needs it.
        const sent = queryOf(parameters);
        if (/^[\x21-\x7e]*$/.test(row["payload"])) expect(sent).toBe(row["payload"]);
        expect(signText(key, sent) === row["expected"]).toBe(row["ok"] ?? true);
        expect(signedQuery(key, parameters)).toBe(`${sent}&signature=${signText(key, sent)}`);
        return;
      }
      const text = typeof row["body"] === "string" ? row["body"] : String(row["url"]).split("?")[1]!;
      const [signed, signature] = text.split("&signature=") as [string, string];
      const parameters = signed.split("&").map((pair) => pair.split("=").map(decodeURIComponent) as [string, string]);
      expect(signedQuery(key, parameters)).toBe(`${signed}&signature=${signature}`);
    });
  }
});

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

/** The number in a decimal text, for comparison with what a library made of it. */
const number = (text: string): number => Number(text);

/** Our status in the words of the fixture. */
const STATUS: Readonly<Record<VenueOrder["state"], readonly string[]>> = {
  new: ["open"],
  "partially-filled": ["open"],
  filled: ["closed"],
  canceled: ["canceled"],
  expired: ["expired", "canceled"],
  rejected: ["rejected"],
  unknown: [],
};

function expectOrder(order: VenueOrder, parsed: Readonly<Record<string, unknown>>): void {
  expect(order.symbol).toBe(symbolOfPair(parsed["symbol"]));
  expect(order.venueOrderId).toBe(parsed["id"]);
  expect(order.clientId).toBe(parsed["clientOrderId"]);
  expect(order.side).toBe(parsed["side"]);
  expect(number(order.quantity)).toBe(parsed["amount"]);
  expect(number(order.filledQuantity)).toBe(parsed["filled"]);
  expect(number(order.filledQuote)).toBe(parsed["cost"]);
  expect(STATUS[order.state]).toContain(parsed["status"]);
  if (typeof parsed["timestamp"] === "number") expect(order.createdUs).toBe(parsed["timestamp"] * 1_000);
  if (typeof parsed["lastUpdateTimestamp"] === "number") expect(order.updatedUs).toBe(parsed["lastUpdateTimestamp"] * 1_000);
  // For a market order ccxt shows the average here.
  if (order.type !== "MARKET" && typeof parsed["price"] === "number") expect(number(order.price)).toBe(parsed["price"]);
  if (typeof parsed["stopPrice"] === "number") expect(number(order.stopPrice)).toBe(parsed["stopPrice"]);
}

function expectFill(fill: Omit<VenueFill, "clientId">, parsed: Readonly<Record<string, unknown>>): void {
  expect(String(fill.tradeId)).toBe(parsed["id"]);
  expect(number(fill.price)).toBe(parsed["price"]);
  expect(number(fill.quantity)).toBe(parsed["amount"]);
  if (parsed["order"] !== undefined) expect(fill.venueOrderId).toBe(parsed["order"]);
  if (parsed["side"] !== undefined) expect(fill.side).toBe(parsed["side"]);
  if (parsed["takerOrMaker"] !== undefined) expect(fill.isMaker ? "maker" : "taker").toBe(parsed["takerOrMaker"]);
  if (typeof parsed["timestamp"] === "number") expect(fill.timeUs).toBe(parsed["timestamp"] * 1_000);
  const fee = parsed["fee"] as { currency?: string; cost?: unknown } | undefined;
  if (fee?.currency !== undefined) expect([number(fill.fee), fill.feeAsset]).toEqual([Number(fee.cost), fee.currency]);
}

/** How to compare an answer with what ccxt made of it, by unified call. */
const COMPARE: Readonly<Record<string, (body: Shape, parsed: never, input: readonly unknown[]) => void>> = {
  fetchOHLCV: (body, parsed: readonly (readonly number[])[], input) => {
    const bars = parseKlines(body, symbolOfPair(input[0]), Number.MAX_SAFE_INTEGER);
    expect(bars.map((bar) => [bar.openUs / 1_000, ...[bar.open, bar.high, bar.low, bar.close, bar.volume].map(number)])).toEqual(parsed);
    expect(bars.every((bar) => bar.isClosed)).toBe(true);
  },
  fetchOrderBook: (body, parsed: { bids: unknown; asks: unknown; nonce: number }) => {
    const book = parseDepthSnapshot(body);
    const numbers = (levels: typeof book.bids): number[][] => levels.map(([price, size]) => [number(price), number(size)]);
    expect({ bids: numbers(book.bids), asks: numbers(book.asks), nonce: book.lastUpdateId }).toEqual({
      bids: parsed.bids,
      asks: parsed.asks,
      nonce: parsed.nonce,
    });
  },
  fetchTrades: (body, parsed: readonly Record<string, unknown>[]) => {
    const trades = body.items().map(parsePublicTrade);
    expect(
      trades.map((t) => [String(t.tradeId), number(t.price), number(t.quantity), t.timeUs / 1_000, t.buyerIsMaker ? "sell" : "buy"]),
    ).toEqual(parsed.map((t) => [t["id"], t["price"], t["amount"], t["timestamp"], t["side"]]));
  },
  fetchOrders: (body, parsed: readonly Record<string, unknown>[]) => {
    const orders = body.items().map(parseOrder);
    expect(orders).toHaveLength(parsed.length);
    for (const [at, order] of orders.entries()) expectOrder(order, parsed[at]!);
  },
  createOrder: (body, parsed: Record<string, unknown>) => {
    const order = parseOrder(body);
    expectOrder(order, parsed);
    const fills = parseFillsOfOrder(body, order);
    const trades = (parsed["trades"] ?? []) as readonly Record<string, unknown>[];
    expect(fills).toHaveLength(trades.length);
    for (const [at, fill] of fills.entries()) expectFill(fill, trades[at]!);
  },
  fetchMyTrades: (body, parsed: readonly Record<string, unknown>[]) => {
    const fills = body.items().map(parseMyTrade);
    expect(fills).toHaveLength(parsed.length);
    for (const [at, fill] of fills.entries()) expectFill(fill, parsed[at]!);
  },
  fetchBalance: (body, parsed: Record<string, { free?: number; used?: number }>) => {
    for (const { asset, free, locked } of parseBalances(body)) {
      expect([asset, number(free), number(locked)]).toEqual([asset, parsed[asset]?.free, parsed[asset]?.used]);
    }
  },
  fetchTime: (body, parsed: number) => expect(parseServerTime(body) / 1_000).toBe(parsed),
  fetchMarkets: (body, parsed: readonly { id: string; base: string; quote: string }[]) => {
    const ours = parseExchangeInfo(body).instruments.map(({ symbol, base, quote }) => [symbol, base, quote]);
    expect(ours).toEqual(parsed.map(({ id, base, quote }) => [id, base, quote]));
  },
};
const SAME: Readonly<Record<string, string>> = {
  fetchOpenOrders: "fetchOrders",
  fetchClosedOrders: "fetchOrders",
  fetchOrder: "createOrder",
  cancelOrder: "createOrder",
};

describe.skipIf(!isThere)("answers are read as ccxt reads them (needs ../shared)", () => {
  for (const row of rows("responses.json")) {
    const method = String(row["method"]);
    const compare = COMPARE[SAME[method] ?? method];
    test.skipIf(compare === undefined)(`${row.id}`, () => {
      compare!(new Shape(row["http_response"]), row["parsed"] as never, row["input"] as readonly unknown[]);
    });
  }
});

describe.skipIf(!isThere)("private events are read as ccxt reads them (needs ../shared)", () => {
  for (const row of rows("ws_binance_user.json")) {
    test.skipIf(row["kind"] !== "executionReport")(row.id, () => {
      const message = row["message"] as Readonly<Record<string, unknown>>;
      const { order, fill, missingFill } = parseExecutionReport(new Shape(message["data"] ?? message["event"] ?? message));
      expectOrder(order, row["parsed_order"] as Record<string, unknown>);
      const trade = row["parsed_trade"] as Record<string, unknown> | undefined;
      if (fill !== undefined) expectFill(fill, trade!);
      // ccxt makes a trade of reports that lack a quantity or a price; here the first is none and the second a reason to read the fills.
      else if (trade !== undefined) expect(Number(trade["amount"]) === 0 || missingFill !== undefined).toBe(true);
    });
  }
});

test("print() writes what exact() read, without needless zeros", () => {
  expect(["0.10", "100", "0", "12.3400", "-0.5"].map((text) => print(exact(text)!))).toEqual(["0.1", "100", "0", "12.34", "-0.5"]);
});

test("queryOf() keeps the order given and encodes what a URL cannot carry", () => {
  const parameters: Parameters = [
    ["b", "1"],
    ["a", "é &="],
  ];
  expect(queryOf(parameters)).toBe("b=1&a=%C3%A9%20%26%3D");
});
