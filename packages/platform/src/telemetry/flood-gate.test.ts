import { expect, test } from "vitest";
import { FloodGate } from "./flood-gate.ts";

test("pass() lets the first few of a kind through, counts the rest, and tells the count with the next one of a later window", () => {
  let nowUs = 0;
  const gate = new FloodGate({ most: 2, windowUs: 1_000, monoUs: () => nowUs });
  expect([1, 2, 3, 4].map(() => gate.pass("a"))).toEqual([0, 0, undefined, undefined]);
  expect(gate.pass("b")).toBe(0);
  nowUs = 1_000;
  expect([1, 2, 3].map(() => gate.pass("a"))).toEqual([2, 0, undefined]);
});

test("pass() remembers a bounded number of kinds, those seen last", () => {
  const gate = new FloodGate({ most: 1, monoUs: () => 0 });
  expect(gate.pass("first")).toBe(0);
  for (let k = 0; k < 10_000; k += 1) gate.pass(`kind ${k}`);
  expect(gate.pass("kind 9999")).toBeUndefined();
  expect(gate.pass("first")).toBe(0);
});

test("takeHeld() tells each count once, whether another of its kind comes or not", () => {
  const gate = new FloodGate({ most: 1, monoUs: () => 0 });
  for (const kind of ["a", "a", "a", "b", "b", "c"]) gate.pass(kind);
  expect(gate.takeHeld()).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
  expect(gate.takeHeld()).toEqual([]);
});
