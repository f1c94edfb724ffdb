import { generateKeyPairSync, verify } from "node:crypto";
import { type HttpResponse, Secret, TransportError } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import type { OrderRequest, SubmitOutcome } from "../port/execution-client.ts";
import { type BinanceExecution, type BinanceExecutionOptions, binanceExecution } from "./execution-client.ts";
import { HMAC_KEY, type HttpScript, ScriptedWorld } from "./scripted-world.ts";
import { signText } from "./sign.ts";

const ORDER = {
  symbol: "BTCUSDT",
  orderId: 28457001122,
  orderListId: -1,
  clientOrderId: "tp-2-1z",
  transactTime: 1767225600123,
  price: "61000.10000000",
  origQty: "0.50000000",
  executedQty: "0.20000000",
  cummulativeQuoteQty: "12200.02000000",
  status: "PARTIALLY_FILLED",
  timeInForce: "GTC",
  type: "LIMIT",
  side: "BUY",
  fills: [{ price: "61000.10000000", qty: "0.20000000", commission: "0.00020000", commissionAsset: "BNB", tradeId: 3735683259 }],
};

const json = (value: unknown, more: Partial<HttpResponse> = {}): Partial<HttpResponse> => ({ body: JSON.stringify(value), ...more });
const error = (status: number, code: number, msg: string, headers: Record<string, string> = {}): Partial<HttpResponse> =>
  json({ code, msg }, { status, headers });

/** A client whose clock is measured. */
async function ready(
  http: HttpScript,
  options: Partial<BinanceExecutionOptions> = {},
): Promise<{ world: ScriptedWorld; client: BinanceExecution }> {
  const world = new ScriptedWorld();
  world.http = http;
  const client = binanceExecution(world.env, { key: HMAC_KEY, ...options });
  await world.settle(client.measureClock());
  world.requests.length = 0;
  return { world, client };
}

/** An order with a deadline two seconds away. */
function order(world: ScriptedWorld, more: Partial<OrderRequest> = {}): OrderRequest {
  return {
    symbol: "BTCUSDT",
    clientId: "tp-2-1z",
    side: "buy",
    type: "limit",
    timeInForce: "GTC",
    quantity: "0.5",
    price: "61000.1",
    deadlineUs: world.env.wallUs() + 2_000_000,
    ...more,
  };
}

async function submitted(answer: ReturnType<HttpScript>): Promise<SubmitOutcome> {
  const { world, client } = await ready(() => answer);
  return world.settle(client.submit(order(world)));
}

