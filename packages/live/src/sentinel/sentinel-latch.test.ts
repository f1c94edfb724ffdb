import { expect, test } from "vitest";
import { leaveWord } from "../runner/operator-inbox.ts";
import { LiveTown, TOWN_ACCOUNT } from "../testing/live-town.ts";
import { kindsOf, load, reasonOf, WATCHED, watchedTown } from "./watched-town.ts";

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

test("an unreadable latch halts: it is tripped in words that can be read, and what works is canceled", async () => {
  const town = await watchedTown();
  town.disk.find(`${TOWN_ACCOUNT}/latch/armed.json`)!.truncate(7);
  await town.run(0.5);
  expect(town.sentinelAlarms[0]).toMatch(/^the kill latch cannot be read: /);
  expect(town.working).toEqual([]);
});
