import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { embedJson, escapeHtml } from "./escape-html.ts";

describe("escapeHtml()", () => {
  test("leaves no character that opens markup or ends an attribute", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
      }),
    );
  });
});

describe("embedJson()", () => {
  test("comes back as what it was, without any character that could end the script element", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = embedJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
      }),
    );
  });

  test("escapes the end of a script and both line separators", () => {
    expect(embedJson("</script><!--\u2028\u2029")).toBe(String.raw`"\u003c/script\u003e\u003c!--\u2028\u2029"`);
  });

  test("writes null for numbers that JSON does not know", () => {
    expect(embedJson([Number.NaN, Number.POSITIVE_INFINITY])).toBe("[null,null]");
  });
});
