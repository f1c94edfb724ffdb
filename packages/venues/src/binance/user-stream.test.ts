import { generateKeyPairSync } from "node:crypto";
import { Secret } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import type { UserStream } from "../port/execution-client.ts";
import { type BinanceExecution, type BinanceExecutionOptions, binanceExecution } from "./execution-client.ts";
import { HMAC_KEY, type ScriptedSocket, ScriptedWorld } from "./scripted-world.ts";

const REPORT = {
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
const wrap = (event: unknown): unknown => ({ subscriptionId: 0, event });

/** A stream in a world whose venue answers as it should, and what the stream told. */
class Play {
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

async function ready(options: Partial<BinanceExecutionOptions> = {}): Promise<Play> {
  const play = new Play(options);
  await play.world.run(1_000_000);
  expect(play.news()).toEqual(["ready"]);
  return play;
}

describe("openUserStream()", () => {
  test("measures the clock, subscribes with a signature for an HMAC key, and is ready when that is answered", async () => {
    const { socket, world } = await ready();
    expect(socket.url).toBe("wss://ws-api.testnet.binance.vision/ws-api/v3");
    expect(socket.sent.map((message) => message["method"])).toEqual(["userDataStream.subscribe.signature", "session.status"]);
    const { method, params } = socket.sent[0] as { method: string; params: Record<string, unknown> };
    expect(method).toBe("userDataStream.subscribe.signature");
    expect(Object.keys(params).sort()).toEqual(["apiKey", "signature", "timestamp"]);
    expect(Math.abs(Number(params["timestamp"]) - world.venueMs)).toBeLessThan(1_000);
  });

  test("logs on and then subscribes with an Ed25519 key", async () => {
    const pair = generateKeyPairSync("ed25519");
    const privateKey = new Secret(pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string);
    const { socket } = await ready({ key: { kind: "ed25519", apiKey: new Secret("k"), privateKey } });
    expect(socket.sent.map(({ method }) => method)).toEqual(["session.logon", "userDataStream.subscribe", "session.status"]);
    expect(socket.sent[1]).not.toHaveProperty("params");
  });

  test("tells orders with their fills, balances and transfers, in any wrapping", async () => {
    const play = await ready();
    play.socket.say(wrap(REPORT));
    play.socket.say({
      stream: "x",
      data: { ...REPORT, x: "CANCELED", X: "CANCELED", l: "0.00000000", c: "cancel-1", C: "tp-2-1z", t: -1, N: null, n: "0" },
    });
    play.socket.say({ ...REPORT, x: "NEW", X: "NEW", l: "0.0", z: "0.0", t: -1 });
    play.socket.say(wrap({ e: "outboundAccountPosition", E: 1, u: 1, B: [{ a: "BTC", f: "1.2", l: "0.5" }] }));
    play.socket.say(wrap({ e: "balanceUpdate", E: 1, a: "USDT", d: "-100.0", T: 1 }));
    play.socket.say(wrap({ e: "listStatus", E: 1 }));
    expect(play.news()).toEqual([
      "order tp-2-1z partially-filled 0.20000000 fill 3735683259 0.20000000",
      "order tp-2-1z canceled 0.20000000",
      "order tp-2-1z new 0.0",
      "balance BTC 1.2 0.5",
      "transfer USDT -100.0",
    ]);
  });

  test("doubts when a quantity changed hands without a fill that could be read, and vouches again once things are quiet", async () => {
    const play = await ready();
    play.socket.say(wrap({ ...REPORT, L: "0.00000000" }));
    play.socket.say(wrap({ ...REPORT, x: "CALCULATED" }));
    expect(play.news()).toEqual([
      "order tp-2-1z partially-filled 0.20000000",
      "doubt: an event about BTCUSDT lacks its fill: a trade came without a price",
      "order tp-2-1z partially-filled 0.20000000",
      "doubt: an event about BTCUSDT lacks its fill: a quantity changed hands as CALCULATED",
    ]);
    await play.world.run(2_000_000);
    expect(play.news()).toEqual(["ready"]);
  });

  test("doubts at a cut, connects again with growing waits, and is ready once more", async () => {
    const play = await ready();
    play.socket.cut(1_006);
    expect(play.news()).toEqual(["doubt: the connection was closed: 1006"]);
    play.world.onSocket = (socket) => socket.cut(1_006);
    await play.world.run(300_000_000);
    const attempts = play.world.sockets.length;
    // Half a second, doubling to 30 s, each at least half of that: 300 s hold no more than 20 attempts and no fewer than 12.
    expect(attempts).toBeGreaterThan(12);
    expect(attempts).toBeLessThan(26);
    play.world.onSocket = (socket) => {
      socket.onSent = (message) => play.answers(message, socket);
      socket.handlers.onOpen();
    };
    play.news();
    await play.world.run(31_000_000);
    expect(play.news().at(-1)).toBe("ready");
  });

  test("counts a connection without any sign of life as cut, though nobody closed it", async () => {
    const play = await ready();
    play.answers = () => undefined;
    play.pingEveryUs = undefined;
    await play.world.run(60_000_000);
    expect(play.news()[0]).toMatch(/^doubt: the connection was silent for 3\d s$/);
    expect(play.world.sockets.length).toBeGreaterThan(1);
  });

  test("stays ready over a quiet hour in which only pings and probes come", async () => {
    const play = await ready();
    await play.world.run(3_600_000_000);
    expect(play.news()).toEqual([]);
    expect(play.world.sockets).toHaveLength(1);
    expect(play.stream.silentUs).toBeLessThan(20_000_001);
  });

  test("finds out when the venue dropped the subscription of a connection that lives", async () => {
    const play = await ready();
    const { answers } = play;
    play.answers = (message, socket) =>
      message["method"] === "session.status"
        ? socket.say({ id: "probe", status: 200, result: { userDataStream: false } })
        : answers(message, socket);
    await play.world.run(62_000_000);
    expect(play.news()[0]).toBe("doubt: the venue no longer has our subscription");
  });

  test("asks no more when the venue does not know the question, or denies a subscription just made", async () => {
    for (const answer of [
      { status: 400, error: { code: -1020, msg: "This operation is not supported." } },
      { status: 200, result: { userDataStream: false } },
    ]) {
      const play = new Play();
      const { answers } = play;
      play.answers = (message, socket) =>
        message["method"] === "session.status" ? socket.say({ id: "probe", ...answer }) : answers(message, socket);
      await play.world.run(600_000_000);
      expect(play.news()).toEqual(["ready"]);
      expect(play.socket.sent.filter(({ method }) => method === "session.status")).toHaveLength(1);
    }
  });

  test("replaces a connection before it is a day old, without a moment of doubt, and hears both for a while", async () => {
    const play = await ready();
    const first = play.socket;
    await play.world.run(23 * 3_600_000_000 + 3_000_000);
    expect(play.world.sockets).toHaveLength(2);
    first.say(wrap(REPORT));
    play.socket.say(wrap(REPORT));
    expect(play.news()).toHaveLength(2);
    await play.world.run(10_000_000);
    expect(first.isClosed).toBe(true);
    expect(play.socket.isClosed).toBe(false);
    expect(play.news()).toEqual([]);
  });

  test("does the same when the server says that it shuts down", async () => {
    const play = await ready();
    const first = play.socket;
    first.say({ event: { e: "serverShutdown", E: 1 } });
    await play.world.run(1_000_000);
    first.cut(1_001);
    await play.world.run(60_000_000);
    expect(play.world.sockets).toHaveLength(2);
    expect(play.news()).toEqual([]);
  });

  test("reconnects when the venue ends the subscription", async () => {
    const play = await ready();
    play.socket.say(wrap({ e: "eventStreamTerminated", E: 1 }));
    await play.world.run(2_000_000);
    expect(play.news()).toEqual(["doubt: the venue ended the subscription", "ready"]);
  });

  test("waits out a ban that a refused subscription speaks", async () => {
    const play = new Play();
    let isBanned = true;
    const { answers } = play;
    play.answers = (message, socket) => {
      if (!isBanned) return answers(message, socket);
      socket.say({
        id: message["id"],
        status: 418,
        error: { code: -1003, msg: "IP banned", data: { serverTime: 1_000, retryAfter: 121_000 } },
      });
    };
    await play.world.run(1_000_000);
    isBanned = false;
    expect(play.news()).toEqual(["doubt: the venue refused the subscription: -1003 IP banned"]);
    await play.world.run(118_000_000);
    expect(play.world.sockets).toHaveLength(1);
    await play.world.run(32_000_000);
    expect(play.news()).toEqual(["ready"]);
  });

  test("says when the key is refused and uses the next one", async () => {
    let refused = 0;
    const play = new Play({ onKeyRefused: () => refused++ });
    const { answers } = play;
    play.answers = (message, socket) =>
      refused > 0
        ? answers(message, socket)
        : socket.say({ id: message["id"], status: 401, error: { code: -2015, msg: `Invalid ${HMAC_KEY.apiKey.reveal()}` } });
    await play.world.run(3_000_000);
    expect(refused).toBe(1);
    expect(play.news()).toEqual(["doubt: the venue refused the subscription: -2015 Invalid [redacted]", "ready"]);
  });

  test("measures the clock again when the venue finds the timestamp outside of its window", async () => {
    const play = new Play();
    const { answers } = play;
    let isFirst = true;
    play.answers = (message, socket) => {
      if (!isFirst) return answers(message, socket);
      isFirst = false;
      socket.say({
        id: message["id"],
        status: 400,
        error: { code: -1021, msg: "Timestamp for this request is outside of the recvWindow." },
      });
    };
    await play.world.run(3_000_000);
    expect(play.world.requests.filter(({ url }) => url.endsWith("/api/v3/time"))).toHaveLength(6);
    expect(play.news().at(-1)).toBe("ready");
  });

  test("says nothing any more after it was closed", async () => {
    const play = await ready();
    const { socket } = play;
    play.stream.close();
    socket.say(wrap(REPORT));
    await play.world.run(100_000_000);
    expect(play.news()).toEqual([]);
    expect(play.world.sockets).toHaveLength(1);
    expect(socket.isClosed).toBe(true);
  });
});
