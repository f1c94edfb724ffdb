import { describe, expect, test } from "vitest";
import { WORLD_START_US } from "../testing/venue-world.ts";
import { binanceFeed } from "./feed.ts";
import { MINUTE, Play } from "./local-play.ts";

describe("binanceFeed() with the local venue", () => {
  test("gives each closed bar once, in order, through cuts, silence, lost and doubled messages", async () => {
    const play = new Play();
    play.world.venue.start();
    const feed = binanceFeed(play.env);
    const history = await play.settle(feed.history("BTCUSDT", MINUTE, WORLD_START_US - 10 * MINUTE, WORLD_START_US + 10 * MINUTE));
    const opens = history.map((bar) => bar.openUs);
    play.world.venue.faults.on({ name: "kline-dropped", chance: 0.3 });
    play.world.venue.faults.on({ name: "market-duplicated", chance: 0.3 });
    feed.subscribe(["BTCUSDT"], MINUTE, {
      onBar: (bar) => opens.push(bar.openUs),
      onReady: () => play.told.push("ready"),
      onDoubt: () => play.told.push("doubt"),
      onUnreadable: (why) => play.told.push(`unreadable: ${why}`),
    });
    await play.world.run(2 * MINUTE);
    play.world.venue.disconnect("market");
    await play.world.run(2 * MINUTE);
    play.world.venue.silence("market");
    await play.world.run(6 * MINUTE);
    expect(opens.length).toBeGreaterThan(history.length + 8);
    expect(opens).toEqual(opens.map((_, k) => opens[0]! + k * MINUTE));
    expect(play.told).not.toContain("unreadable");
    expect(play.told.filter((line) => line.startsWith("unreadable"))).toEqual([]);
  });

  test("keeps a book that is the venue's own, through lost changes, crossed prices and cuts", async () => {
    const play = new Play();
    play.world.venue.start();
    const feed = binanceFeed(play.env);
    let changes = 0;
    const { book } = feed.subscribeBook("BTCUSDT", {
      onBook: () => {
        changes += 1;
      },
      onReady: () => play.told.push("ready"),
      onDoubt: (why) => play.told.push(`doubt: ${why}`),
      onUnreadable: (why) => play.told.push(`unreadable: ${why}`),
    });
    const agrees = async (): Promise<void> => {
      expect(book.isLive).toBe(true);
      const now = await play.settle(feed.depthSnapshot("BTCUSDT"));
      await play.world.run(200_000);
      // Only when nothing moved in between do both speak of the same instant; the market moves every second.
      expect(now.lastUpdateId).toBe(book.lastUpdateId);
      expect(book.top(20)).toEqual({ bids: now.bids.slice(0, 20), asks: now.asks.slice(0, 20) });
    };
    await play.world.run(MINUTE + 100_000);
    expect(play.told.splice(0)).toEqual(["ready"]);
    expect(changes).toBeGreaterThan(10);
    await agrees();

    play.world.venue.faults.on({ name: "depth-gap", times: 1 });
    await play.world.run(10_000_000);
    expect(play.told.splice(0)).toEqual(["doubt: changes of the book of BTCUSDT are missing", "ready"]);
    await agrees();

    play.world.venue.disconnect("market");
    await play.world.run(10_000_000);
    expect(play.told.splice(0)).toEqual([expect.stringContaining("doubt: the connection was closed"), "ready"]);
    await agrees();

    play.world.venue.outage(120_000_000);
    await play.world.run(110_000_000);
    expect(book.isLive).toBe(false);
    await play.world.run(60_000_000);
    expect(play.told.at(-1)).toBe("ready");
    await agrees();
  });
});
