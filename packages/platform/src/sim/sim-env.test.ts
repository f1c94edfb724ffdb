import { expect, test } from "vitest";
import { seededStream } from "./seeded-stream.ts";
import { SimClock, SimProcess } from "./sim-clock.ts";
import { SimDisk } from "./sim-disk.ts";
import { SimEnv } from "./sim-env.ts";
import { SimFiles } from "./sim-files.ts";

function world(seed = 1, name = "trader") {
  const clock = new SimClock({ seed, startUs: 5_000 });
  const process = new SimProcess(name);
  const files = new SimFiles(new SimDisk(seededStream(seed, "disk")));
  const exits: number[] = [];
  const env = new SimEnv({ clock, process, seed, files, onExit: (code) => exits.push(code) });
  return { clock, process, env, exits };
}

test("the clocks show virtual time; the wall clock may be wrong, the monotonic one is not", async () => {
  const { clock, env } = world();
  env.wallAheadUs = -3_600_000_000;
  await clock.run(6_000);
  expect([env.monoUs(), env.wallUs()]).toEqual([6_000, 6_000 - 3_600_000_000]);
});

test("sleep() ends in time, or with the reason of its signal", async () => {
  const { clock, env } = world();
  const told: string[] = [];
  const stop = new AbortController();
  void env.sleep(100).then(() => told.push(`slept until ${env.monoUs()}`));
  env.sleep(1_000, stop.signal).catch((error: unknown) => told.push(String(error)));
  env.sleep(10, AbortSignal.abort(new Error("before"))).catch((error: unknown) => told.push(String(error)));
  clock.after(500, () => stop.abort(new Error("enough")));
  await clock.run(10_000);
  expect(told).toEqual(["Error: before", "slept until 5100", "Error: enough"]);
});

test("random() goes on with the stream of a name, and unique ids repeat with the seed only", () => {
  const [a, b, other, sibling] = [world(7), world(7), world(8), world(7, "sentinel")];
  expect(a.env.random("net")).toBe(a.env.random("net"));
  expect(a.env.random("net").next()).toBe(b.env.random("net").next());
  const id = a.env.uniqueId();
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(b.env.uniqueId()).toBe(id);
  expect(new Set([id, a.env.uniqueId(), other.env.uniqueId(), sibling.env.uniqueId()]).size).toBe(4);
});

test("without a network a request fails unsent and a connection closes", async () => {
  const { clock, env } = world();
  const request = { method: "GET", url: "https://venue.test/time", headers: {}, timeoutUs: 1 } as const;
  await expect(env.http(request)).rejects.toMatchObject({ sent: "no" });
  const closes: number[] = [];
  env.webSocket("wss://venue.test", { onOpen: () => {}, onMessage: () => {}, onClose: (code) => closes.push(code) });
  await clock.run(6_000);
  expect(closes).toEqual([1006]);
});

test("signal() reaches who listens, and exit() ends the process", async () => {
  const { clock, env, process, exits } = world();
  const told: string[] = [];
  const stop = env.onSignal("SIGTERM", () => told.push("term"));
  env.signal("SIGTERM");
  env.signal("SIGINT");
  await clock.run(6_000);
  stop();
  env.signal("SIGTERM");
  env.timer(10, () => told.push("after the end"));
  env.exit(3);
  await clock.run(7_000);
  expect([told, exits, process.isAlive]).toEqual([["term"], [3], false]);
});
