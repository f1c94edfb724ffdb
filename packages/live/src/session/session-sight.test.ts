import { expect, test } from "vitest";
import { SessionSight } from "./session-sight.ts";

const whole = { isStreamReady: true, isFeedReady: true };

function begun() {
  const told: string[] = [];
  const clock = { us: 100 };
  const sight = new SessionSight({
    monoUs: () => clock.us,
    onWhole: () => told.push("read"),
    onTrusted: () => told.push("trusted"),
    onDoubt: (why) => told.push(`doubt: ${why}`),
  });
  sight.begin("start");
  return { sight, told, clock };
}

test("SessionSight begins blind and trusts only what was read after both streams were whole", () => {
  const { sight, told, clock } = begun();
  sight.see({ isStreamReady: true }, "");
  expect(told).toEqual(["doubt: start"]);
  sight.see({ isFeedReady: true }, "");
  expect(told).toEqual(["doubt: start", "read"]);
  // Began before: it does not cover what was missed.
  sight.wasRead(99);
  expect(sight.isTrusted).toBe(false);
  clock.us = 150;
  sight.wasRead(100);
  sight.wasRead(120);
  expect(told).toEqual(["doubt: start", "read", "trusted"]);
});

test("SessionSight is blind as soon as one of both is not whole, told once, and needs a new reading", () => {
  const { sight, told, clock } = begun();
  sight.see(whole, "");
  sight.wasRead(100);
  told.length = 0;
  sight.see({ isFeedReady: false }, "cut");
  sight.see({ isStreamReady: false }, "cut too");
  expect(told).toEqual(["doubt: cut"]);
  clock.us = 200;
  sight.see(whole, "");
  sight.wasRead(199);
  expect(sight.isTrusted).toBe(false);
  sight.wasRead(200);
  expect(told).toEqual(["doubt: cut", "read", "trusted"]);
});

test("SessionSight takes silence for a cut and the end of it for no proof", () => {
  const { sight, told } = begun();
  sight.see(whole, "");
  sight.wasRead(100);
  told.length = 0;
  sight.listen(30, 10, 30);
  expect(told).toEqual([]);
  sight.listen(31, 10, 30);
  sight.listen(32, 10, 30);
  expect(told).toEqual(["doubt: private stream: silent"]);
  sight.listen(0, 10, 30);
  expect(told).toEqual(["doubt: private stream: silent", "read"]);
  expect(sight.isTrusted).toBe(false);
  sight.wasRead(100);
  sight.listen(0, 31, 30);
  expect(told.slice(2)).toEqual(["trusted", "doubt: market data: silent"]);
});

test("wasCovered() vouches from the instant at which the private stream was whole, and for everything once it was read", () => {
  const { sight, clock } = begun();
  expect(sight.wasCovered(Number.MAX_SAFE_INTEGER)).toBe(false);
  sight.see(whole, "");
  expect([99, 100].map((us) => sight.wasCovered(us))).toEqual([false, true]);
  sight.wasRead(100);
  expect(sight.wasCovered(0)).toBe(true);
  sight.see({ isFeedReady: false }, "prices only");
  expect(sight.wasCovered(0)).toBe(true);
  clock.us = 300;
  sight.see({ isStreamReady: false }, "cut");
  expect(sight.wasCovered(300)).toBe(false);
  sight.see(whole, "");
  expect([299, 300].map((us) => sight.wasCovered(us))).toEqual([false, true]);
});
