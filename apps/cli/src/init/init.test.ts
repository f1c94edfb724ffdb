import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

test("init in an empty folder gives a strategy whose own test passes", async () => {
  const folder = emptyFolder();
  const made = await runCommand(["init", "my-idea", "--json"], { cwd: folder });
  expect(made.code).toBe(0);
  expect(JSON.parse(made.stdout)).toMatchObject({ schema: 1, ok: true, folder: join(folder, "my-idea"), kept: [] });

  const tested = await runCommand(["test", "--json"], { cwd: join(folder, "my-idea") });
  expect(JSON.parse(tested.stdout)).toMatchObject({ schema: 1, ok: true, passed: 2, failed: 0 });
  expect(tested.code).toBe(0);
  expect(readFileSync(join(folder, "my-idea", "my-idea.ts"), "utf8")).toContain('name: "my-idea"');

  const live = await runCommand(["live", "--config", "my-idea.live.toml", "--show-config", "--json"], { cwd: join(folder, "my-idea") });
  expect([live.code, live.stderr]).toEqual([0, ""]);
  const paper = await runCommand(["paper", "--run-file", "my-idea.toml", "--speed", "max", "--json"], { cwd: join(folder, "my-idea") });
  expect(JSON.parse(paper.stdout)).toMatchObject({ ok: true, strategy: "my-idea" });
});

test("init keeps a package.json that is there, and writes nothing where the strategy exists", async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, "package.json"), '{"type":"commonjs"}');
  const made = await runCommand(["init", "my-idea", "--folder", "."], { cwd: folder });
  expect(made.code).toBe(0);
  expect(made.stdout).toMatch(/kept {5}package.json/);
  expect(readFileSync(join(folder, "package.json"), "utf8")).toBe('{"type":"commonjs"}');

  const before = readdirSync(folder);
  const again = await runCommand(["init", "my-idea", "--folder", "."], { cwd: folder });
  expect(again.code).toBe(2);
  expect(again.stderr).toMatch(/^TP_CLI_INIT_EXISTS\n.*my-idea.ts, my-idea.test.ts, my-idea.toml, my-idea.live.toml would be overwritten/);
  expect(readdirSync(folder)).toEqual(before);
});

test("a failing test makes the exit code 1 and is named", async () => {
  const folder = emptyFolder();
  writeFileSync(
    join(folder, "wrong.test.ts"),
    'import assert from "node:assert"; import { test } from "node:test"; import { sma } from "@tradepulse/core"; test("never", () => assert.equal(typeof sma, "string"));',
  );
  const { code, stdout } = await runCommand(["test", "--json"], { cwd: folder });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, failed: 1, tests: [{ file: "wrong.test.ts", name: "never", ok: false }] });
});

test("tests of another runner are left to it", async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, "other.test.ts"), 'import { test } from "vitest"; test("elsewhere", () => {});');
  const { code, stderr } = await runCommand(["test"], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain("TP_CLI_NO_TESTS\nCannot run tests: there is no *.test.ts that uses node:test below this folder");
});
