import { describe, expect, test } from "vitest";
import { RawClient } from "../../testing/raw-client.ts";
import { type VenueWorld, venueWorld } from "../../testing/venue-world.ts";
import { LOCAL_KEY } from "../wire/api-key.ts";
import type { FaultRule } from "./fault-board.ts";

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;

function worldWith(...faults: FaultRule[]): { world: VenueWorld; client: RawClient } {
  const world = venueWorld({ faults });
  return { world, client: new RawClient(world) };
}

const ORDER = { symbol: "BTCUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "1", price: "90", newClientOrderId: "tp-1" };
const only = { method: "POST", path: "/api/v3/order" };

/** What the truth ledger says became of the order tp-1. */
function truth(world: VenueWorld): { orders: number; outcomes: string[] } {
  return {
    orders: world.venue.ledger.ordersOf("main").length,
    outcomes: world.venue.ledger.records.flatMap((each) => (each.kind === "request" && each.clientId === "tp-1" ? [each.outcome] : [])),
  };
}

describe("faults of order entry", () => {
  test.each([
    ["request-lost", undefined, { orders: 0, outcomes: ["never-entered"] }],
    ["request-cut", "cut", { orders: 0, outcomes: ["never-entered"] }],
    ["response-lost", undefined, { orders: 1, outcomes: ["accepted"] }],
    ["response-cut", "cut", { orders: 1, outcomes: ["accepted"] }],
  ] as const)("%s gives the client %s and the venue %j", async (name, seen, expected) => {
    const { world, client } = worldWith({ name, only });
    expect(await client.trySigned("POST", "/api/v3/order", ORDER)).toEqual(seen);
    expect(truth(world)).toEqual(expected);
  });

  test.each([
    ["error-accepted", 504, -1007, 1],
    ["error-refused", 503, -1001, 0],
  ] as const)("%s answers %i with %i and leaves %i orders", async (name, status, code, orders) => {
    const { world, client } = worldWith({ name, only });
    expect(await client.trySigned("POST", "/api/v3/order", ORDER)).toMatchObject({ status, json: { code } });
    expect(truth(world).orders).toBe(orders);
  });

  test.each([
    ["html-accepted", 502, 1],
    ["html-refused", 502, 0],
    ["blocked", 403, 0],
  ] as const)("%s answers %i with a page and leaves %i orders", async (name, status, orders) => {
    const { world, client } = worldWith({ name, only });
    const answer = await client.signed("POST", "/api/v3/order", ORDER);
    expect(answer).toMatchObject({ status, headers: { "content-type": "text/html" } });
    expect(answer.json).toMatch(/^<html>/);
    expect(truth(world).orders).toBe(orders);
  });

  test("garbage-body carries out the order and answers with half of its JSON", async () => {
    const { world, client } = worldWith({ name: "garbage-body", only });
    const answer = await client.signed("POST", "/api/v3/order", ORDER);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatch(/^\{"symbol":"BTCUSDT"/);
    expect(truth(world).orders).toBe(1);
  });

  test("late-arrival enters when recvWindow still allows it, and never after", async () => {
    const late = worldWith({ name: "late-arrival", delayUs: 8 * SECOND_US, only });
    const early = await late.client.trySigned("POST", "/api/v3/order", { ...ORDER, recvWindow: 8_000 }, 7 * SECOND_US);
    expect(early).toBeUndefined();
    expect(truth(late.world).orders).toBe(0);
    await late.world.run(SECOND_US);
    expect(truth(late.world).orders).toBe(1);

    const over = worldWith({ name: "late-arrival", delayUs: 8 * SECOND_US, only });
    expect((await over.client.signed("POST", "/api/v3/order", { ...ORDER, recvWindow: 7_999 })).json.code).toBe(-1021);
    expect(truth(over.world).orders).toBe(0);
  });

  test("engine-delay enters after recvWindow has passed, ten seconds at most, and then says that it does not know", async () => {
    const { world, client } = worldWith({ name: "engine-delay", delayUs: 60 * SECOND_US, only });
    const startUs = world.clock.nowUs;
    const answer = await client.signed("POST", "/api/v3/order", { ...ORDER, recvWindow: 1_000 });
    expect(answer).toMatchObject({ status: 504, json: { code: -1007 } });
    expect(world.venue.ledger.ordersOf("main").map((order) => order.createdUs - startUs)).toEqual([10 * SECOND_US]);
  });

  test("read-lag does not show an order until the replica has it, and hides its end for as long", async () => {
    const { world, client } = worldWith({ name: "read-lag", delayUs: 20 * SECOND_US });
    await client.signed("POST", "/api/v3/order", ORDER);
    const ask = (): Promise<{ json: { code?: number; status?: string } }> =>
      client.signed("GET", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: "tp-1" });
    const open = async (): Promise<number> => (await client.signed("GET", "/api/v3/openOrders", { symbol: "BTCUSDT" })).json.length;
    expect((await ask()).json.code).toBe(-2013);
    expect(await open()).toBe(0);
    await world.run(20 * SECOND_US);
    expect((await ask()).json.status).toBe("NEW");
    await client.signed("DELETE", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: "tp-1" });
    expect((await ask()).json.status).toBe("NEW");
    expect(await open()).toBe(1);
    await world.run(20 * SECOND_US);
    expect((await ask()).json.status).toBe("CANCELED");
  });

  test("balance-lag shows the balances of before", async () => {
    const { world, client } = worldWith({ name: "balance-lag", delayUs: 5 * SECOND_US });
    await world.run(10 * SECOND_US);
    await client.signed("POST", "/api/v3/order", ORDER);
    const locked = async (): Promise<string> =>
      (await client.signed("GET", "/api/v3/account")).json.balances.find((each: { asset: string }) => each.asset === "USDT").locked;
    expect(await locked()).toBe("0.00000000");
    await world.run(5 * SECOND_US);
    expect(await locked()).toBe("90.00000000");
  });

  test("a fault strikes only where its rule says, as often as it says, after what it passes over", async () => {
    const { world, client } = worldWith({ name: "error-refused", only: { clientId: "tp-2" }, after: 1, times: 1 });
    const ids = ["tp-1", "tp-2", "tp-2b", "tp-2c"];
    const statuses: number[] = [];
    for (const id of ids) statuses.push((await client.signed("POST", "/api/v3/order", { ...ORDER, newClientOrderId: id })).status);
    expect(statuses).toEqual([200, 200, 503, 200]);
    expect([...world.venue.faults.strikes]).toEqual([["error-refused", 1]]);
  });
});

