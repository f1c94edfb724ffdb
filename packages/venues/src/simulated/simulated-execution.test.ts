import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import { e8 } from "../local-venue/exchange/amount.ts";
import { symbolSpec } from "../local-venue/exchange/symbol-spec.ts";
import type { FeedBar } from "../port/market-feed.ts";
import { venueContract } from "../testing/venue-contract.ts";
import type { VenuePlace } from "../testing/venue-hand.ts";
import { WORLD_START_US } from "../testing/venue-world.ts";
import { type SimulatedExecution, simulatedExecution } from "./simulated-execution.ts";

const SYMBOL = "BTCUSDT";

function paper(latencyUs = 0): { clock: SimClock; env: SimEnv; client: SimulatedExecution } {
  const clock = new SimClock({ seed: 1, startUs: WORLD_START_US });
  const process = new SimProcess("trader");
  const env = new SimEnv({ clock, process, seed: 1, files: new SimFiles(new SimDisk(seededStream(1, "disk"))) });
  const client = simulatedExecution(env, {
    symbols: [symbolSpec(SYMBOL, "BTC", "USDT")],
    balances: { USDT: "10000", BTC: "10" },
    latencyUs,
  });
  client.market.quote(SYMBOL, "99.99", "50", "100.01", "50");
  return { clock, env, client };
}

async function place(latencyUs: number): Promise<VenuePlace> {
  const { clock, env, client } = paper(latencyUs);
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let isDone = false;
    const ended = (): void => {
      isDone = true;
    };
    promise.then(ended, ended);
    await clock.run(clock.nowUs);
    while (!isDone && (await clock.step())) {
      // Time passes until it is settled.
    }
    return promise;
  };
  let loses: boolean | undefined;
  // What lies between a client and its venue is the venue's own here, so the test puts a wire there that loses things.
  const wire = new Proxy(client, {
    get: (target, name) => {
      if (name === "submit" && loses !== undefined) {
        const isCarriedOut = loses;
        loses = undefined;
        return async (order: Parameters<SimulatedExecution["submit"]>[0]) => {
          if (isCarriedOut) await target.submit(order);
          return { kind: "unknown", why: "the wire lost it" };
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    client: wire,
    symbol: SYMBOL,
    base: "BTC",
    quote: "USDT",
    quantity: "0.5",
    restingBuy: "90",
    restingSell: "110",
    offGrid: "90.001",
    tooMuch: "200",
    wallUs: () => env.wallUs(),
    settle,
    run: (us) => clock.run(clock.nowUs + us),
    fill: (clientId, quantity) => client.exchange.fillNow(client.exchange.find("paper", SYMBOL, { clientId })!, e8(quantity)),
    loseNextAnswer: (isCarriedOut) => {
      loses = isCarriedOut;
    },
    ordersTaken: (clientId) => client.exchange.ledger.requestsOf("paper", clientId).filter(({ outcome }) => outcome === "accepted").length,
  };
}

describe("simulatedExecution()", () => {
  for (const law of venueContract("simulated", () => place(0))) test(law.name, law.check);
  for (const law of venueContract("simulated, with latency,", () => place(50_000))) test(law.name, law.check);
});

describe("SimulatedMarket", () => {
  const bar = (open: string, high: string, low: string, close: string): FeedBar => ({
    symbol: SYMBOL,
    openUs: 0,
    closeUs: 60_000_000,
    open,
    high,
    low,
    close,
    volume: "8",
  });
  const order = { symbol: SYMBOL, timeInForce: "GTC", quantity: "1", deadlineUs: Number.POSITIVE_INFINITY } as const;

  test("bar() fills a resting order that the bar goes through, at the order's own price", async () => {
    const { client } = paper();
    await client.submit({ ...order, clientId: "tp-1-1", side: "buy", type: "limit", price: "98.5" });
    client.market.bar(bar("100", "100.5", "98", "99"));
    const outcome = await client.fillsFrom(SYMBOL, 0);
    expect(outcome).toMatchObject({
      kind: "read",
      value: [{ clientId: "tp-1-1", price: "98.50000000", quantity: "1.00000000", isMaker: true }],
    });
  });

  test("bar() sets off a stop at the extreme that reaches it", async () => {
    const { client } = paper();
    client.market.bar(bar("100", "100", "100", "100"));
    await client.submit({ ...order, clientId: "tp-1-1", side: "sell", type: "stop", stopPrice: "99" });
    client.market.bar(bar("100", "100.5", "98", "100"));
    const outcome = await client.fillsFrom(SYMBOL, 0);
    expect(outcome).toMatchObject({ kind: "read", value: [{ clientId: "tp-1-1", price: "97.99000000", isMaker: false }] });
  });

  test("quote() and trade() fill by price and time: no more than was traded at the price", async () => {
    const { client } = paper();
    await client.submit({ ...order, clientId: "tp-1-1", side: "buy", type: "limit", price: "99.99" });
    client.market.trade(SYMBOL, "99.99", "50", true);
    expect(await client.orderByClientId(SYMBOL, "tp-1-1")).toMatchObject({ value: { state: "new" } });
    client.market.trade(SYMBOL, "99.99", "0.4", true);
    expect(await client.orderByClientId(SYMBOL, "tp-1-1")).toMatchObject({
      value: { state: "partially-filled", filledQuantity: "0.40000000" },
    });
    client.market.quote(SYMBOL, "99.97", "5", "99.98", "5");
    expect(await client.orderByClientId(SYMBOL, "tp-1-1")).toMatchObject({ value: { state: "filled" } });
  });
});
