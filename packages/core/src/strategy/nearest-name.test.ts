import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

test("nearestName() finds a name at an edit distance of two at most, whatever the case", () => {
  expect(nearestName("FAST", ["slow", "fast"])).toBe("fast");
  expect(nearestName("fsat", ["slow", "fast"])).toBe("fast");
  expect(nearestName("fastest", ["slow", "fast"])).toBeUndefined();
});

test("nearestName() prefers the nearer of two names, and the first of two equally near", () => {
  expect(nearestName("fact", ["face", "fact2", "fact"])).toBe("fact");
  expect(nearestName("fac", ["face", "fact"])).toBe("face");
});

test("nearestName() finds nothing among no names", () => {
  expect(nearestName("fast", [])).toBeUndefined();
});
