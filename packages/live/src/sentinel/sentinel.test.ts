import { RawClient } from "@tradepulse/venues/testing";
import { expect, test } from "vitest";
import { leaveWord } from "../runner/operator-inbox.ts";
import {
  LiveTown,
  loaderOf,
  resting,
  SENTINEL_KEY,
  SENTINEL_SECTION,
  sentinelVariables,
  TOWN_ACCOUNT,
  TOWN_CONFIG,
  TOWN_KEY,
} from "../testing/live-town.ts";
import { readEvidenceFolder } from "./evidence-log.ts";
import { decodeHeartbeat, HEARTBEAT_NAME } from "./heartbeat.ts";

const BEAT = `${TOWN_ACCOUNT}/resting/${HEARTBEAT_NAME}`;
const WATCHED = TOWN_CONFIG + SENTINEL_SECTION;
const load = loaderOf(resting);

/** A trader with orders at work, and a sentinel that watches it. */
async function watchedTown(config = WATCHED): Promise<LiveTown> {
  const town = new LiveTown();
  await town.guard(config);
  await town.start({ loadStrategy: load }, config);
  await town.arm();
  await town.run(3.2);
  expect(town.working.length).toBeGreaterThan(1);
  expect(town.sentinelAlarms).toEqual([]);
  return town;
}

async function reasonOf(town: LiveTown): Promise<readonly [string, string, string]> {
  return await town.latch(({ current }) => [current.state, current.by, current.reason] as const);
}

async function kindsOf(town: LiveTown): Promise<string[]> {
  const records = await readEvidenceFolder(town.man("reader").env, `${TOWN_ACCOUNT}/sentinel`);
  return records.map(({ kind }) => kind);
}

test("a trader that was killed is halted on the disk first, then its orders are canceled, and its next life stays halted", async () => {
  const town = await watchedTown();
  town.crash();
  await town.run(0.35);
  expect(town.working.length).toBeGreaterThan(1);
  await town.run(1);
  expect(town.working).toEqual([]);
  expect(await reasonOf(town)).toEqual([
    "halted",
    "sentinel",
    expect.stringMatching(/^session "resting" gave no sign of life for 3\d s, allowed are 30 s/),
  ]);
  const kinds = await kindsOf(town);
  expect(kinds.indexOf("latched")).toBeGreaterThan(0);
  expect(kinds.indexOf("latched")).toBeLessThan(kinds.indexOf("cancel"));
  expect(kinds).toContain("swept");
  expect(town.sentinelAlarms.join("\n")).toMatch(/no order works at the venue any more: [1-9] or more were canceled; positions stay/);
  const sent = town.requests("place").length;
  await town.start({ loadStrategy: load }, WATCHED);
  await town.run(3);
  expect(town.lastStatus!.tradingState).toBe("halted");
  expect(town.requests("place").length).toBe(sent);
});

test("a trader whose loop is stuck is halted, and sends nothing new when it goes on", async () => {
  const town = await watchedTown();
  town.trader.process.pause();
  await town.run(1.5);
  expect(town.working).toEqual([]);
  const sent = town.requests("place").length;
  town.trader.process.resume();
  await town.run(3);
  expect(town.requests("place").length).toBe(sent);
  expect(town.lastStatus!.tradingState).toBe("halted");
  // It learned that its orders are gone, and beats again: the latch stays.
  expect(town.lastStatus!.openOrders).toBe(0);
  expect((await reasonOf(town))[0]).toBe("halted");
  expect(await kindsOf(town)).toEqual(expect.arrayContaining(["latched", "swept", "passed"]));
});

test("an engaged latch never makes a trader look dead, however long", async () => {
  const town = await watchedTown(WATCHED.replace("[sentinel]", '[sentinel]\non_halt = "alarm"'));
  await town.latch((latch) => latch.trip("halted", "lunch", "ada"));
  await town.run(10);
  expect(await reasonOf(town)).toEqual(["halted", "ada", "lunch"]);
  expect(town.working.length).toBeGreaterThan(1);
  expect(town.sentinelAlarms).toEqual([expect.stringMatching(/^\d orders work at the venue while trading is halted \(lunch\)/)]);
});

test("orders that work under a tripped latch longer than the grace are canceled, though the trader lives", async () => {
  const town = await watchedTown();
  await town.latch((latch) => latch.trip("halted", "lunch", "ada"));
  await town.run(0.4);
  expect(town.working.length).toBeGreaterThan(1);
  await town.run(0.5);
  expect(town.working).toEqual([]);
  expect(await reasonOf(town)).toEqual(["halted", "ada", "lunch"]);
});

