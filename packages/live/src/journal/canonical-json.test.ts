import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("canonicalJson() refuses a list with a hole, which would be text that no reader takes", () => {
  const list: number[] = [];
  list[2] = 5;
  expect(() => canonicalJson({ list })).toThrow("payload.list[0] is of type undefined");
});

test("canonicalJson() writes equal values as equal text, whatever the order of their keys", () => {
  expect(canonicalJson({ b: [1, -0, null], a: { d: true, c: "x" }, gone: undefined })).toBe('{"a":{"c":"x","d":true},"b":[1,-0,null]}');
});

/** As plainly as it can be written. */
function plainly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainly).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
    fields.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${plainly(inner)}`).join(",")}}`;
  }
  return Object.is(value, -0) ? "-0" : JSON.stringify(value);
}

test("canonicalJson() writes whatever it is given as the plain way does, shape after shape", () => {
  const leaf = fc.oneof(
    fc.string({ maxLength: 80, unit: "binary" }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.constantFrom(
      null,
      true,
      false,
      -0,
      0,
      1e9,
      999_999_999,
      1_000_000_000_000_000,
      9_007_199_254_740_991,
      9_007_199_254_740_992,
      1e21,
      "\u2028",
    ),
  );
  const keys = fc.oneof(fc.constantFrom("a", "b", "orderId", "10", "9", "__proto__", ""), fc.string());
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie("tree"), { maxLength: 4 }), fc.dictionary(keys, tie("tree"), { maxKeys: 6 })),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      expect(canonicalJson(value)).toBe(plainly(value));
    }),
    { numRuns: 2_000 },
  );
});

test("canonicalJson() names the place of what no JSON can carry", () => {
  expect(() => canonicalJson({ a: [{ b: Number.NaN }] })).toThrow("payload.a[0].b is NaN");
  expect(() => canonicalJson({ a: { b: () => 1 } })).toThrow("payload.a.b is of type function");
  expect(() => canonicalJson(1n)).toThrow("payload is of type bigint");
});
