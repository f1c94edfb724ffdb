import { describe, expect, test } from "vitest";
import { error, json, ORDER, ready } from "./scripted-client.ts";

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

describe("fillsFrom()", () => {
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
});

describe("lastTradeId()", () => {
  test("asks for one trade, however many there are, and tells an account without any", async () => {
    let rows: readonly object[] = [trade(7_654_321)];
    const { world, client } = await ready(() => json(rows));
    expect(await world.settle(client.lastTradeId("BTCUSDT"))).toMatchObject({ kind: "read", value: 7_654_321 });
    expect(world.requests.map(({ url }) => new URL(url).search.split("&recvWindow")[0])).toEqual(["?symbol=BTCUSDT&limit=1"]);
    rows = [];
    expect(await world.settle(client.lastTradeId("BTCUSDT"))).toMatchObject({ kind: "read", value: -1 });
    rows = [{ ...trade(1), symbol: "ETHUSDT" }];
    expect((await world.settle(client.lastTradeId("BTCUSDT"))).kind).toBe("unavailable");
  });
});
