import { OversizedError } from "@tradepulse/platform";
import { expect, test } from "vitest";
import type { BadAnswer } from "../port/flaw.ts";
import type { BinanceExecution } from "./execution-client.ts";
import { ORDER, order, ready } from "./scripted-client.ts";
import type { ScriptedWorld } from "./scripted-world.ts";

/** Answers cut at every byte: none of them is an answer, each is counted once, and no text of ours quotes what came. */

const FILTERS = [
  { filterType: "PRICE_FILTER", minPrice: "0.01", maxPrice: "1000000.00", tickSize: "0.01" },
  { filterType: "LOT_SIZE", minQty: "0.00001", maxQty: "9000", stepSize: "0.00001" },
];
const SYMBOL = { symbol: "BTCUSDT", status: "TRADING", baseAsset: "BTC", quoteAsset: "USDT", orderTypes: ["LIMIT"], filters: FILTERS };
const TRADE = {
  symbol: "BTCUSDT",
  id: 7,
  orderId: 28457001122,
  price: "61000.1",
  qty: "0.2",
  commission: "0.1",
  commissionAsset: "BNB",
  time: 1767225600123,
  isBuyer: true,
  isMaker: false,
};

type Ask = (client: BinanceExecution, world: ScriptedWorld) => Promise<{ readonly kind: string }>;

const CALLS: readonly (readonly [call: string, answer: unknown, ask: Ask])[] = [
  ["GET /api/v3/exchangeInfo", { symbols: [SYMBOL] }, (client) => client.instruments()],
  ["GET /api/v3/account", { balances: [{ asset: "BTC", free: "1.0", locked: "0.0" }] }, (client) => client.balances()],
  ["GET /api/v3/openOrders", [ORDER], (client) => client.openOrders("BTCUSDT")],
  ["GET /api/v3/order", ORDER, (client) => client.orderByClientId("BTCUSDT", "tp-2-1z")],
  ["GET /api/v3/myTrades", [TRADE], (client) => client.fillsFrom("BTCUSDT", 0)],
  ["POST /api/v3/order", ORDER, (client, world) => client.submit(order(world))],
  ["DELETE /api/v3/order", { ...ORDER, status: "CANCELED" }, (client) => client.cancel("BTCUSDT", "tp-2-1z")],
  ["DELETE /api/v3/openOrders", [{ ...ORDER, status: "CANCELED" }], (client) => client.cancelAll("BTCUSDT")],
];

test.each(CALLS)("%s", async (call, answer, ask) => {
  const whole = JSON.stringify(answer);
  let body = "";
  const bad: BadAnswer[] = [];
  // Whoever reads fills asks for the names of their orders too.
  const nameAsked = (url: string): boolean => call.endsWith("/myTrades") && !url.includes("/myTrades");
  const { world, client } = await ready(({ url }) => ({ body: nameAsked(url) ? JSON.stringify(ORDER) : body }), {
    onBadAnswer: (each) => bad.push(each),
  });
  const asked = async (text: string): Promise<string> => {
    body = text;
    // Far apart: what is asked about here is not the rate budget.
    await world.run(11_000_000);
    await world.settle(client.measureClock());
    return (await world.settle(ask(client, world))).kind;
  };
  for (let length = 0; length < whole.length; length += 1) {
    expect(["unavailable", "unknown"], whole.slice(0, length)).toContain(await asked(whole.slice(0, length)));
  }
  expect(bad).toHaveLength(whole.length);
  for (const each of bad) {
    expect(each).toMatchObject({ call, flaw: "unreadable" });
    expect(each.why).toMatch(/^status 200 with a body that is no JSON \(\d+ characters\)$/);
  }
  expect(["read", "acknowledged", "canceled"]).toContain(await asked(whole));
  expect(bad).toHaveLength(whole.length);
});

test("an answer beyond every bound is none, counted as what it is; an order that it was to answer is unknown, not sent again", async () => {
  const bad: BadAnswer[] = [];
  const { world, client } = await ready(() => new OversizedError(33_554_432), { onBadAnswer: (each) => bad.push(each) });
  expect((await world.settle(client.balances())).kind).toBe("unavailable");
  expect((await world.settle(client.submit(order(world)))).kind).toBe("unknown");
  expect(bad.map(({ call, flaw }) => `${call} ${flaw}`)).toEqual(["GET /api/v3/account oversized", "POST /api/v3/order oversized"]);
  expect(world.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
});
