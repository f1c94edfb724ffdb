import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

test("data list --json names the bundled datasets", async () => {
  const { code, stdout } = await runCommand(["data", "list", "--json"]);
  const { schema, datasets } = JSON.parse(stdout) as { schema: number; datasets: { name: string; licence: string }[] };
  expect(code).toBe(0);
  expect(schema).toBe(1);
  expect(datasets.map(({ name }) => name)).toEqual(["sp500", "aapl", "synth"]);
});

test("data show tells instrument, range, tick and findings within 40 columns", async () => {
  const { code, stdout } = await runCommand(["data", "show", "sp500"], { columns: 40 });
  expect(code).toBe(0);
  expect(stdout).toContain("SP500@SAMPLE\n");
  expect(stdout).toMatch(/bars {5}5,105 of 1d/);
  // Only words without a space, such as the digest, are wider.
  for (const line of stdout.split("\n")) if (line.length > 40) expect(line.trim().split(/\s+/).length).toBeLessThanOrEqual(2);
});

test("data check answers 0 for clean bars and 1 for a warning", async () => {
  expect((await runCommand(["data", "check", "synth:bars=500"])).code).toBe(0);
  const { code, stdout } = await runCommand(["data", "check", "synth:bars=5000,gaps=0.05", "--json"]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1,
    ok: false,
    findings: expect.arrayContaining([expect.objectContaining({ code: "gaps" })]),
  });
});

test.each([
  ["a directory", (path: string) => mkdirSync(path), "TP_DATA_DIRECTORY"],
  ["an empty file", (path: string) => writeFileSync(path, ""), "TP_DATA_EMPTY"],
  ["a picture", (path: string) => writeFileSync(path, Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")), "TP_DATA_FILE_KIND"],
  [
    "a price of zero",
    (path: string) => writeFileSync(path, "time,open,high,low,close,volume\n2024-01-01,1,1,1,1,1\n2024-01-02,1,1,0,1,1\n"),
    "TP_DATA_NOT_POSITIVE",
  ],
])("data show refuses %s with exit code 3 and its code", async (_what, make, expected) => {
  const path = join(emptyFolder(), "prices.csv");
  make(path);
  const { code, stdout, stderr } = await runCommand(["data", "show", path]);
  expect({ code, stdout, first: stderr.split("\n")[0] }).toEqual({ code: 3, stdout: "", first: expected });
  expect(stderr).toContain("prices.csv");
});
