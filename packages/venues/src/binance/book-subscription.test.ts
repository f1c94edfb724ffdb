import { expect, test } from "vitest";
import { binanceFeed } from "./feed.ts";
import { ScriptedWorld } from "./scripted-world.ts";

const SNAPSHOT = { lastUpdateId: 10, bids: [["99.00000000", "1.00000000"]], asks: [["101.00000000", "1.00000000"]] };

/** The book of one symbol at update 10, live, and what it tells. */
async function liveBook() {
  const world = new ScriptedWorld();
  let snapshot: object = SNAPSHOT;
  world.http = () => ({ status: 200, body: JSON.stringify(snapshot) });
  const told: string[] = [];
  const { book } = binanceFeed(world.env).subscribeBook("BTCUSDT", {
    onBook: () => told.push("changed"),
    onReady: () => told.push("ready"),
    onDoubt: () => told.push("doubt"),
    onUnreadable: () => told.push(`unreadable while ${book.isLive ? "live" : "in quarantine"}`),
  });
  await world.clock.run(world.clock.nowUs + 100_000);
  const socket = world.sockets[0]!;
  socket.onSent = (message) => socket.say({ result: null, id: message["id"] });
  socket.handlers.onOpen();
  await world.clock.run(world.clock.nowUs + 1_000_000);
  const change = (firstId: number, lastId: number, size: unknown): void =>
    socket.say({
      stream: "btcusdt@depth@100ms",
      data: { e: "depthUpdate", E: 1_767_225_600_000, s: "BTCUSDT", U: firstId, u: lastId, b: [["99.00000000", size]], a: [] },
    });
  return {
    book,
    told,
    change,
    say: (text: string) => socket.say(text),
    snapshotIs: (next: object) => {
      snapshot = next;
    },
    settle: () => world.clock.run(world.clock.nowUs + 2_000_000),
  };
}

test.each([
  ["a figure that is none", (book: Awaited<ReturnType<typeof liveBook>>) => book.change(11, 11, "NaN")],
  ["half of its text", (book: Awaited<ReturnType<typeof liveBook>>) => book.say('{"stream":"btcusdt@depth@100ms","data":{"e":"depthUp')],
])("a change with %s puts the book in quarantine at once, and a snapshot makes it whole again", async (_, spoil) => {
  const live = await liveBook();
  expect(live.book.isLive).toBe(true);
  live.snapshotIs({ ...SNAPSHOT, lastUpdateId: 11, bids: [["99.00000000", "7.00000000"]] });
  live.told.length = 0;
  spoil(live);
  expect(live.told).toEqual(["unreadable while in quarantine", "doubt"]);
  await live.settle();
  expect(live.book.isLive).toBe(true);
  expect(live.book.top(1).bids).toEqual([["99.00000000", "7.00000000"]]);
});