describe("submit()", () => {
  test("sends one signed form with the deadline as recvWindow, and reads order and fills from the answer", async () => {
    const { world, client } = await ready(() => json(ORDER));
    const outcome = await world.settle(client.submit(order(world)));
    expect(world.requests).toHaveLength(1);
    const [request] = world.requests;
    expect(request).toMatchObject({ method: "POST", url: "https://testnet.binance.vision/api/v3/order" });
    expect(request!.headers).toEqual({ "x-mbx-apikey": HMAC_KEY.apiKey.reveal(), "content-type": "application/x-www-form-urlencoded" });
    const [signed, signature] = request!.body!.split("&signature=") as [string, string];
    expect(signature).toBe(signText(HMAC_KEY, signed));
    expect(signed.replace(/&recvWindow=.*/, "")).toBe(
      "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.5&price=61000.1&newClientOrderId=tp-2-1z&newOrderRespType=FULL",
    );
    const query = new URLSearchParams(signed);
    // The end of the window is the deadline, not later: 2 s less half of the round trip of 20 ms, less what was cut off.
    expect(Number(query.get("recvWindow"))).toBeGreaterThan(1_980);
    expect(Number(query.get("recvWindow"))).toBeLessThanOrEqual(1_990);
    expect(outcome).toEqual({
      kind: "acknowledged",
      order: {
        symbol: "BTCUSDT",
        venueOrderId: "28457001122",
        clientId: "tp-2-1z",
        side: "buy",
        type: "LIMIT",
        state: "partially-filled",
        quantity: "0.50000000",
        filledQuantity: "0.20000000",
        filledQuote: "12200.02000000",
        price: "61000.10000000",
        stopPrice: "0.00000000",
        createdUs: 1767225600123000,
        updatedUs: 1767225600123000,
      },
      fills: [
        {
          symbol: "BTCUSDT",
          venueOrderId: "28457001122",
          clientId: "tp-2-1z",
          tradeId: 3735683259,
          side: "buy",
          price: "61000.10000000",
          quantity: "0.20000000",
          fee: "0.00020000",
          feeAsset: "BNB",
          isMaker: false,
          timeUs: 1767225600123000,
        },
      ],
    });
  });

  const definitive: readonly (readonly [status: number, code: number, message: string, cause: string])[] = [
    [400, -1013, "Filter failure: LOT_SIZE", "filter"],
    [400, -1013, "Filter failure: MAX_NUM_ORDERS", "too-many-orders"],
    [400, -1013, "Market is closed.", "market-closed"],
    [400, -1111, "Parameter 'price' has too much precision.", "filter"],
    [400, -1102, "Mandatory parameter 'price' was not sent, was empty/null, or malformed.", "other"],
    [400, -1021, "Timestamp for this request is outside of the recvWindow.", "clock"],
    [400, -1022, "Signature for this request is not valid.", "authorisation"],
    [401, -2015, "Invalid API-key, IP, or permissions for action.", "authorisation"],
    [400, -2010, "Account has insufficient balance for requested action.", "funds"],
    [400, -2010, "Duplicate order sent.", "duplicate-id"],
    [400, -2010, "Market is closed.", "market-closed"],
    [400, -2010, "Order would immediately match and take.", "other"],
    [429, -1003, "Too much request weight used.", "rate-limit"],
    [418, -1003, "Way too much request weight used; IP banned until 1767225700000.", "rate-limit"],
    [429, -1015, "Too many new orders; current limit is 50 orders per 10 SECOND.", "too-many-orders"],
  ];
  for (const [status, code, message, cause] of definitive) {
    test(`is refused as ${cause} by ${status} ${code} ${message}`, async () => {
      expect(await submitted(error(status, code, message))).toEqual({ kind: "refused", code: String(code), message, cause });
    });
  }

  const open: readonly (readonly [name: string, answer: ReturnType<HttpScript>])[] = [
    ["500 with a page", { status: 500, body: "<html>" }],
    ["502 with a refusal in it", error(502, -2010, "Duplicate order sent.")],
    ["504 without a body", { status: 504 }],
    ["503 with -1008", error(503, -1008, "Server is currently overloaded.")],
    ["-1006", error(400, -1006, "An unexpected response was received from the message bus.")],
    ["-1007", error(408, -1007, "Timeout waiting for response from backend server.")],
    ["-1000", error(400, -1000, "An unknown error occurred while processing the request.")],
    ["-1001", error(400, -1001, "Internal error; unable to process your request.")],
    ["a code that is not known", error(400, -4321, "Something new.")],
    ["403 with the page of a firewall", { status: 403, body: "<html>Request blocked</html>" }],
    ["429 with the page of a firewall", { status: 429, body: "<html>Slow down</html>" }],
    ["200 with an error in it", error(200, -2010, "Duplicate order sent.")],
    ["200 with no JSON", { body: '{"symbol":"BTCUS' }],
    ["200 with nothing", { body: "" }],
    ["200 with null", { body: "null" }],
    ["200 about another order", json({ ...ORDER, clientOrderId: "tp-2-20" })],
    ["200 about the other side", json({ ...ORDER, side: "SELL" })],
    ["200 with a quantity that is a number", json({ ...ORDER, origQty: 0.5 })],
    ["200 with a fill without a trade id", json({ ...ORDER, fills: [{ price: "1", qty: "1", commission: "0", commissionAsset: "BNB" }] })],
    ["302", { status: 302, body: "{}" }],
    ["a connection that was cut", new TransportError("socket hang up", "maybe")],
  ];
  for (const [name, answer] of open) {
    test(`stays unknown after ${name}`, async () => {
      expect((await submitted(answer)).kind).toBe("unknown");
    });
  }

  test("is refused as not sent when no byte left", async () => {
    expect(await submitted(new TransportError("getaddrinfo ENOTFOUND", "no"))).toEqual({
      kind: "refused",
      code: "not-sent",
      message: "getaddrinfo ENOTFOUND",
      cause: "other",
    });
  });

  test("sends nothing before the clock was measured, when it is too uncertain, and after a step of our own clock", async () => {
    const world = new ScriptedWorld();
    world.http = () => json(ORDER);
    const client = binanceExecution(world.env, { key: HMAC_KEY });
    expect(await client.submit(order(world))).toMatchObject({
      code: "not-sent",
      cause: "clock",
      message: expect.stringContaining("is not known"),
    });
    await world.settle(client.measureClock());
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");
    world.env.wallAheadUs = 3_600_000_000;
    expect(await client.submit(order(world))).toMatchObject({
      code: "not-sent",
      cause: "clock",
      message: expect.stringContaining("may be 36000"),
    });
    await world.settle(client.measureClock());
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");
    // 200 parts per million: 490 ms of room last for 41 minutes.
    await world.run(3_600_000_000);
    expect(await client.submit(order(world))).toMatchObject({ cause: "clock" });
    expect(world.requests.filter((request) => request.method === "POST")).toHaveLength(2);
  });

  test("refuses a slow measurement of the clock", async () => {
    const world = new ScriptedWorld();
    world.latencyUs = 1_200_000;
    const client = binanceExecution(world.env, { key: HMAC_KEY });
    await world.settle(client.measureClock());
    expect(await client.submit(order(world))).toMatchObject({ code: "not-sent", cause: "clock" });
  });

  test("stamps with the venue's time when our wall clock is an hour ahead, and keeps the deadline", async () => {
    const world = new ScriptedWorld();
    world.http = () => json(ORDER);
    world.env.wallAheadUs = 3_600_000_000;
    const client = binanceExecution(world.env, { key: HMAC_KEY });
    await world.settle(client.measureClock());
    const before = world.venueMs;
    await world.settle(client.submit(order(world)));
    const query = new URLSearchParams(world.requests.at(-1)!.body);
    expect(Math.abs(Number(query.get("timestamp")) - before)).toBeLessThanOrEqual(11);
    expect(Number(query.get("timestamp")) + Number(query.get("recvWindow"))).toBeLessThanOrEqual(before + 2_000);
  });

  test("sends nothing after the deadline", async () => {
    const { world, client } = await ready(() => json(ORDER));
    const late = order(world);
    await world.run(2_000_000);
    expect(await client.submit(late)).toEqual({ kind: "refused", code: "not-sent", message: "its deadline has passed", cause: "clock" });
    expect(world.requests).toEqual([]);
  });

  test("is silent to the venue until a ban is over, and stops new orders alone at the account's limit", async () => {
    let answer = error(429, -1003, "Too much request weight used.", { "retry-after": "7" });
    const { world, client } = await ready(() => answer);
    await world.settle(client.submit(order(world)));
    answer = json(ORDER);
    expect(await client.submit(order(world))).toMatchObject({ code: "not-sent", cause: "rate-limit" });
    expect(await client.openOrders()).toMatchObject({ kind: "unavailable", retryAfterUs: expect.any(Number) });
    expect(world.requests).toHaveLength(1);
    await world.run(7_000_000);
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");

    answer = error(429, -1015, "Too many new orders.");
    await world.settle(client.submit(order(world)));
    expect(await client.submit(order(world))).toMatchObject({ code: "not-sent", cause: "too-many-orders" });
    answer = json([]);
    expect((await world.settle(client.openOrders("BTCUSDT"))).kind).toBe("read");
  });

  test("counts orders by the venue's header and holds the next one back at the limit", async () => {
    const { world, client } = await ready(() => json(ORDER, { headers: { "x-mbx-order-count-10s": "50", "x-mbx-used-weight-1m": "12" } }));
    await world.settle(client.submit(order(world)));
    expect(await client.submit(order(world))).toMatchObject({ code: "not-sent", cause: "too-many-orders" });
    await world.run(10_000_000);
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");
  });

  test("keeps a reserve: new risk stops at four fifths of the weight, cancels go on", async () => {
    let used = "4800";
    const { world, client } = await ready((request) =>
      json(request.method === "POST" ? ORDER : { ...ORDER, status: "CANCELED", origClientOrderId: "tp-2-1z" }, {
        headers: { "x-mbx-used-weight-1m": used },
      }),
    );
    await world.settle(client.cancel("BTCUSDT", "tp-2-1z"));
    expect(await client.submit(order(world))).toMatchObject({ code: "not-sent", cause: "rate-limit" });
    expect((await world.settle(client.cancel("BTCUSDT", "tp-2-1z"))).kind).toBe("canceled");
    used = "6000";
    await world.settle(client.cancel("BTCUSDT", "tp-2-1z"));
    expect(await client.cancel("BTCUSDT", "tp-2-1z")).toMatchObject({ code: "not-sent", cause: "rate-limit" });
    await world.run(60_000_000);
    used = "1";
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");
  });

  test("takes a rotated key with the next call and says when a key is refused", async () => {
    let key = HMAC_KEY;
    let refused = 0;
    const { world, client } = await ready(
      (request) =>
        request.headers["x-mbx-apikey"] === "new-key" ? json(ORDER) : error(401, -2015, "Invalid API-key, IP, or permissions for action."),
      {
        key: () => key,
        onKeyRefused: () => {
          refused += 1;
          key = { kind: "hmac", apiKey: new Secret("new-key"), secret: new Secret("new-secret") };
        },
      },
    );
    expect(await world.settle(client.submit(order(world)))).toMatchObject({ kind: "refused", cause: "authorisation" });
    expect(refused).toBe(1);
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");
  });

  test("signs with Ed25519 what it sends", async () => {
    const pair = generateKeyPairSync("ed25519");
    const privateKey = new Secret(pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string);
    const { world, client } = await ready(() => json(ORDER), { key: { kind: "ed25519", apiKey: new Secret("k"), privateKey } });
    await world.settle(client.submit(order(world)));
    const [signed, signature] = world.requests[0]!.body!.split("&signature=") as [string, string];
    expect(verify(null, Buffer.from(signed), pair.publicKey, Buffer.from(decodeURIComponent(signature), "base64"))).toBe(true);
  });

  test("shows no secret in what it says of a failure", async () => {
    const { secret, apiKey } = HMAC_KEY as { secret: Secret; apiKey: Secret };
    for (const answer of [
      new TransportError(`POST ${apiKey.reveal()} failed`, "maybe"),
      error(400, -2010, `Bad ${secret.reveal()} ${apiKey.reveal()}`),
      error(400, -9999, `Bad ${apiKey.reveal()}`),
    ]) {
      const text = JSON.stringify(await submitted(answer));
      expect(text).toContain("[redacted]");
      expect(text).not.toContain(apiKey.reveal());
      expect(text).not.toContain(secret.reveal());
    }
  });
});