describe("faults of cancels", () => {
  const cancel = { symbol: "BTCUSDT", origClientOrderId: "tp-1" };

  test("cancel-forged confirms a cancel and leaves the order live", async () => {
    const { client } = worldWith({ name: "cancel-forged" });
    await client.signed("POST", "/api/v3/order", ORDER);
    expect((await client.signed("DELETE", "/api/v3/order", cancel)).json.status).toBe("CANCELED");
    expect((await client.signed("GET", "/api/v3/order", cancel)).json.status).toBe("NEW");
  });

  test("cancel-lost cancels and never says so", async () => {
    const { client } = worldWith({ name: "cancel-lost" });
    await client.signed("POST", "/api/v3/order", ORDER);
    expect(await client.trySigned("DELETE", "/api/v3/order", cancel)).toBeUndefined();
    expect((await client.signed("GET", "/api/v3/order", cancel)).json.status).toBe("CANCELED");
  });

  test.each([
    [1, { code: -2011, msg: "Unknown order sent." }, "FILLED", "1.00000000"],
    [0.4, { status: "CANCELED", executedQty: "0.40000000" }, "CANCELED", "0.40000000"],
  ])("fill-before-cancel with %d fills in the race", async (value, answer, status, executedQty) => {
    const { client } = worldWith({ name: "fill-before-cancel", value });
    await client.signed("POST", "/api/v3/order", ORDER);
    expect((await client.signed("DELETE", "/api/v3/order", cancel)).json).toMatchObject(answer);
    expect((await client.signed("GET", "/api/v3/order", cancel)).json).toMatchObject({ status, executedQty });
  });
});

describe("faults of limits", () => {
  test("rate-limited answers 429, banned 418 for its delay, weight-jump spends what others used", async () => {
    const { world, client } = worldWith(
      { name: "rate-limited", times: 1 },
      { name: "banned", delayUs: MINUTE_US, after: 1, times: 1 },
      { name: "weight-jump", value: 777, after: 2, times: 1 },
    );
    expect(await client.get("/api/v3/ping")).toMatchObject({ status: 429, headers: { "retry-after": "60" } });
    expect((await client.get("/api/v3/ping")).status).toBe(418);
    await world.run(MINUTE_US);
    expect((await client.get("/api/v3/ping")).headers["x-mbx-used-weight-1m"]).toBe("778");
  });
});

