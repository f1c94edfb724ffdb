import { expect, test } from "vitest";
import { FailureError } from "../model/failure.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { bars as input } from "../strategy/inputs.ts";
import { bars } from "./bars.ts";
import { play } from "./play.ts";

const pair = defineStrategy({ name: "two", inputs: { a: input(), b: input() }, create: () => ({ onBars() {} }) });

test.each([
  ["a market for the first input only", bars("1 2 3")],
  ["markets by other names", { a: bars("1 2 3"), c: bars("1 2 3") }],
] as const)("play() refuses %s", (_what, market) => {
  expect(() => play(pair(), market)).toThrow(FailureError);
  expect(() => play(pair(), market)).toThrow('TP_MARKET_MISSING: Cannot play "two": its input "b" has no market');
});
