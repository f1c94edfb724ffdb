import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CallPurpose } from "../port/rate-budget.ts";
import { BinanceRateBudget, OrderCounts } from "./rate-budget.ts";
import { ScriptedWorld } from "./scripted-world.ts";

const MINUTE = 60_000_000;

describe("BinanceRateBudget", () => {
  test("keeps a fifth for cancels and for the truth", () => {
    const { env } = new ScriptedWorld();
    const budget = new BinanceRateBudget(env, { limit: 100 });
    budget.spend(80);
    const wait = (purpose: CallPurpose): boolean => budget.waitUs(1, purpose) > 0;
    expect({ risk: wait("new-risk"), data: wait("data"), reduce: wait("reduce"), truth: wait("truth") }).toEqual({
      risk: true,
      data: true,
      reduce: false,
      truth: false,
    });
    budget.spend(20);
    expect(wait("reduce")).toBe(true);
  });

  test("takes the venue's count when it is larger: others share the address", async () => {
    const world = new ScriptedWorld();
    const budget = new BinanceRateBudget(world.env, { limit: 100 });
    budget.observe(95);
    expect(budget.waitUs(1, "new-risk")).toBe(MINUTE);
    budget.spend(3);
    expect(budget.waitUs(3, "truth")).toBe(MINUTE);
    expect(budget.waitUs(2, "truth")).toBe(0);
    await world.run(MINUTE);
    expect(budget.waitUs(1, "new-risk")).toBe(0);
  });

  test("is silent through a ban and keeps the longer of two", async () => {
    const world = new ScriptedWorld();
    const budget = new BinanceRateBudget(world.env);
    const nowUs = world.env.monoUs();
    budget.ban(nowUs + 10_000_000);
    budget.ban(nowUs + 5_000_000);
    expect(budget.bannedUntilUs).toBe(nowUs + 10_000_000);
    expect(budget.waitUs(1, "reduce")).toBe(10_000_000);
    await world.run(10_000_000);
    expect(budget.waitUs(1, "reduce")).toBe(0);
  });

  test("lets no minute of the venue, wherever it begins, hold more than the limit (law)", async () => {
    const call = fc.record({ afterUs: fc.integer({ min: 0, max: 20_000_000 }), weight: fc.integer({ min: 1, max: 60 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 60 }), fc.integer({ min: 0, max: MINUTE }), async (calls, phaseUs) => {
        const world = new ScriptedWorld();
        const budget = new BinanceRateBudget(world.env, { limit: 100 });
        const minutes = new Map<number, number>();
        for (const { afterUs, weight } of calls) {
          await world.run(afterUs);
          const waitUs = budget.waitUs(weight, "truth");
          expect(waitUs).toBeLessThanOrEqual(61_000_000);
          await world.run(waitUs);
          // What it promised holds: after waiting so long the call is allowed.
          expect(budget.waitUs(weight, "truth")).toBe(0);
          budget.spend(weight);
          const minute = Math.floor((world.env.monoUs() + phaseUs) / MINUTE);
          minutes.set(minute, (minutes.get(minute) ?? 0) + weight);
        }
        expect(Math.max(...minutes.values())).toBeLessThanOrEqual(100);
      }),
      { numRuns: 50 },
    );
  });
});

describe("OrderCounts", () => {
  test("holds the next order back at the limit of each interval, by its own count and by the venue's", async () => {
    const world = new ScriptedWorld();
    const counts = new OrderCounts(world.env);
    counts.setLimit("10S", 3);
    for (let k = 0; k < 3; k += 1) {
      expect(counts.waitUs).toBe(0);
      counts.sent();
    }
    expect(counts.waitUs).toBe(10_000_000);
    await world.run(10_000_000);
    expect(counts.waitUs).toBe(0);
    counts.observe("1D", 160_000);
    expect(counts.waitUs).toBe(86_400_000_000);
  });

  test("holds orders back for as long as the venue's refusal calls for", async () => {
    const world = new ScriptedWorld();
    const counts = new OrderCounts(world.env);
    counts.pause(10_000_000);
    expect(counts.waitUs).toBe(10_000_000);
    await world.run(10_000_000);
    expect(counts.waitUs).toBe(0);
  });
});
