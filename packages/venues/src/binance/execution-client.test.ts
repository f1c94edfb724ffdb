import { TransportError } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import { binanceExecution } from "./execution-client.ts";
import { error, json, ORDER, order, ready } from "./scripted-client.ts";
import { HMAC_KEY, type HttpScript, ScriptedWorld } from "./scripted-world.ts";
import { signText } from "./sign.ts";

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
