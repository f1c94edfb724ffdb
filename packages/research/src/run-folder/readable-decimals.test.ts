import { expect, test } from "vitest";
import { readableDecimals } from "./readable-decimals.ts";

test.each([
  ["an index around 1,500 with six decimals in its source", 6, 1_527.46, 2],
  ["a currency pair", 5, 1.6, 5],
  ["a share of 45 with noise", 7, 45.12, 4],
  ["a coin of 60,000", 2, 69_000, 2],
  ["a coin worth little", 8, 0.00001234, 8],
  ["whole prices", 0, 30_000, 0],
] as const)("readableDecimals() shows %s", (_what, displayDecimals, highest, expected) => {
  expect(readableDecimals({ displayDecimals, tickKnown: false }, highest)).toBe(expected);
});

test("readableDecimals() shows all decimals of a known tick", () => {
  expect(readableDecimals({ displayDecimals: 6, tickKnown: true }, 1_500)).toBe(6);
});
