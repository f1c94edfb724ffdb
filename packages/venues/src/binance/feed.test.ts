import { type HttpResponse, TransportError } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import type { FeedHandlers } from "../port/market-feed.ts";
import { type BinanceFeed, binanceFeed } from "./feed.ts";
import { type ScriptedSocket, ScriptedWorld, START_US } from "./scripted-world.ts";

const MINUTE = 60_000_000;
const json = (value: unknown): Partial<HttpResponse> => ({ body: JSON.stringify(value) });

/** A row of `/klines` of the minute that opens `k` minutes after the start of the world. */
function row(k: number): unknown[] {
  const openMs = START_US / 1_000 + k * 60_000;
  return [openMs, "10.0", "12.0", "9.0", "11.0", `${k + 10_000}`, openMs + 59_999, "0", 1, "0", "0", "0"];
}

function kline(k: number, isClosed = true): unknown {
  const [t, o, h, l, c, v, T] = row(k);
  return {
    stream: "btcusdt@kline_1m",
    data: { e: "kline", E: T, s: "BTCUSDT", k: { t, T, s: "BTCUSDT", i: "1m", o, h, l, c, v, x: isClosed } },
  };
}

/** Rows that a venue with a bar for every minute since ever would give. */
function klinesOf(world: ScriptedWorld, query: URLSearchParams): unknown[] {
  const startMs = START_US / 1_000;
  const first = Math.ceil((Number(query.get("startTime")) - startMs) / 60_000);
  const last = Math.min(Math.floor((Number(query.get("endTime")) - startMs) / 60_000), Math.floor((world.venueMs - startMs) / 60_000));
  const rows: unknown[] = [];
  for (let k = first; k <= last && rows.length < Number(query.get("limit")); k += 1) rows.push(row(k));
  return rows;
}

class Play {
  readonly world = new ScriptedWorld();
  readonly told: string[] = [];
  readonly feed: BinanceFeed;
  /** Answers subscriptions; pings keep the connection alive. */
  isAnswering = true;

  constructor() {
    const { world } = this;
    world.http = (_request, query) => json(klinesOf(world, query));
    world.onSocket = (socket) => {
      socket.onSent = (message) => {
        if (this.isAnswering) socket.say({ result: null, id: message["id"] });
      };
      socket.handlers.onOpen();
      this.#ping(socket);
    };
    this.feed = binanceFeed(world.env);
  }

  subscribe(more: Partial<FeedHandlers> = {}): { readonly silentUs: number; close(): void } {
    const { told } = this;
    return this.feed.subscribe(["BTCUSDT"], MINUTE, {
      onBar: (bar) => told.push(`bar ${(bar.openUs - START_US) / MINUTE}`),
      onReady: () => told.push("ready"),
      onDoubt: (why) => told.push(`doubt: ${why}`),
      onUnreadable: (why) => told.push(`unreadable: ${why}`),
      ...more,
    });
  }

  get socket(): ScriptedSocket {
    return this.world.sockets.at(-1)!;
  }

  news(): string[] {
    return this.told.splice(0);
  }

  #ping(socket: ScriptedSocket): void {
    if (socket.isClosed) return;
    socket.handlers.onPing?.();
    this.world.clock.after(20_000_000, () => this.#ping(socket));
  }
}

