import { execFileSync, spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { BIN, emptyFolder, runCommand } from "./testing/run-command.ts";

test("tradepulse without a word prints help and exits with 0", async () => {
  const { code, stdout, stderr } = await runCommand([]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: tradepulse/);
  expect(stderr).toBe("");
});

test("a misspelt command is a usage error with the nearest name, nothing on standard output", async () => {
  const { code, stdout, stderr } = await runCommand(["backtst"]);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(
    /^TP_CLI_COMMAND_UNKNOWN\nCannot run "tradepulse backtst": .*\n {2}meant {2}backtest\n {2}next {3}see tradepulse --help\n$/,
  );
});

test("--json makes a failure the one document on standard output", async () => {
  const { code, stdout, stderr } = await runCommand(["data", "show", "absent.csv", "--json"]);
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 1, ok: false, exit: 3, error: { code: "TP_DATA_NOT_FOUND" } });
  expect(stderr).toMatch(/^TP_DATA_NOT_FOUND\n/);
});

test("a reader that goes away is no failure", async () => {
  const child = spawn(process.execPath, [BIN, "backtest", "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise((done) => child.on("close", done));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

const older = olderNode();

test.skipIf(older === undefined)("an older Node hands over to the pinned one, exit code included", async () => {
  const { code, stdout } = await runCommand(["doctor", "--json"], { node: older!, cwd: emptyFolder() });
  const { examinations } = JSON.parse(stdout) as { examinations: { name: string; value: string }[] };
  expect(examinations.find(({ name }) => name === "node")?.value).toMatch(/^v24\./);
  expect(code).toBe(0);
  expect((await runCommand(["nonsense"], { node: older! })).code).toBe(2);
});

/** A Node from 20 up and below 24 on the PATH, if there is one. */
function olderNode(): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, "node");
    try {
      const major = Number(
        /^v(\d+)/.exec(execFileSync(path, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))?.[1],
      );
      if (major >= 20 && major < 24) return path;
    } catch {
      // Not a Node.
    }
  }
  return undefined;
}
