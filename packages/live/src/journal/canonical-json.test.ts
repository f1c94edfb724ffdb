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