test("a halt under which nothing works is no alarm", async () => {
  const town = await watchedTown();
  await town.latch((latch) => latch.trip("halted", "lunch", "ada"));
  await town.until(leaveWord(town.man("operator").env, `${TOWN_ACCOUNT}/resting`, { action: "cancel-all", reason: "lunch", by: "ada" }));
  await town.run(3);
  expect(town.working).toEqual([]);
  expect(town.sentinelAlarms).toEqual([]);
});

test("keep-stops leaves stops that sell and cancels the rest", async () => {
  const config = WATCHED.replace("[sentinel]", '[sentinel]\naction = "keep-stops"');
  const town = await watchedTown(config);
  const hand = new RawClient(town.world, TOWN_KEY, "10.0.0.9");
  const stop = { side: "SELL", type: "STOP_LOSS_LIMIT", timeInForce: "GTC", quantity: "1", price: "49", stopPrice: "50" };
  expect((await hand.order({ ...stop, newClientOrderId: "hand-stop" })).status).toBe(200);
  town.crash();
  await town.run(1.5);
  expect(town.working).toEqual(["hand-stop"]);
  expect(town.sentinelAlarms.join("\n")).toContain("1 stops that sell were left");
});

test("a restart storm within the timeout is left alone; a trader that never gets to its beats is not", async () => {
  const town = await watchedTown();
  for (let life = 0; life < 4; life += 1) {
    town.crash();
    await town.run(0.1);
    await town.start({ loadStrategy: load }, WATCHED);
    await town.run(0.3);
  }
  expect(town.sentinelAlarms).toEqual([]);
  expect((await reasonOf(town))[0]).toBe("enabled");
  for (let life = 0; life < 3; life += 1) {
    town.crash();
    void town.start({ loadStrategy: load }, WATCHED).catch(() => undefined);
    await town.run(0.18);
  }
  town.crash();
  await town.run(1);
  expect(town.working).toEqual([]);
  expect((await reasonOf(town))[0]).toBe("halted");
});

test("a torn sign of life is no sign of life", async () => {
  const town = await watchedTown();
  town.disk.onOperation = ({ kind, path }) => {
    if (kind === "rename" && path === BEAT) void Promise.resolve().then(() => town.disk.find(BEAT)?.truncate(20));
    return undefined;
  };
  await town.run(1.5);
  expect(town.working).toEqual([]);
  expect((await reasonOf(town))[2]).toContain("and what it wrote last cannot be read");
});

test("steps of the wall clock on either side are nobody's death", async () => {
  const town = await watchedTown();
  for (const ahead of [3_600e6, -86_400e6, 7e6, 0]) {
    town.watcher.env.wallAheadUs = ahead;
    await town.run(1.3);
  }
  expect(town.sentinelAlarms.filter((text) => !text.includes("could not cancel"))).toEqual([]);
  town.trader.env.wallAheadUs = -400e6;
  await town.run(1);
  town.trader.env.wallAheadUs = 400e6;
  await town.run(1);
  expect((await reasonOf(town))[1]).not.toBe("sentinel");
});

test("time in which the sentinel itself stood still is not held against the trader", async () => {
  const town = await watchedTown();
  town.watcher.process.pause();
  await town.run(5);
  town.watcher.process.resume();
  await town.run(2);
  expect(town.sentinelAlarms).toEqual([]);
  expect((await reasonOf(town))[0]).toBe("enabled");
});

test("a disk that takes no latch does not keep orders at the venue, and the latch is written when there is room", async () => {
  const town = await watchedTown();
  town.disk.onOperation = ({ kind, path }) => (kind === "write" && path.startsWith(TOWN_ACCOUNT) ? "ENOSPC" : undefined);
  town.trader.process.pause();
  await town.run(1.5);
  expect(town.working).toEqual([]);
  expect(town.sentinelAlarms.join("\n")).toContain('Cannot latch trading state "halted"');
  expect((await reasonOf(town))[0]).toBe("enabled");
  town.disk.onOperation = undefined;
  await town.run(0.1);
  expect(await reasonOf(town)).toEqual(["halted", "sentinel", expect.any(String)]);
  const sent = town.requests("place").length;
  town.trader.process.resume();
  await town.run(2);
  expect(town.requests("place").length).toBe(sent);
  expect(await kindsOf(town)).toEqual(expect.arrayContaining(["not-latched", "cancel", "swept"]));
});

