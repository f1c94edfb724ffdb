import { describe, expect, test } from "vitest";
import type { VenueFill, VenueOrder } from "../port/venue-records.ts";
import { parseDepthSnapshot } from "./depth-book.ts";
import { parseBalances, parseFillsOfOrder, parseMyTrade, parseOrder, parseServerTime } from "./parse.ts";
import { parseExchangeInfo, parseKlines, parsePublicTrade } from "./parse-market.ts";
import { parseExecutionReport } from "./parse-user.ts";
import { isThere, rows, symbolOfPair } from "./real-fixtures.ts";
import { Shape } from "./schema.ts";

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