describe("cancel()", () => {
  test("names the order by our id, and by its own id in the answer", async () => {
    const { world, client } = await ready(() =>
      json({ ...ORDER, status: "CANCELED", clientOrderId: "made-by-the-venue", origClientOrderId: "tp-2-1z" }),
    );
    const outcome = await world.settle(client.cancel("BTCUSDT", "tp-2-1z"));
    expect(outcome).toMatchObject({ kind: "canceled", order: { clientId: "tp-2-1z", state: "canceled", filledQuantity: "0.20000000" } });
    expect(world.requests[0]).toMatchObject({
      method: "DELETE",
      url: expect.stringContaining("/api/v3/order?symbol=BTCUSDT&origClientOrderId=tp-2-1z&recvWindow="),
    });
  });

  test("is no proof when the order is not open, whatever became of it", async () => {
    const { world, client } = await ready(() => error(400, -2011, "Unknown order sent."));
    expect(await world.settle(client.cancel("BTCUSDT", "tp-2-1z"))).toEqual({ kind: "not-open", message: "Unknown order sent." });
  });

  test("is unknown when the answer is about another order, about an order that is not canceled, or missing", async () => {
    for (const answer of [
      json({ ...ORDER, status: "CANCELED", origClientOrderId: "tp-2-20" }),
      json({ ...ORDER, status: "NEW", origClientOrderId: "tp-2-1z" }),
      { status: 500 },
      new TransportError("timeout", "maybe"),
    ]) {
      const { world, client } = await ready(() => answer);
      expect((await world.settle(client.cancel("BTCUSDT", "tp-2-1z"))).kind).toBe("unknown");
    }
  });

  test("cancels all of a symbol, order lists included", async () => {
    const canceled = { ...ORDER, status: "CANCELED", origClientOrderId: "a" };
    const { world, client } = await ready(() =>
      json([canceled, { orderListId: 9, orderReports: [{ ...canceled, origClientOrderId: "b" }] }]),
    );
    expect(await world.settle(client.cancelAll("BTCUSDT"))).toMatchObject({ kind: "canceled", order: { clientId: "b" } });
    expect(world.requests[0]!.url).toContain("/api/v3/openOrders?symbol=BTCUSDT&");
  });
});

