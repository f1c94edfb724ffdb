import { describe, expect, test } from "vitest";
import { TamperedTown } from "../testing/tampered-town.ts";
import { put, SESSION, WORD } from "./damaged-files.ts";
import { operatorFolder } from "./operator-inbox.ts";

let words = 0;
function wordName(): string {
  words += 1;
  return `word-${String(words).padStart(17, "0")}-${"a".repeat(32)}.json`;
}

describe("a word of an operator", () => {
  test.each<readonly [string, string | Uint8Array, "unreadable" | "oversized"]>([
    ["empty", "", "unreadable"],
    ["cut", JSON.stringify(WORD).slice(0, -4), "unreadable"],
    ["a list", "[]", "unreadable"],
    ["null", "null", "unreadable"],
    ["an unknown action", JSON.stringify({ ...WORD, action: "sell-all" }), "unreadable"],
    ["an action by nature", '{"action":"constructor","reason":"x","by":"y"}', "unreadable"],
    ["prototype keys", '{"__proto__":{"action":"flatten","reason":"x","by":"y"}}', "unreadable"],
    ["no name", JSON.stringify({ ...WORD, by: undefined }), "unreadable"],
    ["a reason that is no text", JSON.stringify({ ...WORD, reason: { a: 1 } }), "unreadable"],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe, 0, 1, 2), "unreadable"],
    ["beyond every bound", JSON.stringify({ ...WORD, reason: "x".repeat(100_000) }), "oversized"],
  ])("that is %s is not carried out, counted and told to whoever watches", async (_name, content, flaw) => {
    const town = new TamperedTown();
    await town.begin();
    const before = town.state;
    await put(town, `${operatorFolder(SESSION)}/${wordName()}`, content);
    await town.run(0.05);
    expect(town.state).toBe(before);
    expect(town.counted("operator", flaw)).toBe(1);
    expect(town.alarms.join("\n")).toMatch(/an operator's word was not carried out: "word-\d+-a+\.json" is (no word|too long)/);
    // A good one after it is.
    await put(town, `${operatorFolder(SESSION)}/${wordName()}`, JSON.stringify(WORD));
    await town.run(0.2);
    expect(town.lots).toBe(0);
  });

  test("cut at every byte is none", async () => {
    const town = new TamperedTown();
    await town.begin();
    const before = town.state;
    const whole = JSON.stringify(WORD);
    for (let length = 0; length < whole.length; length += 1)
      await put(town, `${operatorFolder(SESSION)}/${wordName()}`, whole.slice(0, length));
    await town.run(0.1);
    expect(town.state).toBe(before);
    expect(town.counted("operator", "unreadable")).toBe(whole.length);
  });

  test("that cannot be read or taken away ends nothing, and is told once", async () => {
    const town = new TamperedTown();
    await town.begin();
    town.disk.onOperation = ({ kind, path }) => (path.includes("/operator/") && (kind === "read" || kind === "remove") ? "EIO" : undefined);
    await put(town, `${operatorFolder(SESSION)}/${wordName()}`, JSON.stringify(WORD));
    const before = town.lots;
    await town.run(0.5);
    expect(town.lots).toBe(before);
    expect(town.counted("operator", "unreadable")).toBe(1);
    expect(town.alarms.filter((text) => text.includes("cannot be read and taken away"))).toHaveLength(1);
    town.disk.onOperation = undefined;
    await town.run(0.2);
    expect(town.lots).toBe(0);
  });

  test("in a file of another name is nobody's", async () => {
    const town = new TamperedTown();
    await town.begin();
    for (const name of ["word-1.json", "WORD.json", `word-${"1".repeat(17)}-${"a".repeat(32)}.json.tmp`])
      await put(town, `${operatorFolder(SESSION)}/${name}`, JSON.stringify(WORD));
    await town.run(0.2);
    expect(town.lots).toBeGreaterThan(0);
    expect(town.counted("operator", "unreadable")).toBe(0);
  });
});
