import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeParam, type ParamSpecs, param, resolveParams } from "./param.ts";

const specs = {
  fast: param.int(12, { min: 2, max: 50, about: "bars of the fast average" }),
  width: param.number(2, { min: 0.5 }),
  share: param.ratio(0.95),
  loud: param.flag(false),
  side: param.choice(["long", "short"]),
} satisfies ParamSpecs;

const resolve = (given: Record<string, unknown>) => resolveParams("typed", specs, given);

describe("param", () => {
  test("declares a whole number with its bounds and what it is", () => {
    expect(specs.fast).toEqual({ kind: "int", fallback: 12, min: 2, max: 50, about: "bars of the fast average" });
  });

  test("bounds a ratio by 0 and 1 unless told otherwise", () => {
    expect(param.ratio(0.5)).toMatchObject({ min: 0, max: 1 });
    expect(param.ratio(1.5, { max: 3 })).toMatchObject({ min: 0, max: 3 });
  });

  test("takes the first choice for the default unless told otherwise", () => {
    expect(param.choice(["long", "short"]).fallback).toBe("long");
    expect(param.choice(["long", "short"], "short", "which way").about).toBe("which way");
  });
});

describe("describeParam()", () => {
  test("says in words what each kind allows", () => {
    expect(describeParam(specs.fast)).toBe("whole numbers from 2 to 50");
    expect(describeParam(specs.width)).toBe("numbers from 0.5");
    expect(describeParam(specs.share)).toBe("numbers from 0 to 1");
    expect(describeParam(specs.loud)).toBe("true or false");
    expect(describeParam(specs.side)).toBe('"long", "short"');
  });
});

describe("resolveParams()", () => {
  test("fills in the defaults", () => {
    expect(resolve({})).toEqual({ values: { fast: 12, width: 2, share: 0.95, loud: false, side: "long" } });
  });

  test("takes values as the command line writes them", () => {
    const { values, failure } = resolve({ fast: "20", width: "1e1", loud: "true", side: "short" });
    expect(failure).toBeUndefined();
    expect(values).toEqual({ fast: 20, width: 10, share: 0.95, loud: true, side: "short" });
  });

  test.each([
    ["fast", 1],
    ["fast", 51],
    ["fast", 2.5],
    ["fast", "12 bars"],
    ["fast", ""],
    ["fast", Number.NaN],
    ["width", Number.POSITIVE_INFINITY],
    ["width", 0.4],
    ["share", 1.01],
    ["loud", "yes"],
    ["loud", 1],
    ["side", "sideways"],
    ["side", undefined],
  ])("refuses %s = %j", (name, value) => {
    expect(resolve({ [name]: value }).failure?.code).toBe("TP_STRATEGY_PARAM_VALUE");
  });

  test("says what was given, what is allowed and what the default is", () => {
    expect(resolve({ fast: 51 }).failure).toEqual({
      code: "TP_STRATEGY_PARAM_VALUE",
      message: 'Cannot set parameter "fast" of "typed": it is 51, allowed are whole numbers from 2 to 50',
      details: [["default", "12"]],
      next: "choose an allowed value",
    });
  });

  test("names the parameter that was probably meant", () => {
    const failure = resolve({ fasst: 5 }).failure;
    expect(failure?.code).toBe("TP_STRATEGY_PARAM_UNKNOWN");
    expect(failure?.details).toEqual([["meant", '"fast"']]);
  });

  test("does not take a name that every object has for a parameter", () => {
    expect(resolve({ toString: 1 }).failure?.code).toBe("TP_STRATEGY_PARAM_UNKNOWN");
    expect(resolve({ constructor: 1 }).failure?.code).toBe("TP_STRATEGY_PARAM_UNKNOWN");
  });

  test("accepts every number within the bounds and no other, as a number and as text", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100 }), (value) => {
        const isAllowed = value >= 2 && value <= 50;
        expect(resolve({ fast: value }).failure === undefined).toBe(isAllowed);
        expect(resolve({ fast: String(value) }).failure === undefined).toBe(isAllowed);
      }),
    );
  });
});
