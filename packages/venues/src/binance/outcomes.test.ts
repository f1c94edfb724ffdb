import { TransportError } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import { error, json, ORDER, ready, submitted } from "./scripted-client.ts";
import type { HttpScript } from "./scripted-world.ts";

describe("submitOutcome()", () => {
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
});

describe("cancelOutcome()", () => {
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
