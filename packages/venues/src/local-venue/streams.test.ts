import { describe, expect, test } from "vitest";
import { RawClient } from "../testing/raw-client.ts";
import { venueWorld } from "../testing/venue-world.ts";

const MINUTE_US = 60_000_000;

describe("local venue, streams", () => {
  test("a combined connection wraps messages in their stream, a raw one does not", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    const combined = client.socket("/stream?streams=btcusdt@trade/btcusdt@bookTicker");
    const raw = client.socket("/ws/btcusdt@trade");
    world.venue.start();
    await world.run(10_000_000);
    expect(new Set(combined.messages.map((message) => message.stream))).toEqual(new Set(["btcusdt@trade", "btcusdt@bookTicker"]));
    expect(raw.messages[0]).toMatchObject({ e: "trade", s: "BTCUSDT", m: expect.any(Boolean), p: expect.any(String) });
    expect(raw.messages).toEqual(combined.messages.filter((each) => each.stream === "btcusdt@trade").map((each) => each.data));
  });

  test("SUBSCRIBE, LIST_SUBSCRIPTIONS and UNSUBSCRIBE change what comes", async () => {
    const world = venueWorld();
    const socket = new RawClient(world).socket("/ws");
    await world.run(0);
    socket.text('{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}');
    socket.text('{"method":"LIST_SUBSCRIPTIONS","id":2}');
    socket.text("{");
    await world.run(0);
    expect(socket.messages).toEqual([
      { result: null, id: 1 },
      { result: ["btcusdt@trade"], id: 2 },
      { code: 3, msg: "Invalid JSON: expected value at line 1 column 1" },
    ]);
    world.venue.start();
    await world.run(10_000_000);
    const before = socket.messages.length;
    expect(before).toBeGreaterThan(3);
    socket.text('{"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":3}');
    await world.run(MINUTE_US);
    expect(socket.messages).toHaveLength(before + 1);
  });

  test("kline events grow within the bar's range and end with the dataset's own bar", async () => {
    const world = venueWorld();
    const socket = new RawClient(world).socket("/ws/btcusdt@kline_1m");
    world.venue.start();
    await world.run(3 * MINUTE_US);
    const closed = socket.messages.filter((message) => message.k.x);
    expect(closed.map(({ k }) => [k.o, k.h, k.l, k.c, k.v])).toEqual([
      ["100.00000000", "101.50000000", "99.50000000", "101.00000000", "15.00000000"],
      ["101.00000000", "102.50000000", "100.50000000", "102.00000000", "16.00000000"],
      ["102.00000000", "103.50000000", "101.50000000", "103.00000000", "17.00000000"],
    ]);
    const first = socket.messages.filter((message) => message.k.t === closed[0].k.t);
    expect(first.length).toBe(13);
    for (const { k } of first) {
      expect(Number(k.h)).toBeLessThanOrEqual(101.5);
      expect(Number(k.l)).toBeGreaterThanOrEqual(99.5);
      expect(k.T - k.t).toBe(59_999);
    }
    expect(first[0].k.o).toBe("100.00000000");
    expect(first[11].k.c).toBe("101.00000000");
  });

  test("depth changes follow one another without gaps and lead from a snapshot to the book", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    const socket = client.socket("/ws/btcusdt@depth@100ms");
    world.venue.start();
    await world.run(20_000_000);
    const snapshot = (await client.get("/api/v3/depth", { symbol: "BTCUSDT", limit: 1000 })).json;
    await client.limit("BUY", "1", "90.00");
    await world.run(2 * MINUTE_US);
    const changes = socket.messages;
    for (const [i, change] of changes.entries()) {
      expect(change.u).toBeGreaterThanOrEqual(change.U);
      if (i > 0) expect(change.U).toBe(changes[i - 1].u + 1);
    }
    const sides = { b: new Map<string, string>(snapshot.bids), a: new Map<string, string>(snapshot.asks) };
    const fresh = changes.filter((change) => change.u > snapshot.lastUpdateId);
    expect(fresh[0].U).toBeLessThanOrEqual(snapshot.lastUpdateId + 1);
    for (const change of fresh) {
      for (const side of ["b", "a"] as const)
        for (const [price, quantity] of change[side]) {
          if (Number(quantity) === 0) sides[side].delete(price);
          else sides[side].set(price, quantity);
        }
    }
    const end = (await client.get("/api/v3/depth", { symbol: "BTCUSDT", limit: 1000 })).json;
    expect(end.lastUpdateId).toBe(changes.at(-1).u);
    const byPrice = (rows: Iterable<[string, string]>): [string, string][] => [...rows].sort(([x], [y]) => Number(x) - Number(y));
    expect(byPrice(sides.b)).toEqual(byPrice(end.bids));
    expect(byPrice(sides.a)).toEqual(byPrice(end.asks));
    expect(end.bids).toContainEqual(["90.00000000", "1.00000000"]);
    expect(Number(end.bids[0][0])).toBeLessThan(Number(end.asks[0][0]));
  });

  test("the private stream reports each step of an order and the balances after it", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    const socket = await client.userSocket();
    await client.limit("BUY", "1", "100.01", { newClientOrderId: "tp-1" });
    await client.limit("SELL", "1", "120.00", { newClientOrderId: "tp-2" });
    await client.signed("DELETE", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: "tp-2", newClientOrderId: "by-me" });
    world.venue.exchange.transfer("main", "USDT", 500_000_000n);
    await world.run(0);
    expect(socket.events.map((event) => [event.e, event.x, event.X, event.c, event.C])).toEqual([
      ["executionReport", "NEW", "NEW", "tp-1", ""],
      ["executionReport", "TRADE", "FILLED", "tp-1", ""],
      ["outboundAccountPosition", undefined, undefined, undefined, undefined],
      ["executionReport", "NEW", "NEW", "tp-2", ""],
      ["outboundAccountPosition", undefined, undefined, undefined, undefined],
      ["executionReport", "CANCELED", "CANCELED", "by-me", "tp-2"],
      ["outboundAccountPosition", undefined, undefined, undefined, undefined],
      ["balanceUpdate", undefined, undefined, undefined, undefined],
      ["outboundAccountPosition", undefined, undefined, undefined, undefined],
    ]);
    expect(socket.events[1]).toMatchObject({ l: "1.00000000", L: "100.01000000", n: "0.00100000", N: "BTC", t: 2, m: false });
    expect(socket.events.at(-1).B).toEqual([{ a: "USDT", f: "9904.99000000", l: "0.00000000" }]);
  });

  test("the WebSocket API refuses what REST refuses, and malformed requests by name", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    const socket = client.socket("/ws-api/v3");
    await world.run(0);
    const refused = await socket.ask(
      "order.place",
      client.signedParams({ symbol: "BTCUSDT", side: "BUY", type: "MARKET", quantity: "1000" }),
    );
    expect(refused).toMatchObject({ status: 400, error: { code: -1013, msg: "Filter failure: MARKET_LOT_SIZE" } });
    expect((await socket.ask("order.place", { ...client.signedParams(), signature: "00" })).error.code).toBe(-1022);
    expect((await socket.ask("no.such")).status).toBe(400);
    socket.text("[");
    await world.run(0);
    expect(socket.messages.at(-1)).toMatchObject({ id: null, status: 400, error: { code: -1135 } });
    expect((await socket.ask("time")).result).toEqual({ serverTime: world.clock.nowUs / 1_000 });
  });

  test("pings come every 20 seconds and a connection ends after 24 hours", async () => {
    const world = venueWorld();
    const socket = new RawClient(world).socket("/ws");
    await world.run(60_000_000);
    expect(socket.pings).toBe(3);
    await world.run(86_340_000_000);
    expect(socket.closed?.code).toBe(1008);
  });

  test("who talks too fast, or connects too often, is thrown out", async () => {
    const world = venueWorld({ sockets: { messagesPerSecond: 5 }, limits: { connectionsPer5Minutes: 2 } });
    const client = new RawClient(world);
    const socket = client.socket("/ws");
    await world.run(0);
    for (let i = 0; i < 6; i += 1) socket.text('{"method":"LIST_SUBSCRIPTIONS","id":1}');
    await world.run(0);
    expect(socket.closed).toEqual({ code: 1008, reason: "Too many requests" });
    client.socket("/ws");
    const third = client.socket("/ws");
    await world.run(0);
    expect(third).toMatchObject({ isOpen: false, closed: { code: 1006 } });
  });

  test("five messages a second are borne on a market connection, pings among them; the WebSocket API counts weights instead", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    const [market, api] = [client.socket("/ws"), client.socket("/ws-api/v3")];
    await world.run(0);
    for (let i = 0; i < 5; i += 1) market.text('{"method":"LIST_SUBSCRIPTIONS","id":1}');
    for (let i = 0; i < 20; i += 1) expect((await api.ask("time")).status).toBe(200);
    expect(market.closed).toBeUndefined();
    market.ping();
    await world.run(0);
    expect(market.closed).toEqual({ code: 1008, reason: "Too many requests" });
  });

  test("a connection carries 1,024 streams, however they are asked for", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    const names = (count: number): string => Array.from({ length: count }, (_, k) => `s${k}@trade`).join("/");
    const [most, tooMany] = [client.socket(`/stream?streams=${names(1_024)}`), client.socket(`/stream?streams=${names(1_025)}`)];
    await world.run(0);
    expect(tooMany.closed).toEqual({ code: 1008, reason: "Too many streams" });
    expect(most.closed).toBeUndefined();
    most.text('{"method":"SUBSCRIBE","params":["one@more"],"id":1}');
    await world.run(0);
    expect(most.closed).toEqual({ code: 1008, reason: "Too many streams" });
  });

  test("messages keep their order whatever the latency's jitter", async () => {
    const world = venueWorld({ latency: { feedUs: 5_000, jitterUs: 3_000_000 } });
    const socket = new RawClient(world).socket("/ws/btcusdt@trade");
    world.venue.start();
    await world.run(5 * MINUTE_US);
    const ids = socket.messages.map((message) => message.t);
    expect(ids.length).toBeGreaterThan(50);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });
});
