import { expect, test } from "vitest";
import { decodeHeartbeat } from "./heartbeat.ts";
import { BEAT, kindsOf, load, reasonOf, WATCHED, watchedTown } from "./watched-town.ts";

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

test("a session that was overtaken by another is not waited for", async () => {
  const town = await watchedTown();
  await town.until(town.runner.stop());
  await town.start({ loadStrategy: load }, WATCHED.replace('file = "strategy.ts"', 'file = "strategy.ts"\nname = "second"'));
  await town.run(3);
  expect(town.sentinel.sentinel.status).toMatchObject({ state: "watching", session: "second" });
  expect(town.sentinelAlarms).toEqual([]);
});
