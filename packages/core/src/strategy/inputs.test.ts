import { expect, test } from "vitest";
import { FailureError } from "../model/failure.ts";
import { bars, checkInputs, type InputSpecs, unknownInput } from "./inputs.ts";

function refusal(inputs: InputSpecs): string {
  try {
    checkInputs("typed", inputs);
  } catch (error) {
    if (error instanceof FailureError) return `${error.failure.code}: ${error.failure.message}`;
    throw error;
  }
  return "accepted";
}

test("bars() declares an input of its own, or longer bars of another", () => {
  expect(bars()).toEqual({ kind: "bars", of: undefined, interval: undefined });
  expect(bars({ of: "main", interval: "4h" })).toEqual({ kind: "bars", of: "main", interval: "4h" });
});

test("checkInputs() accepts inputs of their own and longer bars built from them", () => {
  expect(refusal({ main: bars() })).toBe("accepted");
  expect(refusal({ a: bars(), b: bars(), slow: bars({ of: "b", interval: "1w" }) })).toBe("accepted");
});

test.each([
  [{}, 'TP_STRATEGY_INPUTS: Cannot define strategy "typed": it has no inputs, at least one is needed'],
  [
    { indicator: bars() },
    'TP_STRATEGY_INPUTS: Cannot define strategy "typed": an input is named "indicator", which is the maker of indicators',
  ],
  [
    { main: bars({ interval: "4h" }) },
    'TP_STRATEGY_INPUTS: Cannot define strategy "typed": input "main" asks for an interval, "4h", of no other input',
  ],
  [
    { main: bars(), slow: bars({ of: "mian", interval: "4h" }) },
    'TP_STRATEGY_INPUTS: Cannot find input "mian": the strategy has no such input, known are "main"',
  ],
  [
    { main: bars(), slow: bars({ of: "main" }) },
    'TP_STRATEGY_INPUTS: Cannot define strategy "typed": input "slow" has no interval, allowed are a number and s, m, h, d or w',
  ],
  [
    { main: bars(), slow: bars({ of: "main", interval: "4 hours" }) },
    'TP_STRATEGY_INPUTS: Cannot define strategy "typed": input "slow" has interval "4 hours", allowed are a number and s, m, h, d or w',
  ],
  [
    { main: bars(), slow: bars({ of: "main", interval: "4h" }), slower: bars({ of: "slow", interval: "1d" }) },
    'TP_STRATEGY_INPUTS: Cannot define strategy "typed": input "slower" is built from "slow", which is itself built from "main"',
  ],
] as const)("checkInputs() refuses %j", (inputs, message) => {
  expect(refusal(inputs)).toBe(message);
});

test("checkInputs() does not take a name that every object has for an input", () => {
  expect(refusal({ main: bars(), slow: bars({ of: "toString", interval: "4h" }) })).toContain("TP_STRATEGY_INPUTS");
});

test("unknownInput() names the input that was probably meant", () => {
  expect(unknownInput("mian", ["main", "slow"]).details).toEqual([["meant", '"main"']]);
  expect(unknownInput("other", ["main"]).details).toEqual([]);
});
