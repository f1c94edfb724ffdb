import { FailureError } from "@tradepulse/core";
import { describe, expect, test } from "vitest";
import { DAMAGES, type Damage, HARMLESS } from "../testing/damaged-answers.ts";
import { TamperedTown } from "../testing/tampered-town.ts";

/** Answers to requests that cannot be used, on the way to a running session: counted, told, and nothing is believed of them. */

/** Endpoints that a running session asks, as `METHOD /path`. */
const ENDPOINTS = [
  "GET /api/v3/time",
  "GET /api/v3/account",
  "GET /api/v3/openOrders",
  "GET /api/v3/myTrades",
  "GET /api/v3/order",
  "GET /api/v3/klines",
  "POST /api/v3/order",
] as const;

function damaged(town: TamperedTown, endpoint: string, damage: Damage): { readonly done: () => number } {
  let done = 0;
  town.tamper = ({ method, url }, response) => {
    if (`${method} ${new URL(url).pathname}` !== endpoint || response.status !== 200) return response;
    const body = damage(response.body);
    if (body === undefined || body === response.body) return response;
    done += 1;
    return { ...response, body };
  };
  return { done: () => done };
}

/** Damage that an endpoint does not notice, because nothing of it is used. */
const UNUSED = new Set(["GET /api/v3/account times as texts"]);

/** Orders leave, unknown outcomes are asked after, bars are missed: what makes every endpoint be asked. */
async function stir(town: TamperedTown): Promise<void> {
  town.world.venue.faults.on({ name: "response-lost", times: 1, only: { method: "POST" } });
  // Told by no event either: only reading finds out.
  town.world.venue.faults.on({ name: "event-dropped", times: 3 });
  town.streams.findLast(({ url }) => url.endsWith("/stream"))!.handlers.onClose(1006, "");
  await town.run(2.1);
  town.world.venue.faults.off();
}

describe.each(ENDPOINTS)("%s", (endpoint) => {
  test("is not believed a word when its answers are damaged, and the session comes to what the venue has", {
    timeout: 60_000,
  }, async () => {
    const town = new TamperedTown();
    await town.begin();
    let times = 0;
    for (const [name, damage] of Object.entries(DAMAGES)) {
      const before = town.total;
      const { done } = damaged(town, endpoint, damage);
      await stir(town);
      town.tamper = undefined;
      times += done();
      // A list that is empty, or figures that are not there, leave nothing to damage.
      if (done() > 0 && !UNUSED.has(`${endpoint} ${name}`)) expect(town.total - before, name).toBeGreaterThan(0);
      await town.run(1);
      expect(town.lots, name).toBe(town.truth);
      expect(new Set(town.orders).size, name).toBe(town.orders.length);
    }
    expect(times).toBeGreaterThan(0);
    expect(town.lastStatus!.tradingState).not.toBe(undefined);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    const intents = new Set(await town.intents());
    expect(town.orders.filter((id) => !intents.has(id))).toEqual([]);
  });

  test("is read the same with keys in another order, keys that nobody knows, and white space", async () => {
    const town = new TamperedTown();
    await town.begin();
    for (const [name, damage] of Object.entries(HARMLESS)) {
      const before = town.total;
      damaged(town, endpoint, damage);
      await town.run(2);
      expect(town.total, name).toBe(before);
      expect(town.lots, name).toBe(town.truth);
    }
    expect(town.lastStatus!.tradingState).toBe("enabled");
  });
});

describe("an answer to a send that is about something else", () => {
  test.each([
    ["another symbol", (body: string) => body.replaceAll("BTCUSDT", "ETHUSDT")],
    ["another client id", (body: string) => body.replace(/"clientOrderId":"[^"]*"/, '"clientOrderId":"not-ours"')],
    [
      "the other side",
      (body: string) => (body.includes('"BUY"') ? body.replaceAll('"BUY"', '"SELL"') : body.replaceAll('"SELL"', '"BUY"')),
    ],
    ["more filled than was ordered", (body: string) => body.replace(/"executedQty":"[^"]*"/, '"executedQty":"999.00000000"')],
  ])("%s is no acknowledgement: the truth is read, and the order is not sent again", async (_name, damage) => {
    const town = new TamperedTown();
    await town.start();
    await town.arm();
    damaged(town, "POST /api/v3/order", damage);
    await town.run(2.5);
    const sent = town.orders.length;
    expect(sent).toBe(1);
    town.tamper = undefined;
    await town.run(6);
    expect(town.lots).toBe(town.truth);
    expect(new Set(town.orders).size).toBe(town.orders.length);
  });
});

describe("at the start", () => {
  const tick =
    (value: string): Damage =>
    (body) =>
      body.replaceAll(/"tickSize":"[^"]*"/g, `"tickSize":"${value}"`);
  const step =
    (value: string): Damage =>
    (body) =>
      body.replaceAll(/"stepSize":"[^"]*"/g, `"stepSize":"${value}"`);

  test.each<readonly [string, string, Damage]>([
    ["a tick of nothing", "GET /api/v3/exchangeInfo", tick("0.00000000")],
    ["a negative tick", "GET /api/v3/exchangeInfo", tick("-0.01")],
    ["a tick of forty decimals", "GET /api/v3/exchangeInfo", tick(`0.${"0".repeat(39)}1`)],
    ["a step of nothing", "GET /api/v3/exchangeInfo", step("0.00000000")],
    ["a step as exponent", "GET /api/v3/exchangeInfo", step("1e-5")],
    ["rules of another symbol", "GET /api/v3/exchangeInfo", (body) => body.replaceAll('"symbol":"BTCUSDT"', '"symbol":"ETHUSDT"')],
    ["no filters", "GET /api/v3/exchangeInfo", (body) => body.replaceAll(/"filters":\[/g, '"filters_":[')],
    ["money that is negative", "GET /api/v3/account", (body) => body.replaceAll(/"free":"[^"]*"/g, '"free":"-5.00000000"')],
    ["money that is not there", "GET /api/v3/account", (body) => body.replaceAll(/"free":"[^"]*"/g, '"free":"0.00000000"')],
    [
      "trades of another symbol",
      "GET /api/v3/myTrades",
      () =>
        '[{"symbol":"ETHUSDT","id":1,"orderId":1,"price":"1.0","qty":"1.0","commission":"0","commissionAsset":"BNB","time":1767225600123,"isBuyer":true,"isMaker":true}]',
    ],
    ["a clock that is text", "GET /api/v3/time", () => '{"serverTime":"now"}'],
    ...Object.entries(DAMAGES)
      .slice(0, 6)
      .map(([name, damage]) => [`exchangeInfo ${name}`, "GET /api/v3/exchangeInfo", damage] as const),
  ])("%s is refused with a code, and nothing is sent", async (_name, endpoint, damage) => {
    const town = new TamperedTown();
    damaged(town, endpoint, damage);
    const error = await town.start().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FailureError);
    expect((error as FailureError).failure.code).toMatch(/^TP_LIVE_(VENUE|FILTERS|INPUTS|CAPITAL)$/);
    expect(town.orders).toEqual([]);
    // What was wrong has passed: the same process may start again.
    town.tamper = undefined;
    await town.start();
    await town.run(1);
    expect(town.lastStatus).toMatchObject({ tradingState: "halted" });
  });
});
