import { describe, expect, test } from "vitest";
import type { RawClient } from "../../testing/raw-client.ts";
import { LOCAL_KEY } from "../wire/api-key.ts";
import type { FaultRule } from "./fault-board.ts";
import { MINUTE_US, SECOND_US, worldWith } from "./faulty-world.ts";

describe("faults of the private stream", () => {
  async function eventsWith(...faults: FaultRule[]): Promise<{ kinds: string[]; socket: Awaited<ReturnType<RawClient["userSocket"]>> }> {
    const { world, client } = worldWith(...faults);
    const socket = await client.userSocket();
    await client.order({ side: "BUY", type: "MARKET", quantity: "1", newClientOrderId: "tp-1" });
    await world.run(MINUTE_US);
    return { kinds: socket.events.map((event) => event.x ?? event.e), socket };
  }

  test.each([
    ["fill-dropped", ["NEW", "outboundAccountPosition"]],
    ["event-dropped", []],
  ] as const)("%s leaves %j, and pings go on", async (name, kinds) => {
    const seen = await eventsWith({ name });
    expect(seen.kinds).toEqual(kinds);
    expect(seen.socket.pings).toBe(3);
  });

  test("event-duplicated repeats an event, at once or later", async () => {
    const atOnce = await eventsWith({ name: "event-duplicated", value: 2, after: 1, times: 1 });
    expect(atOnce.kinds).toEqual(["NEW", "TRADE", "TRADE", "TRADE", "outboundAccountPosition"]);
    const later = await eventsWith({ name: "event-duplicated", delayUs: 40 * SECOND_US, after: 1, times: 1 });
    expect(later.kinds).toEqual(["NEW", "TRADE", "outboundAccountPosition", "TRADE"]);
  });

  test("event-delayed lets later events overtake", async () => {
    const { kinds } = await eventsWith({ name: "event-delayed", delayUs: SECOND_US, times: 1 });
    expect(kinds).toEqual(["TRADE", "outboundAccountPosition", "NEW"]);
  });

  test("subscription-lost ends the events and nothing else", async () => {
    const { kinds, socket } = await eventsWith({ name: "subscription-lost", after: 1 });
    expect(kinds).toEqual(["NEW"]);
    expect(socket.pings).toBe(3);
    expect((await socket.ask("time")).status).toBe(200);
  });

  test.each([
    ["disconnect", { code: 1001, reason: "going away" }],
    ["disconnect-abrupt", { code: 1006, reason: "" }],
  ] as const)("%s ends the connection with %j", async (name, closed) => {
    const { socket } = await eventsWith({ name, after: 2, only: { stream: "user" } });
    expect(socket.closed).toEqual(closed);
  });

  test("socket-silent keeps pinging, socket-dead does not, and both stay open", async () => {
    const silent = await eventsWith({ name: "socket-silent", after: 1 });
    expect([silent.kinds, silent.socket.pings, silent.socket.closed]).toEqual([[], 3, undefined]);
    const dead = await eventsWith({ name: "socket-dead", after: 1 });
    expect([dead.kinds, dead.socket.pings, dead.socket.closed]).toEqual([[], 0, undefined]);
  });

  test("server-shutdown says so first", async () => {
    const { socket } = await eventsWith({ name: "server-shutdown", after: 1, times: 1, delayUs: 10 * SECOND_US });
    expect(socket.events.map((event) => event.e)).toContain("serverShutdown");
    expect(socket.closed).toEqual({ code: 1001, reason: "server shutdown" });
  });

  test("a key that is revoked ends its private stream with eventStreamTerminated", async () => {
    const { world, client } = worldWith();
    const socket = await client.userSocket();
    world.venue.revokeKey(LOCAL_KEY.key);
    await world.run(0);
    expect(socket.events.map((event) => event.e)).toEqual(["eventStreamTerminated"]);
  });
});

describe("faults of market data", () => {
  // biome-ignore lint/suspicious/noExplicitAny: messages as they come.
  async function market(stream: string, ...faults: FaultRule[]): Promise<any[]> {
    const { world, client } = worldWith(...faults);
    const socket = client.socket(`/ws/btcusdt@${stream}`);
    world.venue.start();
    await world.run(3 * MINUTE_US);
    return socket.messages;
  }

  test("market-dropped, market-duplicated and market-delayed do so to trades", async () => {
    const ids = (messages: { t: number }[]): number[] => messages.map((message) => message.t);
    const whole = ids(await market("trade"));
    expect(ids(await market("trade", { name: "market-dropped", after: 2, times: 1 }))).toEqual(whole.filter((_, i) => i !== 2));
    expect(ids(await market("trade", { name: "market-duplicated", after: 2, times: 1 }))).toEqual(
      whole.flatMap((id, i) => (i === 2 ? [id, id] : [id])),
    );
    const late = ids(await market("trade", { name: "market-delayed", after: 2, times: 1, delayUs: 6 * SECOND_US }));
    expect(late.slice(0, 5)).toEqual([whole[0], whole[1], whole[3], whole[2], whole[4]]);
  });

  test("depth-gap leaves out update ids", async () => {
    const changes = await market("depth@100ms", { name: "depth-gap", after: 3, times: 1 });
    const gaps = changes.filter((change, i) => i > 0 && change.U !== changes[i - 1].u + 1);
    expect(gaps).toHaveLength(1);
  });

  test("kline-dropped never says that a bar is over; kline-revised says it twice, differently", async () => {
    const dropped = (await market("kline_1m", { name: "kline-dropped", times: 1 })).filter((message) => message.k.x);
    expect(dropped).toHaveLength(2);
    const revised = (await market("kline_1m", { name: "kline-revised", times: 1 })).filter((message) => message.k.x);
    expect(revised).toHaveLength(4);
    expect(revised[0].k.t).toBe(revised[1].k.t);
    expect(revised[0].k.c).not.toBe(revised[1].k.c);
  });

  test("garbage-price puts in a price what is none; book-crossed swaps bid and ask", async () => {
    const trades = await market("trade", { name: "garbage-price", chance: 0.5 });
    const bad = trades.filter((trade) => typeof trade.p !== "string" || !(Number(trade.p) > 0 && Number(trade.p) < 1e6));
    expect(bad.length).toBeGreaterThan(5);
    expect(bad.length).toBeLessThan(trades.length);
    const quotes = await market("bookTicker", { name: "book-crossed", times: 2 });
    expect(quotes.filter((quote) => Number(quote.b) > Number(quote.a))).toHaveLength(2);
  });
});
