import { expect } from "vitest";
import type { UserStream } from "../port/execution-client.ts";
import { type BinanceExecution, type BinanceExecutionOptions, binanceExecution } from "./execution-client.ts";
import { HMAC_KEY, type ScriptedSocket, ScriptedWorld } from "./scripted-world.ts";

/** News of an order that filled in part. */
export const REPORT = {
  e: "executionReport",
  E: 1767225600124,
  s: "BTCUSDT",
  c: "tp-2-1z",
  S: "BUY",
  o: "LIMIT",
  f: "GTC",
  q: "0.50000000",
  p: "61000.10000000",
  P: "0.00000000",
  C: "",
  x: "TRADE",
  X: "PARTIALLY_FILLED",
  i: 28457001122,
  l: "0.20000000",
  z: "0.20000000",
  L: "61000.10000000",
  n: "0.00020000",
  N: "BNB",
  T: 1767225600123,
  t: 3735683259,
  m: true,
  O: 1767225600100,
  Z: "12200.02000000",
};

/** An event as a subscription brings it. */
export const wrap = (event: unknown): unknown => ({ subscriptionId: 0, event });

/** A stream in a world whose venue answers as it should, and what the stream told. */
export class Play {
  readonly world = new ScriptedWorld();
  readonly told: string[] = [];
  readonly client: BinanceExecution;
  readonly stream: UserStream;
  /** The venue pings this often; undefined for never. */
  pingEveryUs: number | undefined = 20_000_000;
  answers: (message: Readonly<Record<string, unknown>>, socket: ScriptedSocket) => void = (message, socket) => {
    const id = message["id"];
    if (message["method"] === "session.status") socket.say({ id, status: 200, result: { userDataStream: true } });
    else if (message["method"] === "session.logon") socket.say({ id, status: 200, result: { apiKey: "k", authorizedSince: 1 } });
    else socket.say({ id, status: 200, result: { subscriptionId: 0 } });
  };

  constructor(options: Partial<BinanceExecutionOptions> = {}) {
    const { world, told } = this;
    world.onSocket = (socket) => {
      socket.onSent = (message) => this.answers(message, socket);
      socket.handlers.onOpen();
      this.#ping(socket);
    };
    this.client = binanceExecution(world.env, { key: HMAC_KEY, ...options });
    this.stream = this.client.openUserStream({
      onOrder: (order, fill) =>
        told.push(
          `order ${order.clientId} ${order.state} ${order.filledQuantity}${fill === undefined ? "" : ` fill ${fill.tradeId} ${fill.quantity}`}`,
        ),
      onBalance: (balances) => told.push(`balance ${balances.map(({ asset, free, locked }) => `${asset} ${free} ${locked}`).join(", ")}`),
      onTransfer: (asset, delta) => told.push(`transfer ${asset} ${delta}`),
      onReady: () => told.push("ready"),
      onDoubt: (why) => told.push(`doubt: ${why}`),
      onUnreadable: (why) => told.push(`unreadable: ${why}`),
    });
  }

  get socket(): ScriptedSocket {
    return this.world.sockets.at(-1)!;
  }

  /** What was told since the last call. */
  news(): string[] {
    return this.told.splice(0);
  }

  #ping(socket: ScriptedSocket): void {
    if (this.pingEveryUs === undefined || socket.isClosed) return;
    socket.handlers.onPing?.();
    this.world.clock.after(this.pingEveryUs, () => this.#ping(socket));
  }
}

/** A stream that has told that it is ready. */
export async function ready(options: Partial<BinanceExecutionOptions> = {}): Promise<Play> {
  const play = new Play(options);
  await play.world.run(1_000_000);
  expect(play.news()).toEqual(["ready"]);
  return play;
}