test("a venue that is away for minutes is asked until it is back; then everything is canceled", async () => {
  const town = await watchedTown();
  town.world.venue.outage(6 * 60e6);
  town.crash();
  await town.run(5.5);
  expect((await reasonOf(town))[1]).toBe("sentinel");
  expect(town.working.length).toBeGreaterThan(1);
  expect(town.sentinelAlarms.join("\n")).toContain("times in vain");
  expect(town.sentinelAlarms.join("\n")).not.toContain("no order works");
  await town.run(1.5);
  expect(town.working).toEqual([]);
});

test("silence that the venue asks for is kept to its end, then everything is canceled", async () => {
  const town = await watchedTown();
  town.world.venue.faults.on({ name: "rate-limited", times: 1, only: { method: "DELETE", path: "/api/v3/openOrders" } });
  town.crash();
  await town.run(4);
  expect(town.working).toEqual([]);
  expect(town.sentinelAlarms.join("\n")).toContain("the venue asks for silence");
  expect(town.world.venue.limits.bansGiven).toBe(0);
});

test("cancels whose answers are lost, or are untrue, are repeated until the orders are gone", async () => {
  const town = await watchedTown();
  town.world.venue.faults.on({ name: "cancel-forged", times: 3 });
  town.world.venue.faults.on({ name: "response-lost", times: 2, only: { method: "DELETE" } });
  town.crash();
  await town.run(4);
  expect(town.working).toEqual([]);
  expect(await kindsOf(town)).toContain("swept");
});

test("nothing is canceled before the halt is on the disk, however slow that is", async () => {
  const town = new LiveTown();
  await town.start({ loadStrategy: load }, WATCHED);
  await town.arm();
  await town.run(3.2);
  town.diskUs = 40_000;
  await town.guard();
  await town.run(1);
  town.crash();
  let latchedUs = 0;
  town.disk.onOperation = ({ kind, path }) => {
    if (kind === "rename" && path.includes("/latch/trip-")) latchedUs = town.world.clock.nowUs;
    return undefined;
  };
  await town.run(2);
  expect(latchedUs).toBeGreaterThan(0);
  expect(town.requests("cancel-all")[0]).toBeGreaterThan(latchedUs);
  expect(town.working).toEqual([]);
});

test("an order that was on its way when the trader died is waited for: nothing enters once the sentinel says that nothing works", async () => {
  const town = await watchedTown();
  // Into the second before a bar, whose orders then pass the venue's gate and enter its engine nine seconds later.
  await town.world.run(60e6 - (town.world.clock.nowUs % 60e6) - 25e6);
  town.world.venue.faults.on({ name: "engine-delay", delayUs: 9e6, only: { method: "POST" } });
  const before = town.orders.length;
  town.disk.onOperation = ({ path }) => (path.startsWith(BEAT) && !path.endsWith(".json") ? "EIO" : undefined);
  await town.run(2.5);
  expect(town.orders.length).toBeGreaterThan(before);
  expect(town.working).toEqual([]);
  const kinds = await kindsOf(town);
  expect(kinds.slice(kinds.indexOf("swept"))).not.toContain("working");
});

test("a trader that says that it has failed is acted upon at once, though it beats", async () => {
  const town = await watchedTown();
  const bytes = await town.man("reader").env.files.read(BEAT);
  const { epoch } = decodeHeartbeat(bytes)!;
  expect(epoch).toBe(1);
  town.world.venue.faults.on({ name: "request-lost", only: { method: "DELETE" }, times: 3 });
  town.disk.onOperation = ({ kind, path }) => (kind === "sync" && path.includes("/journal/") ? "EIO" : undefined);
  await town.run(2);
  expect(town.sentinelAlarms[0]).toMatch(/^session "resting" has failed: /);
  expect(town.working).toEqual([]);
  expect((await reasonOf(town))[0]).toBe("halted");
});

test("an unreadable latch halts: it is tripped in words that can be read, and what works is canceled", async () => {
  const town = await watchedTown();
  town.disk.find(`${TOWN_ACCOUNT}/latch/armed.json`)!.truncate(7);
  await town.run(0.5);
  expect(town.sentinelAlarms[0]).toMatch(/^the kill latch cannot be read: /);
  expect(town.working).toEqual([]);
});