describe("history()", () => {
  test("pages through bars, oldest first, and leaves out the one that is still forming", async () => {
    const { world, feed } = new Play();
    await world.run(30_000_000);
    const bars = await world.settle(feed.history("BTCUSDT", MINUTE, START_US - 2_500 * MINUTE, START_US + 10 * MINUTE));
    expect(bars).toHaveLength(2_500);
    expect(bars[0]).toEqual({
      symbol: "BTCUSDT",
      openUs: START_US - 2_500 * MINUTE,
      closeUs: START_US - 2_499 * MINUTE,
      open: "10.0",
      high: "12.0",
      low: "9.0",
      close: "11.0",
      volume: "7500",
    });
    expect(bars.at(-1)!.closeUs).toBe(START_US);
    expect(world.requests.filter(({ url }) => url.includes("/klines"))).toHaveLength(3);
  });

  test("asks again after a failure, five times, and then says what the venue answered", async () => {
    const { world, feed } = new Play();
    const answers = [new TransportError("cut", "maybe"), { status: 502, body: "<html>" }, { body: "[[1]]" }];
    const { http } = world;
    world.http = (request, query) => answers.shift() ?? http(request, query);
    expect(await world.settle(feed.history("BTCUSDT", MINUTE, START_US - 3 * MINUTE, START_US))).toHaveLength(3);
    world.http = () => ({ status: 500 });
    await expect(world.settle(feed.history("BTCUSDT", MINUTE, START_US - MINUTE, START_US))).rejects.toThrow(
      'TP_VENUE_HISTORY: Cannot read bars of "BTCUSDT" from "binance": status 500',
    );
    world.http = () => ({ status: 400, body: '{"code":-1121,"msg":"Invalid symbol."}' });
    await expect(world.settle(feed.history("NOPE", MINUTE, START_US - MINUTE, START_US))).rejects.toThrow("-1121 Invalid symbol.");
  });

  test("takes no bars that are out of order, outside of what was asked for, or contradict themselves", async () => {
    const bad = [[row(-1), row(-2)], [row(-2), row(-2)], [row(5)], [row(-9)], [[...row(-1).slice(0, 2), "9.5", ...row(-1).slice(3)]]];
    for (const rows of bad) {
      const { world, feed } = new Play();
      world.http = () => json(rows);
      await expect(world.settle(feed.history("BTCUSDT", MINUTE, START_US - 3 * MINUTE, START_US))).rejects.toThrow("TP_VENUE_HISTORY");
    }
  });

  test("knows the intervals of the venue", async () => {
    const { feed } = new Play();
    await expect(feed.history("BTCUSDT", 7 * MINUTE, 0, 1)).rejects.toThrow("Cannot read bars of 420 s");
  });
});

