import { Secret, SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { binanceExecution } from "../binance/execution-client.ts";
import { e8 } from "../local-venue/exchange/amount.ts";
import { symbolSpec } from "../local-venue/exchange/symbol-spec.ts";
import { LocalVenue, type LocalVenueOptions } from "../local-venue/local-venue.ts";
import { LOCAL_KEY } from "../local-venue/wire/api-key.ts";
import type { VenuePlace } from "./venue-hand.ts";
import { barsThrough, venueClockOf, WORLD_START_US } from "./venue-world.ts";

const MINUTE_US = 60_000_000;
const REST_URL = "http://127.0.0.1:9000";
const WS_API_URL = "ws://127.0.0.1:9000/ws-api/v3";

/** The Binance adapter against the local venue, both in one process under virtual time: every byte of the protocol, no socket. */
export async function binancePlace(
  options: Partial<LocalVenueOptions> = {},
): Promise<VenuePlace & { readonly venue: LocalVenue; readonly env: SimEnv }> {
  const seed = options.seed ?? 1;
  const clock = new SimClock({ seed, startUs: WORLD_START_US });
  const columns = barsThrough(Array.from({ length: 60 }, () => 100));
  const venue = new LocalVenue({
    clock: venueClockOf(clock),
    markets: [{ spec: symbolSpec("BTCUSDT", "BTC", "USDT"), columns, playedIntervalUs: MINUTE_US, historyBars: 5 }],
    latency: { feedUs: 2_000, entryUs: 5_000, responseUs: 5_000, jitterUs: 3_000 },
    ...options,
  });
  const env = new SimEnv({
    clock,
    process: new SimProcess("trader"),
    seed,
    files: new SimFiles(new SimDisk(seededStream(seed, "disk"))),
    ...venue.network(),
  });
  const client = binanceExecution(env, {
    key: { kind: "hmac", apiKey: new Secret(LOCAL_KEY.key), secret: new Secret(LOCAL_KEY.secret) },
    restUrl: REST_URL,
    wsApiUrl: WS_API_URL,
    symbols: ["BTCUSDT"],
  });
  venue.start();
  return {
    client,
    venue,
    env,
    symbol: "BTCUSDT",
    base: "BTC",
    quote: "USDT",
    quantity: "0.5",
    restingBuy: "90",
    restingSell: "110",
    offGrid: "90.001",
    tooMuch: "200",
    wallUs: () => env.wallUs(),
    settle: async (promise) => {
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
    },
    run: (us) => clock.run(clock.nowUs + us),
    fill: (clientId, quantity) => {
      const order = venue.exchange.find("main", "BTCUSDT", { clientId });
      if (order === undefined) throw new Error(`there is no order ${clientId}`);
      venue.exchange.fillNow(order, e8(quantity));
    },
    loseNextAnswer: (isCarriedOut) => {
      venue.faults.on({ name: isCarriedOut ? "response-lost" : "request-lost", times: 1, only: { method: "POST", path: "/api/v3/order" } });
    },
    cutStream: () => venue.disconnect("user"),
    goAway: (us) => venue.outage(us),
    ordersTaken: (clientId) =>
      venue.ledger.requestsOf("main", clientId).filter((request) => request.outcome === "accepted" && request.request === "place").length,
  };
}
