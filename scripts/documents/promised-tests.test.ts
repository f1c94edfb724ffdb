import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { missingTests, promisedTests, silencedTests, untestedFolders } from "./promised-tests.ts";

const root = mkdtempSync(join(tmpdir(), "tradepulse-promises-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

test("missingTests() finds tests and groups by their titles, and tells of files and titles that are not there", () => {
  put("a/one.test.ts", 'describe("a group", () => {\n  test("a test", () => {});\n  test.each([["x"]])("%s of a table", () => {});\n});\n');
  put(
    "doc.md",
    '| `a/one.test.ts`: "a group"; `a/one.test.ts`: "a test"; `a/one.test.ts`: "%s of a table" |\n| `a/one.test.ts`: "gone" |\n`a/two.test.ts`: "x"\n',
  );
  expect(promisedTests(root, "doc.md")).toBe(5);
  expect(missingTests(root, "doc.md")).toEqual([
    'doc.md:2 names the test "gone": "a/one.test.ts" has none of that title',
    'doc.md:3 names "a/two.test.ts": there is no such file',
  ]);
});

test("silencedTests() finds what is switched off and what runs alone", () => {
  const lines = ["test.skip", "test.only", "describe.only", "test.todo", "test.each.only", "describe.skipIf"].map(
    (word) => `${word}("x", () => {});`,
  );
  put("b/off.test.ts", lines.join("\n"));
  expect(silencedTests(root, ["b"]).map((line) => line.split(":")[1])).toEqual([
    "1 switches tests off, or runs one alone",
    "2 switches tests off, or runs one alone",
    "3 switches tests off, or runs one alone",
    "4 switches tests off, or runs one alone",
    "5 switches tests off, or runs one alone",
  ]);
});

test("untestedFolders() names packages that nobody tests", () => {
  put("c/src/x.ts", "export {};\n");
  put("d/src/x.test.ts", "export {};\n");
  expect(untestedFolders(root, ["c", "d", "not-there"])).toEqual(["c"]);
});
