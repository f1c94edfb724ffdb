import { describe, expect, test } from "vitest";
import { RawClient } from "../../testing/raw-client.ts";
import { venueWorld } from "../../testing/venue-world.ts";
import { MINUTE_US, ORDER, SECOND_US } from "./faulty-world.ts";

describe("faults of the world", () => {
  test("fee-asset takes a fee in BNB while there is some, and then in what was received", async () => {
    const accounts = [{ id: "main", balances: { USDT: "1000", BNB: "0.0002" } }];
    const world = venueWorld({ accounts, faults: [{ name: "fee-asset" }] });
    const client = new RawClient(world);
    const assets: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const { json } = await client.order({ side: "BUY", type: "MARKET", quantity: "1" });
      assets.push(...json.fills.map((fill: { commissionAsset: string }) => fill.commissionAsset));
    }
    expect(assets).toEqual(["BNB", "BTC", "BTC"]);
  });

  test("symbol-halted closes the market for its delay; orders are refused, the book stands", async () => {
    const world = venueWorld({ faults: [{ name: "symbol-halted", times: 1, delayUs: MINUTE_US }] });
    const client = new RawClient(world);
    world.venue.start();
    await world.run(5 * SECOND_US);
    expect((await client.signed("POST", "/api/v3/order", ORDER)).json).toEqual({ code: -2010, msg: "Market is closed." });
    expect((await client.get("/api/v3/exchangeInfo")).json.symbols[0].status).toBe("BREAK");
    await world.run(MINUTE_US);
    expect((await client.signed("POST", "/api/v3/order", ORDER)).status).toBe(200);
  });

  test("filters-changed makes the grid coarser while it lasts", async () => {
    const world = venueWorld({ faults: [{ name: "filters-changed", times: 1, delayUs: MINUTE_US }] });
    const client = new RawClient(world);
    world.venue.start();
    await world.run(5 * SECOND_US);
    expect((await client.limit("BUY", "1", "90.01")).json.msg).toBe("Filter failure: PRICE_FILTER");
    await world.run(MINUTE_US);
    expect((await client.limit("BUY", "1", "90.01")).status).toBe(200);
  });

  test("foreign-order and transfer act on the account without its client, and the stream tells", async () => {
    const world = venueWorld({
      faults: [
        { name: "foreign-order", times: 1 },
        { name: "transfer", times: 1 },
      ],
    });
    const client = new RawClient(world);
    const socket = await client.userSocket();
    world.venue.start();
    await world.run(5 * SECOND_US);
    const events = socket.events.map((event) => event.e);
    expect(events).toContain("executionReport");
    expect(events).toContain("balanceUpdate");
    expect(socket.events.find((event) => event.e === "executionReport").c).toMatch(/^foreign-/);
  });

  test("trade-bust takes a trade out of myTrades, its money back, and leaves the order FILLED with nothing filled", async () => {
    const world = venueWorld({ faults: [{ name: "trade-bust", times: 1 }] });
    const client = new RawClient(world);
    await client.order({ side: "BUY", type: "MARKET", quantity: "1" });
    world.venue.start();
    await world.run(5 * SECOND_US);
    expect((await client.signed("GET", "/api/v3/myTrades", { symbol: "BTCUSDT" })).json).toEqual([]);
    const order = (await client.signed("GET", "/api/v3/order", { symbol: "BTCUSDT", orderId: 1 })).json;
    expect(order).toMatchObject({ status: "FILLED", executedQty: "0.00000000" });
    const balances = (await client.signed("GET", "/api/v3/account")).json.balances;
    expect(balances.map((each: { free: string }) => each.free)).toEqual(["10.00000000", "10000.00000000"]);
    expect(world.venue.ledger.tradesOf("main")).toEqual([]);
  });

  test("outage breaks connections and answers nobody until it is over, while the market goes on", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    const socket = client.socket("/ws/btcusdt@trade");
    world.venue.start();
    await world.run(5 * SECOND_US);
    world.venue.outage(MINUTE_US);
    expect(await client.send("GET", "/api/v3/ping")).toBe("cut");
    await world.run(0);
    expect(socket.closed?.code).toBe(1006);
    const refused = client.socket("/ws");
    await world.run(MINUTE_US);
    expect(refused.isOpen).toBe(false);
    expect((await client.get("/api/v3/klines", { symbol: "BTCUSDT", interval: "1m" })).json).toHaveLength(7);
  });

  test("trade ids count from 1 for each symbol, so that they occur twice in an account", async () => {
    const { symbolSpec } = await import("../exchange/symbol-spec.ts");
    const { barsThrough } = await import("../../testing/venue-world.ts");
    const columns = barsThrough([100, 100, 100]);
    const markets = ["BTC", "ETH"].map((base) => ({
      spec: symbolSpec(`${base}USDT`, base, "USDT"),
      columns,
      playedIntervalUs: MINUTE_US,
      historyBars: 1,
    }));
    const client = new RawClient(venueWorld({ markets }));
    const ids: number[] = [];
    for (const symbol of ["BTCUSDT", "ETHUSDT"])
      ids.push((await client.order({ symbol, side: "BUY", type: "MARKET", quantity: "1" })).json.fills[0].tradeId);
    expect(ids[0]).toBe(ids[1]);
  });
});
