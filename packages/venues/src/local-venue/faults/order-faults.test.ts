import { describe, expect, test } from "vitest";
import type { VenueWorld } from "../../testing/venue-world.ts";
import { MINUTE_US, ORDER, SECOND_US, worldWith } from "./faulty-world.ts";

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
