import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

// The documents are run as they are written: what a reader copies must work.
const root = fileURLToPath(new URL("..", import.meta.url));
const command = join(root, "apps", "cli", "bin", "tradepulse.mjs");
const temporary = mkdtempSync(join(tmpdir(), "tradepulse-documents-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function run(args: readonly string[], folder: string): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { cwd: folder, env: { ...process.env, NO_COLOR: "1" } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

/** Fenced blocks of one language, in order. */
function blocksOf(path: string, language: string): string[] {
  const text = readFileSync(join(root, path), "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter((match) => match[1] === language).map((match) => match[2]!);
}

/** The arguments of every `npx tradepulse` command of a page. No argument has a blank in it. */
function commandsOf(path: string): string[][] {
  return blocksOf(path, "bash")
    .flatMap((block) => block.replaceAll("\\\n", " ").split("\n"))
    .filter((line) => line.startsWith("npx tradepulse "))
    .map((line) => line.trim().split(/\s+/).slice(2));
}

/** Lines of code without comments and blank lines. */
function codeOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "" && !/^\s*(\/\/|\/\*\*)/.test(line));
}

describe("examples/README.md", () => {
  test.each(commandsOf("examples/README.md").map((args) => [args.join(" "), args] as const))("%s", async (_text, args) => {
    const { code, output } = await run([...args, "--no-save"], root);
    expect(output).toContain("Findings");
    expect(code).toBe(0);
  });
});

describe("docs/guides/first-strategy.md", () => {
  const guide = "docs/guides/first-strategy.md";
  const [strategy, tapeTest, parameter, tools, entry, tape] = blocksOf(guide, "ts") as [string, string, string, string, string, string];
  const folder = join(temporary, "my-strategy");
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");

  test("shows the files that init writes", async () => {
    expect((await run(["init", "my-strategy", "--folder", folder], temporary)).code).toBe(0);
    expect(codeOf(read("my-strategy.ts"))).toEqual(codeOf(strategy));
    expect(read("my-strategy.test.ts").split("\n")).toEqual(expect.arrayContaining(codeOf(tapeTest)));
    expect((await run(["test"], folder)).code).toBe(0);
  });

  test("changes the strategy so that the old test fails and the new one passes", async () => {
    const before = read("my-strategy.ts");
    const after = before
      .replace(/^ {4}fraction: .*$/m, (line) => `${parameter.trimEnd()}\n${line}`)
      .replace(/^ {2}create\(.*$/m, tools.trimEnd())
      .replace(/^ {8}if \(position\.isFlat .*$/m, entry.trimEnd());
    writeFileSync(join(folder, "my-strategy.ts"), after);
    const failed = await run(["test"], folder);
    expect(failed.code).toBe(1);
    for (const line of blocksOf(guide, "text")[0]!.trimEnd().split("\n")) expect(failed.output).toContain(line.trim());

    const oldTape = /^ {4}\[\n[\s\S]*?^ {4}\]\.join\("\\n"\),\n/m;
    expect(read("my-strategy.test.ts")).toMatch(oldTape);
    writeFileSync(join(folder, "my-strategy.test.ts"), read("my-strategy.test.ts").replace(oldTape, tape));
    expect((await run(["test"], folder)).code).toBe(0);
  });

  test("runs, checks, lists and repeats it by the commands that it names", async () => {
    writeFileSync(join(folder, "prices.csv"), pricesCsv());
    const commands = commandsOf(guide).filter(([name]) => name !== "init");
    expect(commands.map((args) => args[0])).toEqual(expect.arrayContaining(["test", "backtest", "data", "check", "runs", "verify"]));
    for (const args of commands) {
      const { code, output } = await run(args, folder);
      expect(code, `${args.join(" ")}\n${output}`).toBe(0);
    }
  });

  test("shows the answer to a look ahead", async () => {
    const after = read("my-strategy.ts")
      .replace("{ indicator }", "{ main, indicator }")
      .replace("if (!average.ready) return;", "if (!average.ready || main.close.ago(-1) > bar.close) return;");
    writeFileSync(join(folder, "my-strategy.ts"), after);
    const { code, output } = await run(["backtest", "my-strategy.ts", "--data", "sp500", "--no-save"], folder);
    expect(code).toBe(4);
    for (const line of blocksOf(guide, "text")[1]!.trimEnd().split("\n")) {
      if (!line.includes("  at  ")) expect(output).toContain(line.trim());
    }
    expect(output).toMatch(/ {2}at {8}.*my-strategy\.ts:\d+:\d+/);
  });
});

/** A hundred days of prices that rise and fall, without weekends. */
function pricesCsv(): string {
  const days = Array.from({ length: 140 }, (_, k) => new Date(Date.UTC(2024, 0, 1 + k))).filter((day) => day.getUTCDay() % 6 !== 0);
  const rows = days.map((day, k) => {
    const price = (100 + 10 * Math.sin(k / 9)).toFixed(2);
    return `${day.toISOString().slice(0, 10)},${price},${price},${price},${price},1000`;
  });
  return `date,open,high,low,close,volume\n${rows.join("\n")}\n`;
}
