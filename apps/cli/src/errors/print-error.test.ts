import { readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { FailureError } from "@tradepulse/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Interruption } from "../interruption.ts";
import { printError } from "./print-error.ts";

let printed = "";

beforeEach(() => {
  printed = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

test("printError() answers with the exit code of the failure's table", async () => {
  const failure = { code: "TP_DATA_EMPTY", message: 'Cannot read "x.csv": it is empty', details: [], next: "export it again" };
  expect(await printError(new FailureError(failure), { isJson: false })).toBe(3);
  expect(printed).toBe('TP_DATA_EMPTY\nCannot read "x.csv": it is empty\n  next  export it again\n');
});

test("printError() calls what nobody foresaw a bug, and keeps the stack in a file", async () => {
  expect(await printError(new TypeError("x is not a function"), { isJson: false })).toBe(70);
  expect(printed).toMatch(/^TP_CLI_BUG\nCannot go on: this is a bug in TradePulse \(x is not a function\)\n/);
  const path = /stack {2}(.*)/.exec(printed)![1]!;
  expect(readFileSync(path, "utf8")).toContain("print-error.test.ts");
  rmSync(dirname(path), { recursive: true });
});

test("printError() answers an interruption with 130", async () => {
  expect(await printError(new Interruption("interrupted"), { isJson: false })).toBe(130);
  expect(printed).toBe("interrupted: nothing was written\n");
});
