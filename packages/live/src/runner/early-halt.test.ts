import { expect, test } from "vitest";
import { LiveTown, TOWN_CONFIG } from "../testing/live-town.ts";

test("SIGUSR2 while a process waits for the leadership is latched before anything may trade", async () => {
  const town = new LiveTown();
  await town.start();
  await town.arm();
  await town.run(0.1);
  town.crash();
  // The next one waits until nothing of the first can arrive any more.
  town.world.clock.after(2_000_000, () => town.trader.env.signal("SIGUSR2"));
  await town.start();
  expect(await town.latch((latch) => latch.current)).toMatchObject({ state: "halted", reason: "SIGUSR2", by: "operator" });
});

test("SIGUSR2 halts a session on paper", async () => {
  const town = new LiveTown();
  const { folder } = await town.start({ mode: "paper" });
  await town.run(0.1);
  town.trader.env.signal("SIGUSR2");
  await town.run(0.1);
  const trips = town.disk.list(`${folder}/latch`).filter((name) => name.startsWith("trip-"));
  expect(trips).toHaveLength(1);
});

test("a start that waits for the process before says so, and for how long", async () => {
  const town = new LiveTown();
  await town.start();
  town.crash();
  town.news.length = 0;
  await town.start();
  const lines = town.news.flatMap((news) => (news.kind === "log" ? [news.line] : []));
  expect(lines.map(({ event }) => event).filter((event) => event === "waits")).toHaveLength(1);
  // Told before the wait, not after it.
  expect(lines.find(({ event }) => event === "recovered")!.timeUs - lines[0]!.timeUs).toBeGreaterThan(3_000_000);
  expect(lines[0]!.text).toMatch(/^the process before did not end in order: \d+ s until nothing that it sent can arrive any more$/);
});

test("a start that fails stops looking at its secrets", async () => {
  const town = new LiveTown();
  const config = TOWN_CONFIG.replace(
    'required = ["API_KEY", "API_SECRET"]',
    'required = ["API_KEY", "API_SECRET"]\n    [venues.credentials.secret_backend]\n    adapter = "file"\n    path = "/secrets/none.json"',
  );
  await expect(town.start({}, config)).rejects.toThrow("TP_LIVE_SECRET_BACKEND");
  let reads = 0;
  town.disk.onOperation = () => {
    reads += 1;
    return undefined;
  };
  await town.run(1);
  expect(reads).toBe(0);
});
