import { realEnv, Secret } from "@tradepulse/platform";
import { afterEach, expect, test } from "vitest";
import { symbolSpec } from "../local-venue/exchange/symbol-spec.ts";
import { type ServedVenue, serveLocalVenue } from "../local-venue/serve/real-venue-server.ts";
import { LOCAL_KEY } from "../local-venue/wire/api-key.ts";
import { barsThrough } from "../testing/venue-world.ts";
import { binanceExecution } from "./execution-client.ts";
import { binanceFeed } from "./feed.ts";

/** The adapter over real sockets of this machine: what virtual time cannot show. */
let served: ServedVenue | undefined;
const open: { close(): void }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) each.close();
  await served?.close();
});

test("binanceExecution() and binanceFeed() trade and listen over real HTTP and WebSockets", async () => {
  // A bar a second for two minutes: a busy machine may be late, the market must not be over by then.
  const columns = barsThrough(Array.from({ length: 120 }, (_, k) => 100 + (k % 7)));
  served = await serveLocalVenue({
    port: 0,
    markets: [{ spec: symbolSpec("BTCUSDT", "BTC", "USDT"), columns, playedIntervalUs: 1_000_000, historyBars: 3 }],
  });
  const env = realEnv();
  const client = binanceExecution(env, {
    key: { kind: "hmac", apiKey: new Secret(LOCAL_KEY.key), secret: new Secret(LOCAL_KEY.secret) },
    restUrl: served.restUrl,
    wsApiUrl: served.wsApiUrl,
  });
  expect((await client.measureClock()).kind).toBe("read");

  const ready = Promise.withResolvers<void>();
  const filled = Promise.withResolvers<number>();
  open.push(
    client.openUserStream({
      onOrder: (_order, fill) => fill !== undefined && filled.resolve(fill.tradeId),
      onBalance: () => undefined,
      onReady: () => ready.resolve(),
      onDoubt: (why) => ready.reject(new Error(why)),
      onUnreadable: (why) => ready.reject(new Error(why)),
    }),
  );
  await ready.promise;
  const outcome = await client.submit({
    symbol: "BTCUSDT",
    clientId: "tp-1-1",
    side: "buy",
    type: "market",
    timeInForce: "GTC",
    quantity: "0.5",
    deadlineUs: env.wallUs() + 2_000_000,
  });
  if (outcome.kind !== "acknowledged") throw new Error(JSON.stringify(outcome));
  expect(await filled.promise).toBe(outcome.fills[0]!.tradeId);

  const feed = binanceFeed(env, { restUrl: served.restUrl, streamUrl: served.streamUrl, budget: client.budget });
  const bars = Promise.withResolvers<void>();
  const opens: number[] = (await feed.history("BTCUSDT", 1_000_000, 0, env.wallUs() + 1_000_000)).map((bar) => bar.openUs);
  const wanted = opens.length + 2;
  open.push(
    feed.subscribe(["BTCUSDT"], 1_000_000, {
      onBar: (bar) => {
        opens.push(bar.openUs);
        if (opens.length >= wanted) bars.resolve();
      },
      onReady: () => undefined,
      onDoubt: () => undefined,
      onUnreadable: (why) => bars.reject(new Error(why)),
    }),
  );
  await bars.promise;
  expect(opens).toEqual(opens.map((_, k) => opens[0]! + k * 1_000_000));

  await served.close();
  expect(
    await client.submit({
      symbol: "BTCUSDT",
      clientId: "tp-1-2",
      side: "buy",
      type: "market",
      timeInForce: "GTC",
      quantity: "0.5",
      deadlineUs: env.wallUs() + 2_000_000,
    }),
  ).toMatchObject({
    // The connection that was kept is cut with the request on it; a new one would be refused, and then it is known that nothing left.
    kind: expect.stringMatching(/^(unknown|refused)$/),
  });
});
