import { buy, close, defineStrategy } from "@tradepulse/core";
import { expect, test } from "vitest";
import { LiveTown, loaderOf, TOWN_CONFIG } from "../testing/live-town.ts";

/** Five orders with every bar. */
const eager = defineStrategy({
  name: "eager",
  create: () => ({ onBar: () => Array.from({ length: 5 }, (_, k) => buy({ quantity: 0.3, limit: 40 + k })) }),
});

/** Buys, and wants to be rid of it with the next bar. */
const restless = defineStrategy({
  name: "restless",
  create: () => ({ onBar: (_bar, { position }) => (position.isFlat ? buy({ quantity: 1 }) : close()) }),
});

/** Trips the latch `us` after the next minute, and tells when it was on the disk. */
async function tripAfterBar(town: LiveTown, us: number): Promise<number> {
  const toMinute = 60e6 - (town.world.clock.nowUs % 60e6);
  await town.world.run(toMinute + us);
  return await town.latch(async (latch) => {
    await latch.trip("halted", "now", "ada");
    return town.world.clock.nowUs;
  });
}

test("an order that waits for submission_interval when the latch trips never leaves", async () => {
  const town = new LiveTown();
  await town.start({ loadStrategy: loaderOf(eager) }, TOWN_CONFIG.replace("[loop]", "[loop]\nsubmission_interval = 0.3"));
  await town.arm();
  await town.run(1.5);
  const latchedUs = await tripAfterBar(town, 400_000);
  await town.run(1);
  const placed = town.requests("place");
  expect(placed.length).toBeGreaterThan(5);
  expect(placed.filter((atUs) => atUs > latchedUs + 50_000)).toEqual([]);
});

test.each([
  ["a new one", eager],
  ["one that only reduces", restless],
])("an order that waits for fresh keys when the latch trips never leaves: %s", async (_which, strategy) => {
  const town = new LiveTown();
  let isSlow = false;
  const config = TOWN_CONFIG.replace(
    'required = ["API_KEY", "API_SECRET"]',
    'required = ["API_KEY", "API_SECRET"]\n  ttl = 1\n    [venues.credentials.secret_backend]\n    adapter = "vault"\n    path = "kv/binance"',
  );
  const bundle = async (): Promise<Record<string, string>> => {
    if (isSlow) await town.trader.env.sleep(700_000);
    return { API_KEY: "k".repeat(64), API_SECRET: "s".repeat(64) };
  };
  await town.start({ loadStrategy: loaderOf(strategy), secretBackends: { vault: bundle } }, config);
  await town.arm();
  await town.run(1.5);
  expect(town.requests("place").length).toBeGreaterThan(0);
  isSlow = true;
  const latchedUs = await tripAfterBar(town, 200_000);
  await town.run(1);
  expect(town.requests("place").filter((atUs) => atUs > latchedUs + 50_000)).toEqual([]);
});

test("a latch that trips at any moment of an order's way lets no byte of new risk leave later than 50 ms after", async () => {
  const town = new LiveTown();
  await town.start({ loadStrategy: loaderOf(eager) });
  await town.arm();
  await town.run(1.5);
  expect(town.requests("place").length).toBeGreaterThan(4);
  for (const us of [0, 1_000, 5_000, 12_000, 25_000, 40_000, 90_000]) {
    const latchedUs = await tripAfterBar(town, us);
    await town.run(0.5);
    expect(town.requests("place").filter((atUs) => atUs > latchedUs + 50_000)).toEqual([]);
    await town.arm();
    await town.run(0.1);
  }
});
