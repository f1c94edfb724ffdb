import { expect, test } from "vitest";
import { Fraction } from "./fraction.ts";

test("Fraction prints the exact decimal where there is one, and the fraction where there is none", () => {
  expect(Fraction.of(12_345_678, 1).toText(6)).toBe("12.345678");
  expect(Fraction.of(-1, 8).toText(2)).toBe("-0.00125");
  expect(Fraction.of(1, 3).toText()).toBe("1/3");
  expect(Fraction.of(0, 5).toText(6)).toBe("0");
  expect(Fraction.of(6, -4).toText()).toBe("-1.5");
});

test("Fraction adds and multiplies without a remainder", () => {
  const third = Fraction.of(1, 3);
  expect(third.plus(third).plus(third).minus(Fraction.of(1)).isZero).toBe(true);
  expect(third.times(Fraction.of(3)).toNumber()).toBe(1);
  expect(Fraction.of(2n ** 80n, 2n ** 79n).toNumber()).toBe(2);
});