test("a trader that stopped in order is nobody's death, whatever it left at the venue on purpose", async () => {
  const town = await watchedTown(WATCHED.replace("[loop]", '[loop]\non_stop = "keep"'));
  await town.until(town.runner.stop());
  await town.run(5);
  expect(town.working.length).toBeGreaterThan(1);
  expect(town.sentinelAlarms).toEqual([]);
});

test("a stop that could not cancel its orders says so, and the sentinel does it", async () => {
  const town = await watchedTown();
  town.world.venue.outage(60e6);
  await town.until(town.runner.stop());
  await town.run(3);
  expect(town.sentinelAlarms[0]).toMatch(/^session "resting" has failed: it ended with/);
  expect(town.working).toEqual([]);
});

test("a sentinel starts before any trader, restarts at any time, and finds a trader that died while it was away", async () => {
  const town = new LiveTown();
  await town.guard();
  await town.run(3);
  expect(town.sentinelAlarms).toEqual([]);
  expect(town.sentinel.sentinel.status.state).toBe("waiting");
  await town.start({ loadStrategy: load }, WATCHED);
  await town.arm();
  await town.run(3);
  expect(town.sentinel.sentinel.status.state).toBe("watching");
  town.crash(town.watcher);
  await town.run(0.2);
  town.crash();
  await town.run(5);
  expect(town.working.length).toBeGreaterThan(1);
  await town.guard();
  await town.run(1.5);
  expect(town.working).toEqual([]);
  expect((await reasonOf(town))[1]).toBe("sentinel");
});

test("a sentinel that is killed in the middle of canceling is gone on with by the next", async () => {
  const town = await watchedTown();
  town.world.venue.outage(90e6);
  town.crash();
  await town.run(0.7);
  town.crash(town.watcher);
  await town.run(0.2);
  await town.guard();
  await town.run(3);
  expect(town.working).toEqual([]);
});

test("an account has one sentinel", async () => {
  const town = new LiveTown();
  await town.guard();
  await expect(town.guard()).rejects.toThrow("TP_SENTINEL_HELD");
});

test("a session that was overtaken by another is not waited for", async () => {
  const town = await watchedTown();
  await town.until(town.runner.stop());
  await town.start({ loadStrategy: load }, WATCHED.replace('file = "strategy.ts"', 'file = "strategy.ts"\nname = "second"'));
  await town.run(3);
  expect(town.sentinel.sentinel.status).toMatchObject({ state: "watching", session: "second" });
  expect(town.sentinelAlarms).toEqual([]);
});

test("a trader whose sentinel dies says so; told to refuse, it takes no new risk until it is back", async () => {
  const config = WATCHED.replace("[sentinel]", '[sentinel]\nwhen_away = "refuse"').replace(
    "fill_poll",
    "heartbeat_interval = 2\nfill_poll",
  );
  const town = await watchedTown(config);
  town.crash(town.watcher);
  await town.run(1);
  expect(town.alarms).toContain("the sentinel gives no sign of life: nobody watches this trader");
  const sent = town.requests("place").length;
  await town.run(3);
  expect(town.requests("place").length).toBe(sent);
  await town.guard(config);
  await town.run(2.5);
  expect(town.alarms).toContain("the sentinel is back");
  expect(town.requests("place").length).toBeGreaterThan(sent);
});

test("a sentinel whose keys are no good says so, and its trader does too", async () => {
  const town = new LiveTown();
  town.world.venue.revokeKey(SENTINEL_KEY.key);
  await town.guard();
  await town.start({ loadStrategy: load }, WATCHED);
  await town.run(1);
  expect(town.sentinelAlarms[0]).toMatch(/^the sentinel could not cancel if it had to: .*-2015/);
  expect(town.alarms.join("\n")).toContain("the sentinel could not cancel if it had to: ");
  expect(JSON.stringify([town.news, town.sentinelNews])).not.toMatch(/w{64}|v{64}/);
});

test("a sentinel never asks for an order", async () => {
  const town = await watchedTown();
  const traderSent = town.requests("place").length;
  town.crash();
  await town.run(10);
  expect(town.requests("place").length).toBe(traderSent);
  await town.stopSentinel();
  const evidence = await kindsOf(town);
  expect(evidence.at(-1)).toBe("stop");
});

test("a sentinel without its keys does not start", async () => {
  const town = new LiveTown();
  await expect(town.guard(WATCHED, {})).rejects.toThrow("TP_LIVE_SECRET_MISSING");
  await expect(town.guard(TOWN_CONFIG, sentinelVariables)).rejects.toThrow("TP_SENTINEL_NONE");
});
