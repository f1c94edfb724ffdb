import { describe, expect, test } from "vitest";
import { RawClient } from "../testing/raw-client.ts";
import { venueWorld } from "../testing/venue-world.ts";

describe("local venue, orders over REST", () => {
  test("POST order answers a resting limit order with NEW and locks its cost", async () => {
    const client = new RawClient(venueWorld());
    const { status, json } = await client.limit("BUY", "0.5", "90.00", { newClientOrderId: "tp-1" });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      symbol: "BTCUSDT",
      orderId: 1,
      clientOrderId: "tp-1",
      status: "NEW",
      price: "90.00000000",
      origQty: "0.50000000",
      executedQty: "0.00000000",
      fills: [],
    });
    const account = await client.signed("GET", "/api/v3/account", { omitZeroBalances: "true" });
    expect(account.json.balances).toEqual([
      { asset: "BTC", free: "10.00000000", locked: "0.00000000" },
      { asset: "USDT", free: "9955.00000000", locked: "45.00000000" },
    ]);
  });

  test("POST order fills a market order from the book, with the fee in what it received", async () => {
    const client = new RawClient(venueWorld());
    const { json } = await client.order({ side: "BUY", type: "MARKET", quantity: "1", newClientOrderId: "tp-1" });
    expect(json).toMatchObject({ status: "FILLED", executedQty: "1.00000000", type: "MARKET" });
    expect(json.fills).toEqual([
      { price: "100.01000000", qty: "1.00000000", commission: "0.00100000", commissionAsset: "BTC", tradeId: 2 },
    ]);
    expect(json.cummulativeQuoteQty).toBe("100.01000000");
    const trades = await client.signed("GET", "/api/v3/myTrades", { symbol: "BTCUSDT" });
    expect(trades.json).toMatchObject([{ id: 2, orderId: 1, isBuyer: true, isMaker: false, quoteQty: "100.01000000" }]);
  });

  test("POST order accepts a client id again once the order that had it is closed, and never while it is open", async () => {
    const client = new RawClient(venueWorld());
    await client.limit("BUY", "1", "90.00", { newClientOrderId: "tp-1" });
    expect((await client.limit("BUY", "1", "91.00", { newClientOrderId: "tp-1" })).json).toEqual({
      code: -2010,
      msg: "Duplicate order sent.",
    });
    await client.signed("DELETE", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: "tp-1" });
    await client.order({ side: "BUY", type: "MARKET", quantity: "1", newClientOrderId: "tp-1" });
    const again = await client.order({ side: "BUY", type: "MARKET", quantity: "1", newClientOrderId: "tp-1" });
    expect(again.json).toMatchObject({ orderId: 3, status: "FILLED" });
  });

  test.each([
    [{ side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "1", price: "90.001" }, -1013, "Filter failure: PRICE_FILTER"],
    [{ side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "0.000001", price: "90" }, -1013, "Filter failure: LOT_SIZE"],
    [{ side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "0.01", price: "90" }, -1013, "Filter failure: NOTIONAL"],
    [{ side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "1", price: "900" }, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"],
    [{ side: "BUY", type: "MARKET", quantity: "500" }, -1013, "Filter failure: MARKET_LOT_SIZE"],
    [
      { side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "200", price: "90" },
      -2010,
      "Account has insufficient balance for requested action.",
    ],
    [{ side: "SELL", type: "MARKET", quantity: "11" }, -2010, "Account has insufficient balance for requested action."],
    [{ side: "BUY", type: "LIMIT_MAKER", quantity: "1", price: "101" }, -2010, "Order would immediately match and take."],
    [{ side: "SELL", type: "STOP_LOSS", quantity: "1", stopPrice: "101" }, -2010, "Order would trigger immediately."],
    [
      { side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "1.123456789", price: "90" },
      -1111,
      "Parameter 'quantity' has too much precision.",
    ],
    [
      { side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "1e3", price: "90" },
      -1100,
      "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
    ],
    [
      { side: "BUY", type: "LIMIT", timeInForce: "GTC", price: "90" },
      -1102,
      "Mandatory parameter 'quantity' was not sent, was empty/null, or malformed.",
    ],
    [{ side: "BUY", type: "MARKET", timeInForce: "GTC", quantity: "1" }, -1106, "Parameter 'timeInForce' sent when not required."],
    [{ side: "BUY", type: "LIMIT", timeInForce: "DAY", quantity: "1", price: "90" }, -1115, "Invalid timeInForce."],
    [{ side: "BUY", type: "ICEBERG", quantity: "1" }, -1116, "Invalid orderType."],
    [{ side: "LONG", type: "MARKET", quantity: "1" }, -1117, "Invalid side."],
    [{ symbol: "NOPE", side: "BUY", type: "MARKET", quantity: "1" }, -1121, "Invalid symbol."],
  ])("POST order refuses %j with %i", async (order, code, msg) => {
    const world = venueWorld();
    const { status, json } = await new RawClient(world).order(order);
    expect({ status, json }).toEqual({ status: 400, json: { code, msg } });
    expect(world.venue.ledger.ordersOf("main")).toEqual([]);
  });

  test("POST order ends IOC with what it got and FOK with nothing when the book is too thin", async () => {
    const client = new RawClient(venueWorld({ crowd: { levels: 1, levelNotional: 10_000_000_000n } }));
    const some = await client.order({ side: "BUY", type: "LIMIT", timeInForce: "IOC", quantity: "5", price: "101" });
    expect(some.json.status).toBe("EXPIRED");
    expect(Number(some.json.executedQty)).toBeGreaterThan(0);
    const none = await client.order({ side: "SELL", type: "LIMIT", timeInForce: "FOK", quantity: "5", price: "99" });
    expect(none.json).toMatchObject({ status: "EXPIRED", executedQty: "0.00000000", fills: [] });
    const { json } = await client.signed("GET", "/api/v3/account");
    expect(json.balances.every((each: { locked: string }) => each.locked === "0.00000000")).toBe(true);
  });

  test("DELETE order cancels once; a second time the order is not known", async () => {
    const client = new RawClient(venueWorld());
    await client.limit("SELL", "1", "120", { newClientOrderId: "tp-9" });
    const canceled = await client.signed("DELETE", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: "tp-9" });
    expect(canceled.json).toMatchObject({ origClientOrderId: "tp-9", status: "CANCELED", executedQty: "0.00000000" });
    const again = await client.signed("DELETE", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: "tp-9" });
    expect(again).toMatchObject({ status: 400, json: { code: -2011, msg: "Unknown order sent." } });
    const query = await client.signed("GET", "/api/v3/order", { symbol: "BTCUSDT", orderId: 1 });
    expect(query.json).toMatchObject({ status: "CANCELED", clientOrderId: "tp-9", isWorking: true });
  });

  test("DELETE openOrders cancels all of a symbol; without any the order is not known", async () => {
    const client = new RawClient(venueWorld());
    for (const price of ["90", "91", "92"]) await client.limit("BUY", "1", price);
    const open = await client.signed("GET", "/api/v3/openOrders", { symbol: "BTCUSDT" });
    expect(open.json.map((order: { price: string }) => order.price)).toEqual(["90.00000000", "91.00000000", "92.00000000"]);
    expect((await client.signed("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" })).json).toHaveLength(3);
    expect((await client.signed("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" })).json.code).toBe(-2011);
  });

  test("GET order says that an order which never was does not exist", async () => {
    const { status, json } = await new RawClient(venueWorld()).signed("GET", "/api/v3/order", {
      symbol: "BTCUSDT",
      origClientOrderId: "x",
    });
    expect({ status, json }).toEqual({ status: 400, json: { code: -2013, msg: "Order does not exist." } });
  });

  test("GET myTrades pages by trade id, oldest first", async () => {
    const client = new RawClient(venueWorld());
    for (let i = 0; i < 5; i += 1) await client.order({ side: i % 2 === 0 ? "BUY" : "SELL", type: "MARKET", quantity: "1" });
    const ids = async (query: Record<string, number>): Promise<number[]> =>
      (await client.signed("GET", "/api/v3/myTrades", { symbol: "BTCUSDT", ...query })).json.map((trade: { id: number }) => trade.id);
    const all = await ids({});
    expect(all).toHaveLength(5);
    expect(await ids({ fromId: all[2]!, limit: 2 })).toEqual([all[2], all[3]]);
    expect(await ids({ limit: 2 })).toEqual([all[3], all[4]]);
    expect(await ids({ orderId: 4 })).toEqual([all[3]]);
  });

  test("a resting order fills as maker when the market comes to it", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    await client.limit("SELL", "1", "101.20", { newClientOrderId: "tp-1" });
    world.venue.start();
    await world.run(180_000_000);
    const { json } = await client.signed("GET", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: "tp-1" });
    expect(json).toMatchObject({ status: "FILLED", executedQty: "1.00000000" });
    const trades = await client.signed("GET", "/api/v3/myTrades", { symbol: "BTCUSDT" });
    for (const trade of trades.json) expect(trade).toMatchObject({ price: "101.20000000", isMaker: true, commissionAsset: "USDT" });
  });

  test("a stop waits off the book, reports NEW twice, and sells when the price falls to it", async () => {
    const world = venueWorld({ closes: [100, 100, 100, 100, 100, 99, 97, 95, 95] });
    const client = new RawClient(world);
    const socket = await client.userSocket();
    const { json } = await client.order({ side: "SELL", type: "STOP_LOSS", quantity: "1", stopPrice: "96.00", newClientOrderId: "stop" });
    expect(json).toMatchObject({ clientOrderId: "stop", orderId: 1 });
    expect((await client.signed("GET", "/api/v3/order", { symbol: "BTCUSDT", orderId: 1 })).json.isWorking).toBe(false);
    world.venue.start();
    await world.run(240_000_000);
    const reports = socket.events.filter((event) => event.e === "executionReport");
    expect(reports.slice(0, 3).map((event) => [event.x, event.w])).toEqual([
      ["NEW", false],
      ["NEW", true],
      ["TRADE", false],
    ]);
    expect(Number(reports[2].L)).toBeLessThanOrEqual(96);
  });

  test("self-trade prevention expires the maker where asked, and NONE lets an account trade with itself", async () => {
    const client = new RawClient(venueWorld({ crowd: { halfSpreadTicks: 100 } }));
    await client.limit("SELL", "1", "100.50", { newClientOrderId: "mine" });
    await client.limit("BUY", "1", "100.50", { newClientOrderId: "taker", selfTradePreventionMode: "EXPIRE_MAKER" });
    const mine = await client.signed("GET", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: "mine" });
    expect(mine.json.status).toBe("EXPIRED_IN_MATCH");
    const sold = await client.limit("SELL", "1", "100.50", { newClientOrderId: "seller" });
    expect(sold.json.status).toBe("FILLED");
    const trades = await client.signed("GET", "/api/v3/myTrades", { symbol: "BTCUSDT" });
    expect(trades.json.map((trade: { isBuyer: boolean; isMaker: boolean }) => [trade.isBuyer, trade.isMaker])).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});
