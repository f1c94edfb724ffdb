import { describe, expect, test } from "vitest";
import { openKillLatch } from "../latch/kill-latch.ts";
import { TOWN_ACCOUNT } from "../testing/live-town.ts";
import { TamperedTown } from "../testing/tampered-town.ts";
import { put, read } from "./damaged-files.ts";

describe("the kill latch", () => {
  test("halts on an arming that is cut at any byte, or that lies", async () => {
    const town = new TamperedTown();
    await town.start();
    await town.arm();
    const path = `${TOWN_ACCOUNT}/latch/armed.json`;
    const whole = await read(town, path);
    const lies = [
      "",
      "null",
      "[]",
      '{"__proto__":{"state":"enabled"}}',
      whole.replace('"enabled"', '"Enabled"'),
      whole.replace('"enabled"', "true"),
      whole.replace(/"clears":\[[^\]]*\]/, '"clears":"all"'),
      whole.replace(/"atUs":\d+/, '"atUs":"now"'),
      whole.replace(/"by":"[^"]*"/, '"by":7'),
    ];
    for (const text of [...Array.from({ length: whole.length }, (_, length) => whole.slice(0, length)), ...lies]) {
      await put(town, path, text);
      expect(await town.latch((latch) => latch.state), JSON.stringify(text)).toBe("halted");
    }
    await put(town, path, whole);
    expect(await town.latch((latch) => latch.state)).toBe("enabled");
  });

  test("halts on a trip that is damaged, whatever it says", async () => {
    const town = new TamperedTown();
    await town.start();
    await town.arm();
    const trip = { state: "reduce-only", reason: "drill", by: "ada", atUs: 1 };
    for (const text of [
      "",
      "{",
      "[]",
      "null",
      JSON.stringify({ ...trip, state: "enabled" }),
      JSON.stringify({ ...trip, state: "none" }),
      '{"__proto__":{}}',
    ]) {
      const path = `${TOWN_ACCOUNT}/latch/trip-${"b".repeat(32)}.json`;
      await put(town, path, text);
      expect(await town.latch((latch) => latch.state), text).toBe("halted");
      await town.man("hand").env.files.remove(path);
    }
    expect(await town.latch((latch) => latch.state)).toBe("enabled");
  });

  test("that becomes unreadable halts a running session, is counted, and no new order leaves", async () => {
    const town = new TamperedTown();
    await town.begin();
    await put(town, `${TOWN_ACCOUNT}/latch/armed.json`, "{");
    await town.run(0.1);
    const sent = town.orders.length;
    expect(town.lastStatus !== undefined && town.counted("files", "unreadable")).toBe(1);
    expect(town.alarms.join("\n")).toContain("trading is halted: the arming cannot be read");
    await town.run(8);
    // What reduces may still leave; nothing is bought.
    expect(
      town.world.venue.ledger
        .ordersOf("main")
        .slice(sent)
        .every(({ side }) => side === "SELL"),
    ).toBe(true);
  });

  test("is not opened by a process that cannot read its folder", async () => {
    const town = new TamperedTown();
    await town.start();
    await town.arm();
    town.disk.onOperation = ({ kind, path }) => (kind === "read" && path.includes("/latch") ? "EIO" : undefined);
    const latch = await town.until(openKillLatch({ env: town.man("reader").env, folder: `${TOWN_ACCOUNT}/latch` }));
    expect(latch.state).toBe("halted");
    latch.stop();
  });
});

describe("the epoch file", () => {
  test.each([
    "",
    "null",
    "[]",
    "{}",
    '{"epoch":0,"isReleased":true}',
    '{"epoch":-3,"isReleased":true}',
    '{"epoch":1.5,"isReleased":true}',
    '{"epoch":1e308,"isReleased":true}',
    '{"epoch":"2","isReleased":true}',
    '{"epoch":2}',
    '{"epoch":2,"isReleased":true,"check":1}',
  ])("that says %j lets nobody lead", async (text) => {
    const town = new TamperedTown();
    await town.start();
    await town.until(town.runner.stop());
    await put(town, `${TOWN_ACCOUNT}/leader/epoch.json`, text);
    await expect(town.start()).rejects.toThrow("TP_LEADER_EPOCH");
  });

  test("that becomes unreadable under a leader ends its sending", async () => {
    const town = new TamperedTown();
    await town.begin();
    await put(town, `${TOWN_ACCOUNT}/leader/epoch.json`, "{");
    await town.run(0.2);
    const sent = town.orders.length;
    await town.run(8);
    expect(town.orders.length).toBe(sent);
  });
});
