import { Secret, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import type { LocalVenueOptions } from "../local-venue/local-venue.ts";
import { LOCAL_KEY } from "../local-venue/wire/api-key.ts";
import type { OrderRequest } from "../port/execution-client.ts";
import { type VenueWorld, venueWorld } from "../testing/venue-world.ts";
import { type BinanceExecution, type BinanceExecutionOptions, binanceExecution } from "./execution-client.ts";
import type { BinanceKey } from "./sign.ts";

/** The key that the local venue knows. */
export const KEY: BinanceKey = { kind: "hmac", apiKey: new Secret(LOCAL_KEY.key), secret: new Secret(LOCAL_KEY.secret) };
export const MINUTE = 60_000_000;

/** The adapter against the local venue, which was written on its own from the same documentation: what both understand alike is the protocol. */
export class Play {
  readonly world: VenueWorld;
  readonly env: SimEnv;
  readonly client: BinanceExecution;
  readonly told: string[] = [];

  constructor(venue: Partial<LocalVenueOptions> = {}, options: Partial<BinanceExecutionOptions> = {}) {
    this.world = venueWorld({ latency: { feedUs: 1_000, entryUs: 2_000, responseUs: 2_000, jitterUs: 3_000 }, ...venue });
    this.env = new SimEnv({
      clock: this.world.clock,
      process: new SimProcess("adapter"),
      seed: 1,
      files: new SimFiles(new SimDisk(seededStream(1, "disk"))),
      ...this.world.venue.network(),
    });
    this.client = binanceExecution(this.env, { key: KEY, symbols: ["BTCUSDT"], ...options });
  }

  /** Lets time pass until the promise is settled. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const done = promise.finally(() => {
      isSettled = true;
    });
    done.catch(() => undefined);
    for (let k = 0; k < 10_000 && !isSettled; k += 1) await this.world.run(5_000);
    return done;
  }

  async read<T>(promise: Promise<{ kind: "read"; value: T } | { kind: "unavailable"; why: string }>): Promise<T> {
    const outcome = await this.settle(promise);
    if (outcome.kind === "unavailable") throw new Error(outcome.why);
    return outcome.value;
  }

  async ready(): Promise<this> {
    await this.read(this.client.measureClock());
    return this;
  }

  order(clientId: string, more: Partial<OrderRequest> = {}): OrderRequest {
    const order: OrderRequest = {
      symbol: "BTCUSDT",
      clientId,
      side: "buy",
      type: "limit",
      timeInForce: "GTC",
      quantity: "0.5",
      price: "90.00",
      deadlineUs: this.env.wallUs() + 2_000_000,
    };
    return { ...order, ...more };
  }

  atMarket(clientId: string, side: "buy" | "sell" = "buy"): OrderRequest {
    return {
      symbol: "BTCUSDT",
      clientId,
      side,
      type: "market",
      timeInForce: "GTC",
      quantity: "0.5",
      deadlineUs: this.env.wallUs() + 2_000_000,
    };
  }

  listen(): { close(): void } {
    const { told } = this;
    return this.client.openUserStream({
      onOrder: (order, fill) =>
        told.push(`${order.clientId} ${order.state}${fill === undefined ? "" : ` ${fill.quantity} @ ${fill.price}`}`),
      onBalance: (balances) => told.push(`balance of ${balances.map(({ asset }) => asset).join(" and ")}`),
      onTransfer: (asset) => told.push(`transfer of ${asset}`),
      onReady: () => told.push("ready"),
      onDoubt: (why) => told.push(`doubt: ${why}`),
      onUnreadable: (why) => told.push(`unreadable: ${why}`),
    });
  }
}
