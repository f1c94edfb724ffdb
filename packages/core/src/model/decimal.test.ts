import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDecimal, parseDecimal, toNumber } from "./decimal.ts";

const counts = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const scales = fc.integer({ min: 0, max: 15 });

describe("parseDecimal()", () => {
  test.each([
    ["12", 2, 1200],
    ["12.34", 2, 1234],
    ["12.3400", 2, 1234],
    ["-0.05", 2, -5],
    ["+7", 0, 7],
    [" 7 ", 0, 7],
    ["5.", 1, 50],
    ["1e-8", 8, 1],
    ["1.5E3", 0, 1500],
    ["25e-1", 1, 25],
    ["-0", 2, 0],
    ["9007199254740991", 0, Number.MAX_SAFE_INTEGER],
    ["90071992.54740991", 8, Number.MAX_SAFE_INTEGER],
  ])("reads %j at scale %i as %i", (text, scale, count) => {
    expect(parseDecimal(text, scale)).toBe(count);
  });

  test.each([
    ["12.345", 2, "more decimals than the scale"],
    ["1e-9", 8, "more decimals than the scale"],
    ["9007199254740992", 0, "a count past 2^53 - 1"],
    ["9007199254740993", 0, "a count that a double cannot hold"],
    ["1e300", 2, "a count far too large"],
    ["", 2, "no digits"],
    [".", 2, "no digits"],
    [".5", 2, "no whole part"],
    ["1,5", 2, "a comma"],
    ["1 000", 2, "a space inside"],
    ["0x10", 2, "another base"],
    ["NaN", 2, "not a number"],
    ["Infinity", 2, "not finite"],
    ["1e", 2, "an exponent without digits"],
    ["--1", 2, "two signs"],
  ])("does not read %j at scale %i: %s", (text, scale) => {
    expect(parseDecimal(text, scale)).toBeUndefined();
  });
});

describe("formatDecimal()", () => {
  test.each([
    [1234, 2, 0, "12.34"],
    [1200, 2, 0, "12"],
    [1200, 2, 2, "12.00"],
    [5, 2, 0, "0.05"],
    [-5, 2, 0, "-0.05"],
    [0, 8, 0, "0"],
    [-0, 8, 2, "0.00"],
    [7, 0, 0, "7"],
    [7, 0, 2, "7.00"],
  ])("writes %i at scale %i with at least %i decimals as %j", (count, scale, minDecimals, text) => {
    expect(formatDecimal(count, scale, minDecimals)).toBe(text);
  });
});

describe("laws", () => {
  test("what formatDecimal() writes, parseDecimal() reads back exactly", () => {
    fc.assert(
      fc.property(counts, scales, fc.integer({ min: 0, max: 6 }), (count, scale, minDecimals) => {
        expect(parseDecimal(formatDecimal(count, scale, minDecimals), scale)).toBe(count + 0);
      }),
      { numRuns: 1_000 },
    );
  });

  test("the text does not depend on the scale that holds it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        (count, scale, more) => {
          expect(formatDecimal(count * 10 ** more, scale + more)).toBe(formatDecimal(count, scale));
        },
      ),
    );
  });

  test("toNumber() is the double nearest to the decimal that formatDecimal() writes", () => {
    fc.assert(
      fc.property(counts, scales, (count, scale) => {
        expect(toNumber(count, scale)).toBe(Number(formatDecimal(count, scale)) + 0);
      }),
      { numRuns: 1_000 },
    );
  });
});
