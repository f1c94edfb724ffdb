import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { RawClient } from "../testing/raw-client.ts";
import { venueWorld } from "../testing/venue-world.ts";
import { LOCAL_KEY, LOCAL_SENTINEL_KEY } from "./wire/api-key.ts";

const MINUTE_US = 60_000_000;

describe("local venue, the gate", () => {
  test("GET time says the venue's own time, which may be off", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    expect((await client.get("/api/v3/time")).json).toEqual({ serverTime: world.clock.nowUs / 1_000 });
    world.venue.setClockAhead(-30_000_000);
    expect((await client.get("/api/v3/time")).json).toEqual({ serverTime: world.clock.nowUs / 1_000 - 30_000 });
    expect((await client.signed("GET", "/api/v3/account")).json.code).toBe(-1021);
  });

  test("a signature is checked over the bytes that were sent, query before body", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    const query = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC";
    const body = `quantity=1&price=90&timestamp=${world.clock.nowUs / 1_000}`;
    const signature = createHmac("sha256", LOCAL_KEY.secret)
      .update(query + body)
      .digest("hex");
    const headers = { "X-MBX-APIKEY": LOCAL_KEY.key };
    const good = await client.send("POST", `/api/v3/order?${query}`, headers, `${body}&signature=${signature.toUpperCase()}`);
    expect(good).toMatchObject({ status: 200 });
    const bad = await client.send("POST", `/api/v3/order?${query}`, headers, `${body}0&signature=${signature}`);
    expect(bad).toMatchObject({ status: 400, json: { code: -1022, msg: "Signature for this request is not valid." } });
  });

  test("an Ed25519 key signs REST and logs a session on; an HMAC key does not log on", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const key = {
      key: "edKey",
      accountId: "main",
      kind: "ed25519",
      secret: publicKey.export({ type: "spki", format: "pem" }).toString(),
    } as const;
    const world = venueWorld({ keys: [LOCAL_KEY, key] });
    const client = new RawClient(world);
    const signed = (text: string): string => sign(null, Buffer.from(text), privateKey).toString("base64");
    const text = `timestamp=${world.clock.nowUs / 1_000}`;
    const answer = await client.send("GET", `/api/v3/account?${text}&signature=${encodeURIComponent(signed(text))}`, {
      "x-mbx-apikey": "edKey",
    });
    expect(answer).toMatchObject({ status: 200, json: { accountType: "SPOT" } });

    const socket = client.socket("/ws-api/v3");
    await world.run(0);
    expect((await socket.ask("userDataStream.subscribe")).status).toBe(401);
    expect((await socket.ask("session.logon", client.signedParams())).error.code).toBe(-4056);
    const params = { apiKey: "edKey", timestamp: world.clock.nowUs / 1_000 };
    const logon = await socket.ask("session.logon", { ...params, signature: signed(`apiKey=edKey&timestamp=${params.timestamp}`) });
    expect(logon).toMatchObject({ status: 200, result: { apiKey: "edKey", userDataStream: false } });
    expect((await socket.ask("userDataStream.subscribe")).result).toEqual({ subscriptionId: 0 });
    const placed = await socket.ask("order.place", {
      symbol: "BTCUSDT",
      side: "BUY",
      type: "LIMIT",
      timeInForce: "GTC",
      price: "90",
      quantity: "1",
      timestamp: params.timestamp,
    });
    expect(placed).toMatchObject({ status: 200, result: { status: "NEW" } });
    expect(socket.events.map((event) => event.e)).toEqual(["executionReport", "outboundAccountPosition"]);
  });

  test.each([
    [{}, 401, -2014],
    [{ "X-MBX-APIKEY": "someKey" }, 401, -2015],
    [{ "X-MBX-APIKEY": LOCAL_KEY.key }, 400, -1102],
  ])("a signed call with headers %j is refused with %i and %i", async (headers, status, code) => {
    const world = venueWorld();
    const answer = await new RawClient(world).send("GET", `/api/v3/account?timestamp=${world.clock.nowUs / 1_000}`, headers);
    expect(answer).toMatchObject({ status, json: { code } });
  });

  test("a key without the right to trade reads and does not trade; a revoked one does neither", async () => {
    const world = venueWorld({ keys: [{ ...LOCAL_KEY, canTrade: false }] });
    const client = new RawClient(world);
    expect((await client.signed("GET", "/api/v3/account")).status).toBe(200);
    expect((await client.limit("BUY", "1", "90")).json.code).toBe(-2015);
    world.venue.revokeKey(LOCAL_KEY.key);
    expect((await client.signed("GET", "/api/v3/account")).json.code).toBe(-2015);
  });

  test("the key of a sentinel reads and cancels orders of the account, and places none", async () => {
    const world = venueWorld();
    const [trader, sentinel] = [new RawClient(world), new RawClient(world, LOCAL_SENTINEL_KEY)];
    expect((await trader.limit("BUY", "1", "90")).status).toBe(200);
    expect((await sentinel.limit("BUY", "1", "90")).json.code).toBe(-2015);
    expect((await sentinel.signed("GET", "/api/v3/openOrders", { symbol: "BTCUSDT" })).json).toHaveLength(1);
    expect((await sentinel.signed("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" })).status).toBe(200);
    expect(world.venue.ledger.ordersOf("main").map(({ status }) => status)).toEqual(["CANCELED"]);
  });

  test("recvWindow ends an order that is too old at its arrival, and more than a second ahead it is refused too", async () => {
    const client = new RawClient(venueWorld());
    client.aheadMs = -3_000;
    expect((await client.limit("BUY", "1", "90", { recvWindow: 2_999 })).json).toEqual({
      code: -1021,
      msg: "Timestamp for this request is outside of the recvWindow.",
    });
    expect((await client.limit("BUY", "1", "90", { recvWindow: 3_000 })).status).toBe(200);
    client.aheadMs = 1_000;
    expect((await client.limit("BUY", "1", "90")).json).toEqual({
      code: -1021,
      msg: "Timestamp for this request was 1000ms ahead of the server's time.",
    });
    client.aheadMs = 999;
    expect((await client.limit("BUY", "1", "90")).status).toBe(200);
    expect((await client.limit("BUY", "1", "90", { recvWindow: 60_001 })).json.code).toBe(-1131);
  });

  test("recvWindow is looked at once more just before the engine", async () => {
    const world = venueWorld({ latency: { entryUs: 2_000_000 } });
    const client = new RawClient(world);
    expect((await client.limit("BUY", "1", "90", { recvWindow: 1_999 })).json.code).toBe(-1021);
    expect((await client.limit("BUY", "1", "90", { recvWindow: 2_000 })).status).toBe(200);
    expect(world.venue.ledger.ordersOf("main")).toHaveLength(1);
  });

  test("weight is counted for an address and minute and told in every answer", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    const used = async (): Promise<string | undefined> => (await client.get("/api/v3/ping")).headers["x-mbx-used-weight-1m"];
    expect(await used()).toBe("1");
    await client.get("/api/v3/exchangeInfo");
    expect(await used()).toBe("22");
    expect((await new RawClient(world, LOCAL_KEY, "10.0.0.9").get("/api/v3/ping")).headers["x-mbx-used-weight-1m"]).toBe("1");
    await world.run(MINUTE_US);
    expect(await used()).toBe("1");
  });

  test("too much weight is 429 with Retry-After; who goes on is banned with 418, longer each time", async () => {
    const world = venueWorld({ limits: { weightPerMinute: 40, patience: 2 } });
    const client = new RawClient(world);
    await client.get("/api/v3/exchangeInfo");
    await client.get("/api/v3/exchangeInfo");
    const refused = await client.get("/api/v3/ping");
    expect(refused).toMatchObject({ status: 429, json: { code: -1003 }, headers: { "retry-after": "60" } });
    expect((await client.get("/api/v3/ping")).status).toBe(429);
    const banned = await client.get("/api/v3/ping");
    expect(banned).toMatchObject({ status: 418, headers: { "retry-after": "120" } });
    expect(banned.json.msg).toBe(
      `Way too much request weight used; IP banned until ${world.clock.nowUs / 1_000 + 120_000}. Please use WebSocket Streams for live updates to avoid bans.`,
    );
    await world.run(119_000_000);
    expect((await client.get("/api/v3/ping")).status).toBe(418);
    await world.run(1_000_000);
    expect((await client.get("/api/v3/ping")).status).toBe(200);
    for (let i = 0; i < 5; i += 1) await client.get("/api/v3/exchangeInfo");
    expect((await client.get("/api/v3/ping")).headers["retry-after"]).toBe("240");
    expect(world.venue.limits.bansGiven).toBe(2);
  });

  test("too many unfilled orders are refused with -1015; a fill gives its place back", async () => {
    const world = venueWorld({ limits: { ordersPer10Seconds: 2 } });
    const client = new RawClient(world);
    await client.order({ side: "BUY", type: "MARKET", quantity: "1" });
    const second = await client.limit("BUY", "0.1", "90");
    expect(second.headers["x-mbx-order-count-10s"]).toBe("1");
    await client.limit("BUY", "0.1", "90");
    expect((await client.limit("BUY", "0.1", "90")).json).toEqual({
      code: -1015,
      msg: "Too many new orders; current limit is 2 orders per 10 SECOND.",
    });
    await world.run(10_000_000);
    expect((await client.limit("BUY", "0.1", "90")).status).toBe(200);
  });

  test("an order counts as unfilled when it was let in, until its first fill, and also when it was canceled", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    const count = (answer: { headers: Record<string, string> }): string | undefined => answer.headers["x-mbx-order-count-10s"];
    expect((await client.limit("BUY", "1000", "90")).json.code).toBe(-2010);
    const resting = await client.limit("BUY", "0.1", "90");
    expect(count(resting)).toBe("1");
    await client.signed("DELETE", "/api/v3/order", { symbol: "BTCUSDT", orderId: resting.json.orderId });
    expect(count(await client.limit("BUY", "0.4", "90"))).toBe("2");
    const [, second] = world.venue.core.exchange.market("BTCUSDT").orders.values();
    world.venue.core.exchange.fillNow(second!, 10_000_000n);
    world.venue.core.exchange.fillNow(second!, 10_000_000n);
    expect(second!.status).toBe("PARTIALLY_FILLED");
    expect(count(await client.limit("BUY", "0.1", "90"))).toBe("2");
  });

  test("own trades are asked for by a day at most, and by time or by id", async () => {
    const client = new RawClient(venueWorld());
    const ask = async (query: Record<string, number>): Promise<number | undefined> =>
      (await client.signed("GET", "/api/v3/myTrades", { symbol: "BTCUSDT", ...query })).json.code as number | undefined;
    expect(await ask({ startTime: 0, endTime: 86_400_001 })).toBe(-1127);
    expect(await ask({ startTime: 0, endTime: 86_400_000 })).toBeUndefined();
    expect(await ask({ startTime: 0, fromId: 1 })).toBe(-1128);
  });

  test("exchangeInfo states the filters that orders are held to", async () => {
    const { json } = await new RawClient(venueWorld()).get("/api/v3/exchangeInfo", { symbol: "BTCUSDT" });
    expect(json.symbols[0]).toMatchObject({ symbol: "BTCUSDT", status: "TRADING", baseAsset: "BTC", quoteAsset: "USDT" });
    expect(json.symbols[0].filters[0]).toEqual({
      filterType: "PRICE_FILTER",
      minPrice: "0.01000000",
      maxPrice: "1000000.00000000",
      tickSize: "0.01000000",
    });
    expect(json.rateLimits[0]).toEqual({ rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: 6000 });
  });

  test("klines are the dataset's bars, stamped so that they end now, and merged to longer intervals", async () => {
    const world = venueWorld();
    const client = new RawClient(world);
    const rows = (await client.get("/api/v3/klines", { symbol: "BTCUSDT", interval: "1m" })).json;
    expect(rows).toHaveLength(5);
    expect(rows[4]).toEqual([
      world.clock.nowUs / 1_000 - 60_000,
      "100.00000000",
      "100.50000000",
      "99.50000000",
      "100.00000000",
      "14.00000000",
      world.clock.nowUs / 1_000 - 1,
      "1400.00000000",
      0,
      "7.00000000",
      "700.00000000",
      "0",
    ]);
    world.venue.start();
    await world.run(5 * MINUTE_US);
    const merged = (await client.get("/api/v3/klines", { symbol: "BTCUSDT", interval: "5m" })).json;
    expect(merged.map((row: string[]) => [row[1], row[2], row[3], row[4]])).toEqual([
      ["100.00000000", "100.50000000", "99.50000000", "100.00000000"],
      ["100.00000000", "103.50000000", "99.50000000", "101.00000000"],
    ]);
    const from = world.clock.nowUs / 1_000 - 3 * 60_000;
    const page = (await client.get("/api/v3/klines", { symbol: "BTCUSDT", interval: "1m", startTime: from, limit: 2 })).json;
    expect(page.map((row: number[]) => row[0])).toEqual([from, from + 60_000]);
  });

  test("an unknown path is a page in HTML, as is a wrong method", async () => {
    const client = new RawClient(venueWorld());
    expect(await client.get("/api/v3/listenKey")).toMatchObject({ status: 404, headers: { "content-type": "text/html" } });
    expect(await client.send("PUT", "/api/v3/order")).toMatchObject({ status: 405 });
  });
});
