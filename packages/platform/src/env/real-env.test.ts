import { describe, expect, test } from "vitest";
import { realEnv } from "./real-env.ts";

describe("realEnv()", () => {
  const env = realEnv();

  test("has a clock that never goes back and a wall clock in microseconds", () => {
    let last = env.monoUs();
    for (let k = 0; k < 1_000; k += 1) {
      const now = env.monoUs();
      expect(now).toBeGreaterThanOrEqual(last);
      expect(Number.isSafeInteger(now)).toBe(true);
      last = now;
    }
    expect(Math.abs(env.wallUs() - Date.now() * 1_000)).toBeLessThan(60_000_000);
  });

  test("calls a timer once, not before its time, and not at all when it was canceled", async () => {
    const start = env.monoUs();
    let calls = 0;
    let firedUs = 0;
    env.timer(20_000, () => {
      calls += 1;
      firedUs = env.monoUs();
    });
    env.timer(5_000, () => calls++).cancel();
    await env.sleep(60_000);
    expect(calls).toBe(1);
    expect(firedUs - start).toBeGreaterThanOrEqual(20_000);
  });

  test("takes a delay longer than a month without firing at once", async () => {
    let fired = false;
    const timer = env.timer(60 * 24 * 3_600 * 1_000_000, () => {
      fired = true;
    });
    await env.sleep(20_000);
    timer.cancel();
    expect(fired).toBe(false);
  });

  test("hears the end of its terminal as SIGTERM, until it stops listening", () => {
    let heard = 0;
    const stop = env.onSignal("SIGTERM", () => {
      heard += 1;
    });
    process.emit("SIGHUP", "SIGHUP");
    process.emit("SIGTERM", "SIGTERM");
    expect(heard).toBe(2);
    stop();
    expect(process.listenerCount("SIGHUP")).toBe(0);
  });

  test("rejects a sleep with the reason of its signal", async () => {
    const stop = new AbortController();
    const sleeping = env.sleep(10_000_000, stop.signal);
    stop.abort(new Error("stopped"));
    await expect(sleeping).rejects.toThrow("stopped");
    await expect(env.sleep(10_000_000, stop.signal)).rejects.toThrow("stopped");
  });

  test("draws even numbers from streams that keep their names", () => {
    expect(env.random("a")).toBe(env.random("a"));
    expect(env.random("a")).not.toBe(env.random("b"));
    const stream = env.random("a");
    const counts = [0, 0, 0];
    let sum = 0;
    for (let k = 0; k < 30_000; k += 1) {
      counts[stream.below(3)]! += 1;
      const x = stream.next();
      expect(x >= 0 && x < 1).toBe(true);
      sum += x;
    }
    // Eight standard deviations: 8 * sqrt(30000 * 2/9) = 653 and 8 * sqrt(1 / (12 * 30000)) = 0.0133.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(653);
    expect(Math.abs(sum / 30_000 - 0.5)).toBeLessThan(0.0134);
    expect(() => stream.below(0)).toThrow("below() takes whole numbers from 1 to 2^32, not 0");
  });

  test("makes ids of 32 hexadecimal digits, each another", () => {
    const ids = new Set(Array.from({ length: 1_000 }, () => env.uniqueId()));
    expect(ids.size).toBe(1_000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  test("hears a signal until it stops listening", () => {
    let heard = 0;
    const stop = env.onSignal("SIGUSR2", () => {
      heard += 1;
    });
    process.emit("SIGUSR2");
    stop();
    expect(process.listenerCount("SIGUSR2")).toBe(0);
    expect(heard).toBe(1);
  });
});
