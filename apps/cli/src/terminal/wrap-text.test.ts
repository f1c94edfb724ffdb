import { styleText } from "node:util";
import { expect, test } from "vitest";
import { cutText, hangingText, padText, textWidth, wrapText } from "./wrap-text.ts";

test("wrapText() breaks at spaces and leaves long words whole", () => {
  expect(wrapText("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrapText("a /very/long/path b", 6)).toEqual(["a", "/very/long/path", "b"]);
});

test("hangingText() indents what follows the first line", () => {
  expect(hangingText("note  ", "gaps in the data", 18)).toBe("note  gaps in the\n      data");
});

test("colours take no room", () => {
  const red = styleText("red", "abc", { validateStream: false });
  expect(textWidth(red)).toBe(3);
  expect(textWidth(padText(red, 6, "end"))).toBe(6);
  expect(cutText(red, 3)).toBe(red);
});

test("cutText() ends in two dots", () => {
  expect(cutText("a-long-name", 6)).toBe("a-lo..");
});
