import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeState, encodeState } from "./state-codec.ts";

function bytesOf(value: unknown, partNumbers?: number): Uint8Array {
  return Buffer.concat([...encodeState(value, partNumbers)]);
}

const { state } = fc.letrec((tie) => ({
  state: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.string({ unit: "grapheme" }),
    fc.array(fc.double(), { maxLength: 20 }).map((values) => Float64Array.from(values)),
    fc.array(tie("state"), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ minLength: 4, maxLength: 8 }).filter((name) => name !== "__proto__"),
      tie("state"),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
}));

test("law: decodeState() gives back what encodeState() was given, in every bit, in parts of any size", () => {
  fc.assert(
    fc.property(state, fc.integer({ min: 1, max: 9 }), (value, partNumbers) => {
      const bytes = bytesOf(value);
      expect(decodeState(bytes)).toEqual(value);
      expect(Buffer.compare(bytesOf(value, partNumbers), bytes)).toBe(0);
      expect(Buffer.compare(bytesOf(decodeState(bytes)), bytes)).toBe(0);
    }),
  );
});

test("decodeState() refuses bytes that are short, long, or whose columns lie outside", () => {
  const bytes = bytesOf({ name: "a", column: Float64Array.of(1, 2, 3) });
  for (let length = 0; length < bytes.length; length += 1) expect(() => decodeState(bytes.subarray(0, length))).toThrow();
  expect(() => decodeState(Buffer.concat([bytes, bytes]))).toThrow(RangeError);
  const [head] = [...encodeState({ column: Float64Array.of(1) })];
  const text = Buffer.from(head!).toString("latin1").replace("[0,1]", "[1,1]");
  expect(() => decodeState(Buffer.concat([Buffer.from(text, "latin1"), Buffer.alloc(8)]))).toThrow("outside");
});

test("encodeState() refuses data that its own marks would be taken for", () => {
  expect(() => bytesOf({ memory: { "\u0000f64": [0, 1] } })).toThrow("looks like one of the codec's own");
});