describe("subscribe()", () => {
  test("gives closed bars, each once, and continues the history that was read", async () => {
    const play = new Play();
    await play.world.run(30_000_000);
    await play.world.settle(play.feed.history("BTCUSDT", MINUTE, START_US - 3 * MINUTE, START_US + MINUTE));
    // Between the history and the subscription one more bar closes.
    await play.world.run(MINUTE);
    play.subscribe();
    await play.world.run(1_000_000);
    expect(play.socket.sent).toEqual([{ method: "SUBSCRIBE", params: ["btcusdt@kline_1m"], id: 1 }]);
    expect(play.news()).toEqual(["bar 0", "ready"]);
    await play.world.run(MINUTE);
    play.socket.say(kline(1, false));
    play.socket.say(kline(1));
    play.socket.say(kline(1));
    play.socket.say(kline(0));
    expect(play.news()).toEqual(["bar 1"]);
  });

  test("fetches what a lost message left out, before the bar that showed it, and is in doubt until then", async () => {
    const play = new Play();
    play.subscribe();
    await play.world.run(MINUTE + 500_000);
    play.socket.say(kline(0));
    expect(play.news()).toEqual(["ready", "bar 0"]);
    await play.world.run(MINUTE + 4_000_000);
    play.socket.say(kline(2));
    expect(play.news()).toEqual(["doubt: bars of BTCUSDT are missing"]);
    await play.world.run(1_000_000);
    expect(play.news()).toEqual(["bar 1", "bar 2", "ready"]);
  });

  test("catches up after a cut and is ready only then", async () => {
    const play = new Play();
    play.subscribe();
    await play.world.run(MINUTE + 500_000);
    play.socket.say(kline(0));
    play.news();
    play.isAnswering = false;
    play.socket.cut();
    await play.world.run(3 * MINUTE);
    expect(play.news()[0]).toBe("doubt: the connection was closed: 1006");
    play.isAnswering = true;
    await play.world.run(MINUTE);
    const news = play.news().filter((line) => !line.startsWith("doubt"));
    expect(news).toEqual(["bar 1", "bar 2", "bar 3", "ready"]);
  });

  test("finds out that a stream is stale although its connection lives, by the bar that it does not bring", async () => {
    const play = new Play();
    play.subscribe();
    await play.world.run(MINUTE + 500_000);
    play.socket.say(kline(0));
    play.news();
    await play.world.run(MINUTE + 6_000_000);
    expect(play.news()).toEqual(["bar 1", "doubt: a bar of BTCUSDT closed and the stream did not bring it", "ready"]);
    expect(play.world.sockets).toHaveLength(2);
  });

  test("does not take a venue without new bars for a stale stream", async () => {
    const play = new Play();
    play.subscribe();
    await play.world.run(MINUTE + 500_000);
    play.socket.say(kline(0));
    play.world.http = () => json([]);
    play.news();
    await play.world.run(10 * MINUTE);
    expect(play.news()).toEqual([]);
  });

  test("stays in doubt while missing bars cannot be fetched, and loses none of them", async () => {
    const play = new Play();
    const { http } = play.world;
    play.subscribe();
    await play.world.run(MINUTE + 500_000);
    play.socket.say(kline(0));
    await play.world.run(MINUTE);
    play.world.http = () => ({ status: 500 });
    play.socket.say(kline(2));
    play.news();
    await play.world.run(2 * MINUTE);
    expect(play.news().filter((line) => !line.startsWith("doubt"))).toEqual([]);
    play.world.http = http;
    await play.world.run(2 * MINUTE);
    const bars = play.news().filter((line) => line.startsWith("bar"));
    expect(bars.slice(0, 4)).toEqual(["bar 1", "bar 2", "bar 3", "bar 4"]);
  });

  test("gives quotes and trades when somebody wants them", async () => {
    const play = new Play();
    const seen: unknown[] = [];
    play.subscribe({ onQuote: (...quote) => seen.push(quote.slice(0, 5)), onTrade: (...trade) => seen.push(trade) });
    await play.world.run(1_000_000);
    expect(play.socket.sent[0]!["params"]).toEqual(["btcusdt@kline_1m", "btcusdt@bookTicker", "btcusdt@aggTrade"]);
    play.socket.say({ stream: "btcusdt@bookTicker", data: { u: 1, s: "BTCUSDT", b: "1.0", B: "2.0", a: "3.0", A: "4.0" } });
    play.socket.say({
      stream: "btcusdt@aggTrade",
      data: { e: "aggTrade", E: 1, s: "BTCUSDT", a: 7, p: "1.0", q: "2.0", f: 1, l: 2, T: 3, m: true },
    });
    expect(seen).toEqual([
      ["BTCUSDT", "1.0", "2.0", "3.0", "4.0"],
      ["BTCUSDT", 7, "1.0", "2.0", true, 3_000],
    ]);
  });

  test("counts what it cannot read, changes nothing, and goes on", async () => {
    const play = new Play();
    play.subscribe();
    await play.world.run(1_000_000);
    play.news();
    for (const message of [
      "{",
      "[]",
      "null",
      '{"stream":"btcusdt@kline_1m","data":{}}',
      '{"result":null,"id":99}',
      { stream: "ethusdt@kline_1m", data: {} },
    ])
      play.socket.say(message);
    play.socket.say({ stream: "btcusdt@kline_1m", data: { ...(kline(0) as { data: object }).data, s: "ETHUSDT" } });
    const news = play.news();
    expect(news).toHaveLength(7);
    expect(news.every((line) => line.startsWith("unreadable: "))).toBe(true);
    play.socket.say(kline(0));
    expect(play.news()).toEqual(["bar 0"]);
  });

  test("waits longer after each refused subscription and asks no more after it was closed", async () => {
    const play = new Play();
    play.world.onSocket = (socket) => {
      socket.onSent = (message) => socket.say({ error: { code: 2, msg: "Invalid request" }, id: message["id"] });
      socket.handlers.onOpen();
    };
    const subscription = play.subscribe();
    await play.world.run(120_000_000);
    const { length } = play.world.sockets;
    expect(length).toBeGreaterThan(5);
    expect(length).toBeLessThan(18);
    subscription.close();
    await play.world.run(120_000_000);
    expect(play.world.sockets).toHaveLength(length);
  });
});
