import { buy, close, defineStrategy, FailureError, formatFailure } from "@tradepulse/core";
import { SimEnv, SimFiles, SimProcess } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { RecordReader } from "../journal/record-reader.ts";
import { openKillLatch } from "../latch/kill-latch.ts";
import { inAndOut, LiveTown, MINUTE_US, TOWN_CONFIG, TOWN_KEY } from "../testing/live-town.ts";
import { recordedOptions } from "./build-engine.ts";
import { leaveWord } from "./operator-inbox.ts";
import { replaySession } from "./replay-session.ts";

test("a live session starts halted and sends nothing until a person has armed it", async () => {
  const town = new LiveTown();
  await town.start();
  await town.run(5);
  expect(town.lastStatus).toMatchObject({ tradingState: "halted", fills: 0 });
  expect(town.orders).toEqual([]);
  await town.arm();
  await town.run(3);
  expect(town.lastStatus).toMatchObject({ tradingState: "enabled", fills: 1 });
  expect(town.orders).toHaveLength(1);
});

test("a session that was killed recovers what it held, sends no order twice, and its journal replays bit for bit", async () => {
  const town = new LiveTown();
  const { folder, record } = await town.start();
  await town.arm();
  // Killed at odd moments, through several round trips.
  for (const minutes of [3.01, 2.5, 4.98, 6.003]) {
    await town.run(minutes);
    town.crash();
    await town.run(0.4);
    await town.start();
  }
  await town.run(8);
  expect(town.lastStatus!.fills).toBeGreaterThan(3);
  await town.until(town.runner.stop());
  const replayed = await town.until(replaySession(town.man("replay").env, folder, record, inAndOut(), recordedOptions));
  expect(replayed.divergences).toEqual([]);
  // The venue keeps its fee in coins when it is a buy.
  const held = town.world.venue.ledger
    .tradesOf("main")
    .reduce(
      (sum, { side, quantity, fee, feeAsset }) => sum + (side === "BUY" ? quantity : -quantity) - (feeAsset === "BTC" ? fee : 0n),
      0n,
    );
  expect(BigInt(replayed.built.engine.account.signedLots(0))).toBe(held);
  // One order at the venue for every intent, and none of them open.
  const intents = replayed.records.filter(({ kind }) => kind === "intent").map(({ payload }) => (payload as { clientId: string }).clientId);
  expect(town.orders.filter((id) => !intents.includes(id))).toEqual([]);
  expect(new Set(town.orders).size).toBe(town.orders.length);
});

test("a word to flatten closes the position, and a halted session opens none anew", async () => {
  const town = new LiveTown();
  const { folder } = await town.start();
  await town.arm();
  await town.run(2.5);
  expect(town.lastStatus!.positions[0]!.quantity).toBe(0.999);
  const env = new SimEnv({ clock: town.world.clock, process: new SimProcess("operator"), seed: 5, files: new SimFiles(town.disk) });
  const latch = await town.until(openKillLatch({ env, folder: "/state/binance-test/latch" }));
  await town.until(latch.trip("halted", "drill", "ada"));
  await town.until(leaveWord(env, folder, { action: "flatten", reason: "drill", by: "ada" }));
  await town.run(3);
  expect(town.lastStatus).toMatchObject({ tradingState: "halted", fills: 2 });
  expect(town.lastStatus!.positions[0]!.quantity).toBe(0);
});

test("SIGUSR2 halts, and the halt outlives the process", async () => {
  const town = new LiveTown();
  await town.start();
  await town.arm();
  await town.run(1.5);
  (town.runner as unknown as { env: SimEnv }).env.signal("SIGUSR2");
  await town.run(0.1);
  expect(town.alarms).toContain("trading is halted: SIGUSR2 (operator)");
  await town.until(town.runner.stop());
  await town.start();
  await town.run(2);
  expect(town.lastStatus!.tradingState).toBe("halted");
});