describe("faults of the private stream", () => {
  async function eventsWith(...faults: FaultRule[]): Promise<{ kinds: string[]; socket: Awaited<ReturnType<RawClient["userSocket"]>> }> {
    const { world, client } = worldWith(...faults);
    const socket = await client.userSocket();
    await client.order({ side: "BUY", type: "MARKET", quantity: "1", newClientOrderId: "tp-1" });
    await world.run(MINUTE_US);
    return { kinds: socket.events.map((event) => event.x ?? event.e), socket };
  }

  test.each([
    ["fill-dropped", ["NEW", "outboundAccountPosition"]],
    ["event-dropped", []],
  ] as const)("%s leaves %j, and pings go on", async (name, kinds) => {
    const seen = await eventsWith({ name });
    expect(seen.kinds).toEqual(kinds);
    expect(seen.socket.pings).toBe(3);
  });

  test("event-duplicated repeats an event, at once or later", async () => {
    const atOnce = await eventsWith({ name: "event-duplicated", value: 2, after: 1, times: 1 });
    expect(atOnce.kinds).toEqual(["NEW", "TRADE", "TRADE", "TRADE", "outboundAccountPosition"]);
    const later = await eventsWith({ name: "event-duplicated", delayUs: 40 * SECOND_US, after: 1, times: 1 });
    expect(later.kinds).toEqual(["NEW", "TRADE", "outboundAccountPosition", "TRADE"]);
  });

  test("event-delayed lets later events overtake", async () => {
    const { kinds } = await eventsWith({ name: "event-delayed", delayUs: SECOND_US, times: 1 });
    expect(kinds).toEqual(["TRADE", "outboundAccountPosition", "NEW"]);
  });

  test("subscription-lost ends the events and nothing else", async () => {
    const { kinds, socket } = await eventsWith({ name: "subscription-lost", after: 1 });
    expect(kinds).toEqual(["NEW"]);
    expect(socket.pings).toBe(3);
    expect((await socket.ask("time")).status).toBe(200);
  });

  test.each([
    ["disconnect", { code: 1001, reason: "going away" }],
    ["disconnect-abrupt", { code: 1006, reason: "" }],
  ] as const)("%s ends the connection with %j", async (name, closed) => {
    const { socket } = await eventsWith({ name, after: 2, only: { stream: "user" } });
    expect(socket.closed).toEqual(closed);
  });

  test("socket-silent keeps pinging, socket-dead does not, and both stay open", async () => {
    const silent = await eventsWith({ name: "socket-silent", after: 1 });
    expect([silent.kinds, silent.socket.pings, silent.socket.closed]).toEqual([[], 3, undefined]);
    const dead = await eventsWith({ name: "socket-dead", after: 1 });
    expect([dead.kinds, dead.socket.pings, dead.socket.closed]).toEqual([[], 0, undefined]);
  });

  test("server-shutdown says so first", async () => {
    const { socket } = await eventsWith({ name: "server-shutdown", after: 1, times: 1, delayUs: 10 * SECOND_US });
    expect(socket.events.map((event) => event.e)).toContain("serverShutdown");
    expect(socket.closed).toEqual({ code: 1001, reason: "server shutdown" });
  });

  test("a key that is revoked ends its private stream with eventStreamTerminated", async () => {
    const { world, client } = worldWith();
    const socket = await client.userSocket();
    world.venue.revokeKey(LOCAL_KEY.key);
    await world.run(0);
    expect(socket.events.map((event) => event.e)).toEqual(["eventStreamTerminated"]);
  });
});

describe("faults of market data", () => {
  // biome-ignore lint/suspicious/noExplicitAny: messages as they come.
  async function market(stream: string, ...faults: FaultRule[]): Promise<any[]> {
    const { world, client } = worldWith(...faults);
    const socket = client.socket(`/ws/btcusdt@${stream}`);
    world.venue.start();
    await world.run(3 * MINUTE_US);
    return socket.messages;
  }

  test("market-dropped, market-duplicated and market-delayed do so to trades", async () => {
    const ids = (messages: { t: number }[]): number[] => messages.map((message) => message.t);
    const whole = ids(await market("trade"));
    expect(ids(await market("trade", { name: "market-dropped", after: 2, times: 1 }))).toEqual(whole.filter((_, i) => i !== 2));
    expect(ids(await market("trade", { name: "market-duplicated", after: 2, times: 1 }))).toEqual(
      whole.flatMap((id, i) => (i === 2 ? [id, id] : [id])),
    );
    const late = ids(await market("trade", { name: "market-delayed", after: 2, times: 1, delayUs: 6 * SECOND_US }));
    expect(late.slice(0, 5)).toEqual([whole[0], whole[1], whole[3], whole[2], whole[4]]);
  });

  test("depth-gap leaves out update ids", async () => {
    const changes = await market("depth@100ms", { name: "depth-gap", after: 3, times: 1 });
    const gaps = changes.filter((change, i) => i > 0 && change.U !== changes[i - 1].u + 1);
    expect(gaps).toHaveLength(1);
  });

  test("kline-dropped never says that a bar is over; kline-revised says it twice, differently", async () => {
    const dropped = (await market("kline_1m", { name: "kline-dropped", times: 1 })).filter((message) => message.k.x);
    expect(dropped).toHaveLength(2);
    const revised = (await market("kline_1m", { name: "kline-revised", times: 1 })).filter((message) => message.k.x);
    expect(revised).toHaveLength(4);
    expect(revised[0].k.t).toBe(revised[1].k.t);
    expect(revised[0].k.c).not.toBe(revised[1].k.c);
  });

  test("garbage-price puts in a price what is none; book-crossed swaps bid and ask", async () => {
    const trades = await market("trade", { name: "garbage-price", chance: 0.5 });
    const bad = trades.filter((trade) => typeof trade.p !== "string" || !(Number(trade.p) > 0 && Number(trade.p) < 1e6));
    expect(bad.length).toBeGreaterThan(5);
    expect(bad.length).toBeLessThan(trades.length);
    const quotes = await market("bookTicker", { name: "book-crossed", times: 2 });
    expect(quotes.filter((quote) => Number(quote.b) > Number(quote.a))).toHaveLength(2);
  });
});

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