describe("reads", () => {
  test("tell an order that is not there from one that could not be read", async () => {
    let answer: ReturnType<HttpScript> = error(400, -2013, "Order does not exist.");
    const { world, client } = await ready(() => answer);
    expect(await world.settle(client.orderByClientId("BTCUSDT", "tp-2-1z"))).toMatchObject({ kind: "read", value: undefined });
    for (const bad of [
      { status: 500 },
      error(429, -1003, "Too many.", { "retry-after": "0" }),
      json({ ...ORDER, clientOrderId: "x" }),
      new TransportError("dns", "no"),
    ]) {
      answer = bad;
      expect((await world.settle(client.orderByClientId("BTCUSDT", "tp-2-1z"))).kind).toBe("unavailable");
    }
  });

  test("keep ids exact beyond 2^53", async () => {
    const body = JSON.stringify({ ...ORDER, orderId: 1 }).replace('"orderId":1', '"orderId":9223372036854775807');
    const { world, client } = await ready(() => ({ body }));
    expect(await world.settle(client.orderByClientId("BTCUSDT", "tp-2-1z"))).toMatchObject({
      value: { venueOrderId: "9223372036854775807" },
    });
  });

  const trade = (id: number, orderId = 7): object => ({
    symbol: "BTCUSDT",
    id,
    orderId,
    price: "1.0",
    qty: "2.0",
    commission: "0.1",
    commissionAsset: "BNB",
    time: 1767225600123,
    isBuyer: true,
    isMaker: true,
  });

  test("page through fills and learn the client id of each order once", async () => {
    const { world, client } = await ready((request, query) => {
      if (request.url.includes("/myTrades")) {
        const from = Number(query.get("fromId"));
        return json(Array.from({ length: Math.max(0, Math.min(1_000, 2_500 - from)) }, (_, k) => trade(from + k)));
      }
      return json({ ...ORDER, orderId: 7, clientOrderId: "tp-2-7" });
    });
    const read = await world.settle(client.fillsFrom("BTCUSDT", 100));
    if (read.kind !== "read") throw new Error(read.why);
    expect(read.value.map((fill) => fill.tradeId)).toEqual(Array.from({ length: 2_400 }, (_, k) => 100 + k));
    expect(new Set(read.value.map((fill) => fill.clientId))).toEqual(new Set(["tp-2-7"]));
    expect(world.requests.map(({ url }) => new URL(url).pathname.slice(8))).toEqual(["myTrades", "myTrades", "myTrades", "order"]);
  });

  test("learn the client ids of many orders from the list of orders", async () => {
    const { world, client } = await ready((request) =>
      request.url.includes("/myTrades")
        ? json([trade(1, 11), trade(2, 12), trade(3, 99)])
        : json([11, 12, 13].map((orderId) => ({ ...ORDER, orderId, clientOrderId: `tp-2-${orderId}` }))),
    );
    const read = await world.settle(client.fillsFrom("BTCUSDT", 0));
    // Order 99 is one that the venue no longer lists: its fill counts all the same.
    expect(read).toMatchObject({ kind: "read", value: [{ clientId: "tp-2-11" }, { clientId: "tp-2-12" }, { clientId: "" }] });
    expect(world.requests.filter(({ url }) => url.includes("/allOrders?symbol=BTCUSDT&orderId=11&"))).toHaveLength(1);
  });

  test("read both sides of a trade of the account with itself, also where a page ends between them", async () => {
    const other = (id: number, orderId: number): object => ({ ...trade(id, orderId), isBuyer: false });
    const all = Array.from({ length: 2_600 }, (_, k) => (k % 3 === 2 ? other(k - 1, 8) : trade(k)));
    const { world, client } = await ready((request, query) => {
      if (!request.url.includes("/myTrades"))
        return request.url.includes("/allOrders") ? json([]) : error(400, -2013, "Order does not exist.");
      const from = Number(query.get("fromId"));
      return json(all.filter((each) => (each as { readonly id: number }).id >= from).slice(0, 1_000));
    });
    const read = await world.settle(client.fillsFrom("BTCUSDT", 0));
    if (read.kind !== "read") throw new Error(read.why);
    expect(read.value.map(({ tradeId, side }) => `${tradeId} ${side}`)).toEqual(
      all
        .map((each) => each as { readonly id: number; readonly isBuyer: boolean })
        .map(({ id, isBuyer }) => `${id} ${isBuyer ? "buy" : "sell"}`),
    );
  });

  test("take no page of fills that is out of order, doubled, or of another symbol", async () => {
    const mirrored = { ...trade(2, 8), isBuyer: false };
    for (const rows of [
      [trade(2), trade(1)],
      [trade(2), trade(2)],
      [trade(2), mirrored, trade(2)],
      [trade(0)],
      [{ ...trade(5), symbol: "ETHUSDT" }],
    ]) {
      const { world, client } = await ready(() => json(rows));
      expect((await world.settle(client.fillsFrom("BTCUSDT", 1))).kind).toBe("unavailable");
    }
  });

  test("read balances and rules, and check orders by them", async () => {
    const { world, client } = await ready((request) => {
      if (request.url.includes("/account")) return json({ balances: [{ asset: "BTC", free: "1.20000000", locked: "0.50000000" }] });
      return json({
        rateLimits: [
          { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: 1200 },
          { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 100 },
        ],
        symbols: [
          {
            symbol: "BTCUSDT",
            status: "TRADING",
            baseAsset: "BTC",
            quoteAsset: "USDT",
            orderTypes: ["LIMIT", "MARKET"],
            filters: [
              { filterType: "PRICE_FILTER", minPrice: "0.01000000", maxPrice: "1000000.00000000", tickSize: "0.01000000" },
              { filterType: "LOT_SIZE", minQty: "0.00001000", maxQty: "9000.00000000", stepSize: "0.00001000" },
              {
                filterType: "NOTIONAL",
                minNotional: "5.00000000",
                applyMinToMarket: true,
                maxNotional: "9000000.00000000",
                applyMaxToMarket: false,
                avgPriceMins: 5,
              },
              { filterType: "MAX_NUM_ORDERS", maxNumOrders: 200 },
            ],
          },
          { symbol: "ODD", status: "TRADING", baseAsset: "O", quoteAsset: "DD", orderTypes: [], filters: [] },
        ],
      });
    });
    expect(await world.settle(client.balances())).toMatchObject({ value: [{ asset: "BTC", free: "1.20000000", locked: "0.50000000" }] });
    expect(await world.settle(client.instruments())).toMatchObject({
      value: [
        {
          symbol: "BTCUSDT",
          base: "BTC",
          quote: "USDT",
          status: "trading",
          tickSize: "0.01000000",
          lotSize: "0.00001000",
          minNotional: "5.00000000",
          maxOrders: 200,
        },
      ],
    });
    expect(client.brokenFilter(order(world))).toBeUndefined();
    expect(client.brokenFilter(order(world, { price: "61000.123" }))).toBe("PRICE_FILTER");
    expect(client.brokenFilter(order(world, { quantity: "0.00001" }))).toBe("NOTIONAL");
  });

  test("say when the rules of a symbol that is wanted cannot be read", async () => {
    const { world, client } = await ready(() => json({ symbols: [] }), { symbols: ["BTCUSDT"] });
    expect(await world.settle(client.instruments())).toMatchObject({ kind: "unavailable", why: expect.stringContaining("BTCUSDT") });
    expect(world.requests[0]!.url).toContain("symbols=%5B%22BTCUSDT%22%5D");
  });
});

describe("binanceExecution()", () => {
  test("talks in clear text only to this machine", () => {
    const { env } = new ScriptedWorld();
    expect(() => binanceExecution(env, { key: HMAC_KEY, restUrl: "http://api.binance.com" })).toThrow("TP_VENUE_URL");
    expect(() => binanceExecution(env, { key: HMAC_KEY, wsApiUrl: "ws://127.0.0.1.evil.example/" })).toThrow("TP_VENUE_URL");
    expect(() => binanceExecution(env, { key: HMAC_KEY, restUrl: "https://user:pass@api.binance.com" })).toThrow("TP_VENUE_URL");
    expect(
      binanceExecution(env, { key: HMAC_KEY, restUrl: "http://127.0.0.1:8080/", wsApiUrl: "ws://localhost:8080/ws-api/v3" }).venue,
    ).toBe("BINANCE");
  });
});