test("an order far over its limit halts trading at once", async () => {
  const town = new LiveTown();
  await town.start({}, TOWN_CONFIG.replace("max_notional = 500", "max_notional = 50"));
  await town.arm();
  await town.run(3);
  expect(town.alarms.join("\n")).toContain('an order was over its limit "max-order-notional" by a factor of 2');
  expect(town.lastStatus!.tradingState).toBe("halted");
  expect(town.orders).toEqual([]);
});

test("a graceful stop cancels what works at the venue and ends the leadership in order", async () => {
  const resting = defineStrategy({
    name: "resting",
    create: () => ({ onBar: (_bar, { orders }) => (orders.length === 0 ? buy({ quantity: 1, limit: 50 }) : undefined) }),
  });
  const town = new LiveTown();
  const { done } = await town.start({ loadStrategy: async (path) => ({ strategy: resting, path, codeDigest: "sha256:x", modules: [] }) });
  await town.arm();
  await town.run(2.5);
  const states = (): string[] => town.world.venue.ledger.ordersOf("main").map((order) => order.status);
  expect(states()).toEqual(["NEW"]);
  await town.until(town.runner.stop());
  expect(states()).toEqual(["CANCELED"]);
  expect(await town.until(done)).toMatchObject({ why: "stopped" });
  const epoch = new TextDecoder().decode(await new SimFiles(town.disk).read("/state/binance-test/leader/epoch.json"));
  expect(JSON.parse(epoch)).toMatchObject({ epoch: 1, isReleased: true });
});

test("one account has one leader: a second process is refused while the first one runs", async () => {
  const town = new LiveTown();
  await town.start();
  await expect(town.start()).rejects.toThrow("TP_LEADER_HELD");
});

test("paper mode trades the venue's bars without keys and sends nothing", async () => {
  const town = new LiveTown();
  const { folder, record, done } = await town.start({ mode: "paper", surroundings: { folder: "/work", variables: {} } });
  await town.run(8);
  expect(town.lastStatus).toMatchObject({ tradingState: "enabled" });
  expect(town.lastStatus!.fills).toBeGreaterThan(0);
  expect(town.orders).toEqual([]);
  await town.until(town.runner.stop());
  const { runHash } = await town.until(done);
  const replayed = await town.until(replaySession(town.man("replay").env, folder, record, inAndOut(), recordedOptions));
  expect(replayed.runHash).toBe(runHash);
});

test.each([
  ["sandbox = false", undefined, "its sandbox is off, and no account was named for real money"],
  ["sandbox = false", "main", 'account "main" was named for real money, and the configuration names none'],
  ['sandbox = false\naccount = "main"', "other", 'account "other" was named for real money, and the configuration names "main"'],
  ['account = "main"', "main", 'account "main" was named for real money, and sandbox is on'],
])("real money needs everything that says so: %s with %s", async (lines, realMoney, why) => {
  const town = new LiveTown();
  const config = TOWN_CONFIG.replace('name = "binance"', `name = "binance"\n${lines}`);
  const error = await town.start(realMoney === undefined ? {} : { realMoney }, config).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FailureError);
  expect(formatFailure((error as FailureError).failure)).toContain(why);
});

test("a session does not go on as something else", async () => {
  const town = new LiveTown();
  await town.start();
  await town.until(town.runner.stop());
  await expect(town.start({}, TOWN_CONFIG.replace('interval = "1m"', 'interval = "5m"'))).rejects.toThrow("TP_LIVE_SESSION_CHANGED");
});

test("a rotated key is fetched before the next call", async () => {
  const town = new LiveTown();
  let isRotated = false;
  const next = { ...TOWN_KEY, key: "n".repeat(64), secret: "t".repeat(64) };
  const config = TOWN_CONFIG.replace(
    'required = ["API_KEY", "API_SECRET"]',
    'required = ["API_KEY", "API_SECRET"]\n    [venues.credentials.secret_backend]\n    adapter = "vault"\n    path = "kv/binance"',
  );
  const bundle = (): Record<string, string> =>
    isRotated ? { API_KEY: next.key, API_SECRET: next.secret } : { API_KEY: TOWN_KEY.key, API_SECRET: TOWN_KEY.secret };
  await town.start({ secretBackends: { vault: bundle } }, config);
  await town.arm();
  await town.run(2.5);
  expect(town.lastStatus!.fills).toBe(1);
  const keys = town.world.venue.core.keys as Map<string, { readonly key: string }>;
  keys.set(next.key, next);
  keys.delete(TOWN_KEY.key);
  isRotated = true;
  await town.run(8);
  expect(town.lastStatus!.fills).toBeGreaterThan(2);
  expect(JSON.stringify(town.news)).not.toMatch(/k{64}|s{64}|n{64}|t{64}/);
});

