import { expect, test } from "vitest";
import { killRace } from "../testing/kill-race.ts";

/** Last byte of new risk after the latch (reliability M9). */
const LAST_BYTE_US = 50_000;

test("whenever a kill comes on an order's way, no byte of it leaves later than 50 ms after the latch", async () => {
  let sent = 0;
  let held = 0;
  for (let seed = 0; seed < 400; seed += 1) {
    const race = await killRace(seed);
    expect(race.lastByteUs, `seed ${seed}`).toBeLessThanOrEqual(LAST_BYTE_US);
    sent += race.sent;
    held += race.held;
  }
  // Both happen often, or nothing was raced for.
  expect(sent).toBeGreaterThan(500);
  expect(held).toBeGreaterThan(500);
});

test("a process that stood still for seconds sends nothing that was on its way when the latch tripped meanwhile", async () => {
  for (let seed = 0; seed < 200; seed += 1)
    expect((await killRace(seed, 10_000_000)).lastByteUs, `seed ${seed}`).toBeLessThanOrEqual(LAST_BYTE_US);
});

test("a process that stood still for a part of a second does neither", async () => {
  let sent = 0;
  for (let seed = 0; seed < 300; seed += 1) {
    const race = await killRace(seed, 400_000);
    expect(race.lastByteUs, `seed ${seed}`).toBeLessThanOrEqual(LAST_BYTE_US);
    sent += race.sent;
  }
  expect(sent).toBeGreaterThan(200);
});
