import { type CauseName, OrderSource } from "@tradepulse/core";
import { expect, test } from "vitest";
import { type SendPermit, sendRefusal } from "./send-permit.ts";

const entry = { flags: 0, source: OrderSource.strategy, parentId: 0 } as const;
const exit = { ...entry, flags: 2 } as const;
const stop = { ...exit, parentId: 7 } as const;
const flatten = { ...exit, source: OrderSource.operator } as const;
const well = { isStopped: false, isTrusted: true, isLate: () => false } as const;

const permit = (refusal?: CauseName, exitRefusal?: CauseName): SendPermit => ({ refusal: () => refusal, exitRefusal: () => exitRefusal });

test("sendRefusal() lets everything leave while nothing speaks against it", () => {
  expect([entry, exit, stop, flatten].map((command) => sendRefusal(command, permit(), well))).toEqual(Array(4).fill(undefined));
});

test("sendRefusal() lets only what reduces leave in doubt, in a reduce-only state, and while the session stops", () => {
  const blind = { ...well, isTrusted: false };
  expect([entry, exit, stop, flatten].map((command) => sendRefusal(command, permit(), blind))).toEqual([
    "in-doubt",
    ...Array(3).fill(undefined),
  ]);
  const reducing = permit("reduce-only-state");
  expect([entry, exit, stop].map((command) => sendRefusal(command, reducing, well))).toEqual(["reduce-only-state", undefined, undefined]);
  const stopping = { ...well, isStopped: true };
  expect([entry, stop].map((command) => sendRefusal(command, permit(), stopping))).toEqual(["trading-halted", undefined]);
});

test("sendRefusal() lets nothing that opens risk leave on a decision of long ago", () => {
  const late = { ...well, isLate: () => true };
  expect([entry, exit, stop, flatten].map((command) => sendRefusal(command, permit(), late))).toEqual([
    "stale-data",
    ...Array(3).fill(undefined),
  ]);
});

test("sendRefusal() keeps a halted strategy from its exits, and lets stops and a person's exits leave", () => {
  const halted = permit("trading-halted");
  expect([entry, exit, stop, flatten].map((command) => sendRefusal(command, halted, well))).toEqual([
    "trading-halted",
    "trading-halted",
    undefined,
    undefined,
  ]);
});

test("sendRefusal() lets nothing leave when another process leads the account", () => {
  const deposed = permit("trading-halted", "trading-halted");
  expect([entry, exit, stop, flatten].map((command) => sendRefusal(command, deposed, well))).toEqual(Array(4).fill("trading-halted"));
});
