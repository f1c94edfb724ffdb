import { FailureError } from "@tradepulse/core";
import { expect, test } from "vitest";
import { LiveTown, TOWN_CONFIG } from "../testing/live-town.ts";

test.each([
  ["bars that the venue does not have", 'interval = "7m"', "TP_VENUE_INTERVAL"],
  ["capital that the account does not have", 'interval = "1m"', "TP_LIVE_CAPITAL"],
])("a start that fails for %s leaves nothing behind that runs", async (_name, interval, code) => {
  const town = new LiveTown();
  const capital = code === "TP_LIVE_CAPITAL" ? "capital = 1000000" : "capital = 1000";
  const config = TOWN_CONFIG.replace('interval = "1m"', interval).replace("capital = 1000", capital);
  await expect(town.start({}, config)).rejects.toThrow(code);
  let operations = 0;
  town.disk.onOperation = () => {
    operations += 1;
    return undefined;
  };
  const requests = town.world.venue.core.limits.used("127.0.0.1");
  await town.run(0.8);
  expect(operations).toBe(0);
  expect(town.world.venue.core.limits.used("127.0.0.1")).toBeLessThanOrEqual(requests);
  town.disk.onOperation = undefined;
  // What failed before anything was begun leaves no session that binds the next attempt.
  const { record } = await town.start();
  expect(record.capital).toBe(1_000);
});

test("a start that fails after its session was begun leaves nothing behind that runs", async () => {
  const town = new LiveTown();
  const first = await town.start();
  await town.until(town.runner.stop());
  await town.until(first.done);
  town.world.venue.core.faults.on({ name: "blocked", only: { path: "/api/v3/klines" } });
  await expect(town.start()).rejects.toThrow();
  let operations = 0;
  town.disk.onOperation = () => {
    operations += 1;
    return undefined;
  };
  await town.run(2);
  expect(operations).toBe(0);
});

test("a session that is asked to go on as another one says what changed, by name", async () => {
  const town = new LiveTown();
  const first = await town.start();
  await town.until(town.runner.stop());
  await town.until(first.done);
  await expect(town.start({}, TOWN_CONFIG.replace('interval = "1m"', 'interval = "5m"'))).rejects.toThrow(
    'Cannot go on with session "in-and-out": interval was 1m and is 5m; it must stay as the session began',
  );
});

test("a start says what to look at: a symbol that the venue does not know, keys that it refuses", async () => {
  const town = new LiveTown();
  const next = async (more: Parameters<LiveTown["start"]>[0], config = TOWN_CONFIG): Promise<string> => {
    const error = await town.start(more, config).catch((thrown: unknown) => thrown);
    if (!(error instanceof FailureError)) throw new Error("it started, or failed without a code");
    return error.failure.next;
  };
  expect(await next({}, TOWN_CONFIG.replace("BTC-USDT", "ETH-USDT"))).toContain("check the names of the instruments");
  const variables = { BINANCE_API_KEY: "wrong", BINANCE_API_SECRET: "wrong" };
  expect(await next({ surroundings: { folder: "/work", variables } })).toContain("check the keys");
});

test("a session on paper that cannot be armed leaves nothing behind that runs", async () => {
  const town = new LiveTown();
  town.disk.onOperation = ({ path }) => (path.includes("/latch/") ? "ENOSPC" : undefined);
  await expect(town.start({ mode: "paper" })).rejects.toThrow("TP_LATCH_WRITE");
  let operations = 0;
  town.disk.onOperation = () => {
    operations += 1;
    return undefined;
  };
  const used = town.world.venue.core.limits.used("127.0.0.1");
  await town.run(0.8);
  expect(operations).toBe(0);
  expect(town.world.venue.core.limits.used("127.0.0.1")).toBeLessThanOrEqual(used);
});
