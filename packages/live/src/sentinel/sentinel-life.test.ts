import { expect, test } from "vitest";
import { LiveTown, SENTINEL_KEY, sentinelVariables, TOWN_CONFIG } from "../testing/live-town.ts";
import { load, reasonOf, WATCHED, watchedTown } from "./watched-town.ts";

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

test("an account has one sentinel", async () => {
  const town = new LiveTown();
  await town.guard();
  await expect(town.guard()).rejects.toThrow("TP_SENTINEL_HELD");
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

test("a sentinel without its keys does not start", async () => {
  const town = new LiveTown();
  await expect(town.guard(WATCHED, {})).rejects.toThrow("TP_LIVE_SECRET_MISSING");
  await expect(town.guard(TOWN_CONFIG, sentinelVariables)).rejects.toThrow("TP_SENTINEL_NONE");
});