test("a rest below the order step, left by a fee in coins, is no position: the next round trip begins", async () => {
  const town = new LiveTown();
  // 1.23456 coins less a fee of one per mille are no whole number of steps.
  const odd = defineStrategy({
    name: "odd-sizes",
    create: () => ({ onBar: (_bar, { position }) => (position.isFlat ? buy({ quantity: 1.23456 }) : close()) }),
  });
  await town.start({ loadStrategy: async (path) => ({ strategy: odd, path, codeDigest: "sha256:x", modules: [] }) });
  await town.arm();
  await town.run(8);
  expect(town.lastStatus!.fills).toBeGreaterThan(4);
});

test("a start on a full disk is refused in words, and the session goes on once there is room", async () => {
  const town = new LiveTown();
  await town.start();
  town.crash();
  town.disk.onOperation = ({ kind, path }) => (kind === "write" && path.startsWith("/state/") ? "ENOSPC" : undefined);
  await expect(town.start()).rejects.toThrow("TP_LIVE_STATE");
  town.disk.onOperation = undefined;
  await town.start();
  await town.run(2);
  expect(town.lastStatus).toMatchObject({ tradingState: "halted" });
});

test("a process whose last order is unknown when it stops ends all the same, and leaves the next leader to wait", async () => {
  const town = new LiveTown();
  const { done } = await town.start();
  await town.arm();
  // No answer comes, whatever is asked, and the private stream tells of the order too late.
  town.world.venue.faults.on({ name: "response-lost" });
  town.world.venue.faults.on({ name: "event-delayed", delayUs: MINUTE_US });
  await town.run(1.05);
  await town.until(town.runner.stop());
  expect(await town.until(done)).toMatchObject({ why: "stopped" });
  const epoch = new TextDecoder().decode(await new SimFiles(town.disk).read("/state/binance-test/leader/epoch.json"));
  expect(JSON.parse(epoch)).toMatchObject({ epoch: 1, isReleased: false });
  await expect(town.until(new SimFiles(town.disk).lock("/state/binance-test/leader/leader.lock"))).resolves.toBeDefined();
});

test("a journal cut between a bar and its commands goes on bit for bit: the commands are recorded before anything else", async () => {
  const town = new LiveTown();
  const { folder, record } = await town.start();
  await town.arm();
  town.world.venue.faults.on({ name: "request-lost", only: { method: "POST" } });
  await town.run(1.05);
  town.crash();
  // As a disk does that has room for a part of a batch.
  const files = new SimFiles(town.disk);
  const [name] = await files.list(`${folder}/journal`);
  const reader = new RecordReader(await files.read(`${folder}/journal/${name}`), 1, name!);
  let cutAt = 0;
  while (reader.next() && reader.record().kind !== "command") cutAt = reader.offset;
  const handle = await files.open(`${folder}/journal/${name}`);
  await handle.truncate(cutAt);
  await handle.close();
  town.world.venue.faults.off();
  await town.start();
  await town.run(3);
  town.crash();
  await town.start();
  await town.run(2);
  expect(town.alarms.filter((text) => text.includes("decided otherwise"))).toEqual([]);
  expect(town.lastStatus!.fills).toBeGreaterThan(0);
  await town.until(town.runner.stop());
  const replayed = await town.until(replaySession(town.man("replay").env, folder, record, inAndOut(), recordedOptions));
  expect(replayed.divergences).toEqual([]);
});
