import { expect, test } from "vitest";
import { FailureError } from "../model/failure.ts";
import { defineStrategy } from "./define-strategy.ts";
import { bars } from "./inputs.ts";
import { param } from "./param.ts";

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code;
    throw error;
  }
  return "none";
}

const create = () => ({});
const emaCross = defineStrategy({ name: "ema-cross", params: { fast: param.int(12, { min: 2 }), slow: param.int(26) }, create });

test("defineStrategy() binds parameters, defaults included, and keeps what was declared", () => {
  expect(emaCross({ fast: 5 })).toMatchObject({ name: "ema-cross", params: { fast: 5, slow: 26 }, paramCount: 2, timers: {} });
  expect(emaCross.spec.params!.fast.fallback).toBe(12);
});

test("defineStrategy() gives one input, main, when none is declared", () => {
  expect(emaCross().inputs).toEqual({ main: bars() });
});

test("defineStrategy() keeps inputs in their declared order", () => {
  const strategy = defineStrategy({ name: "pairs", inputs: { b: bars(), a: bars() }, create });
  expect(Object.keys(strategy().inputs)).toEqual(["b", "a"]);
});

test("defineStrategy() refuses unknown and unallowed parameters when they are bound", () => {
  expect(codeOf(() => emaCross({ fast: 1 }))).toBe("TP_STRATEGY_PARAM_VALUE");
  expect(codeOf(() => emaCross({ quick: 5 } as never))).toBe("TP_STRATEGY_PARAM_UNKNOWN");
});

test.each(["", "EMA-cross", "ema cross", "-ema", "ema_cross", "a".repeat(65)])("defineStrategy() refuses the name %j", (name) => {
  expect(codeOf(() => defineStrategy({ name, create }))).toBe("TP_STRATEGY_NAME");
});

test("defineStrategy() refuses inputs and timers that cannot be", () => {
  expect(codeOf(() => defineStrategy({ name: "x", inputs: { slow: bars({ of: "main", interval: "1h" }) }, create }))).toBe(
    "TP_STRATEGY_INPUTS",
  );
  expect(codeOf(() => defineStrategy({ name: "x", timers: { daily: "every day" }, create }))).toBe("TP_STRATEGY_TIMER");
  expect(codeOf(() => defineStrategy({ name: "x", timers: { daily: "1d" }, create }))).toBe("none");
});

test("a bound strategy makes fresh state for every run", () => {
  const counter = defineStrategy({
    name: "counter",
    create() {
      let seen = 0;
      return {
        onStart() {
          seen += 1;
          if (seen > 1) throw new Error("state of an earlier run");
        },
      };
    },
  })();
  const first = counter.create({} as never);
  const second = counter.create({} as never);
  expect(first).not.toBe(second);
  first.onStart!({} as never);
  expect(() => second.onStart!({} as never)).not.toThrow();
});
