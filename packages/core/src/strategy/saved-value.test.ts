import { expect, test } from "vitest";
import { copySaved } from "./saved-value.ts";

test("copySaved() copies plain data, numbers of any kind and number arrays, and shares nothing with it", () => {
  const numbers = Float64Array.of(1, Number.NaN, -0);
  const value = { at: [1, Number.NaN, Number.NEGATIVE_INFINITY, -0], text: "a", flag: true, none: null, deep: { numbers } };
  const copied = copySaved(value) as { readonly value: typeof value };
  expect(copied.value).toEqual(value);
  value.at[0] = 2;
  numbers[0] = 2;
  expect(copied.value.at[0]).toBe(1);
  expect(copied.value.deep.numbers[0]).toBe(1);
});

test("copySaved() names the first place that cannot be kept", () => {
  class Level {}
  expect(copySaved(undefined)).toEqual({ path: "", what: "undefined" });
  expect(copySaved({ levels: [1, { price: () => 1 }] })).toEqual({ path: ".levels[1].price", what: "a function" });
  expect(copySaved({ seen: new Map() })).toEqual({ path: ".seen", what: "a Map" });
  expect(copySaved([new Level()])).toEqual({ path: "[0]", what: "a Level" });
  expect(copySaved(Promise.resolve(1))).toEqual({ path: "", what: "a Promise" });
  expect(copySaved({ big: 1n })).toEqual({ path: ".big", what: "a bigint" });
});
