import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

const example = (name: string): string => fileURLToPath(new URL(`../../../../examples/strategies/${name}.ts`, import.meta.url));

test("a run is printed, kept, listed, shown and verified", async () => {
  const cwd = emptyFolder();
  const { code, stdout, stderr } = await runCommand(["backtest", example("ema-cross"), "--data", "sp500", "--fee", "0.0005", "--json"], {
    cwd,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const document = JSON.parse(stdout) as { folder: string; report: string; runHash: string };
  expect(document).toMatchObject({ schema: 1, ok: true, strategy: "ema-cross", instruments: ["SP500@SAMPLE"], bars: 5_105 });
  expect(readdirSync(join(cwd, "runs"))).toHaveLength(1);
  for (const file of ["manifest.json", "summary.json", "orders.csv", "fills.csv", "round-trips.csv", "report.html"]) {
    expect(existsSync(join(document.folder, file)), file).toBe(true);
  }

  const listed = JSON.parse((await runCommand(["runs", "list", "--json"], { cwd })).stdout) as { runs: { runHash: string }[] };
  expect(listed.runs.map(({ runHash }) => runHash)).toEqual([document.runHash]);

  const shown = await runCommand(["runs", "show", "last"], { cwd, columns: 60 });
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain(document.runHash);
  expect(shown.stdout).toContain("fee.taker 0.0005 (flag)");

  const verified = await runCommand(["verify", "last", "--json"], { cwd });
  expect(verified.code).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({ schema: 1, ok: true });
});

test.each([40, 60, 80, 120])("the summary stays within %i columns, but for words that cannot be broken", async (columns) => {
  const { code, stdout } = await runCommand(["backtest", example("ema-cross"), "--data", "sp500", "--no-save"], { columns });
  expect(code).toBe(0);
  expect(stdout).toMatch(/[▁▂▃▄▅▆▇█]{30,}/);
  expect(stdout).toMatch(/Max drawdown +-[\d.]+ %/);
  const tooWide = stdout.split("\n").filter((line) => line.length > columns && line.trim().split(/\s+/).length > 3);
  expect(tooWide).toEqual([]);
});

test("two inputs take a dataset each", async () => {
  const args = ["backtest", example("pairs-trade"), "--data", "a=aapl", "--data", "b=sp500", "--leverage", "2", "--no-save", "--json"];
  const { code, stdout } = await runCommand(args);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ instruments: ["AAPL@SAMPLE", "SP500@SAMPLE"], folder: null });
});

describe("what is wrong is said, with its exit code, and nothing is written", () => {
  const throwing =
    'import { defineStrategy } from "@tradepulse/core";\nexport default defineStrategy({\n  name: "throws",\n  create: () => ({\n    onBar() {\n      throw new Error("no");\n    },\n  }),\n});\n';

  test.each<[string, string[], number, string, string]>([
    ["no data", [example("ema-cross")], 2, "TP_CLI_DATA_MISSING", "--data sp500"],
    ["an unknown option", [example("ema-cross"), "--data", "sp500", "--capitol", "5"], 2, "TP_CLI_OPTION_UNKNOWN", "meant  --capital"],
    [
      "a parameter out of range",
      [example("ema-cross"), "--data", "sp500", "--set", "fast=99"],
      2,
      "TP_STRATEGY_PARAM_VALUE",
      "whole numbers from 2 to 50",
    ],
    ["a fee of 300 %", [example("ema-cross"), "--data", "sp500", "--fee", "3"], 2, "TP_RUN_OPTION_VALUE", "fee.taker"],
    ["an absent strategy", ["absent.ts", "--data", "sp500"], 4, "TP_STRATEGY_FILE_NOT_FOUND", "absent.ts"],
    ["an absent file", [example("ema-cross"), "--data", "absent.csv"], 3, "TP_DATA_NOT_FOUND", "absent.csv"],
    ["a strategy that throws", ["throws.ts", "--data", "sp500"], 4, "TP_STRATEGY_THREW", "throws.ts:6:13"],
  ])("%s", async (_what, args, exit, failure, text) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "throws.ts"), throwing);
    const { code, stdout, stderr } = await runCommand(["backtest", ...args], { cwd });
    expect({ code, stdout, failure: stderr.split("\n")[0] }).toEqual({ code: exit, stdout: "", failure });
    expect(stderr).toContain(text);
    expect(readdirSync(cwd)).toEqual(["throws.ts"]);
  });
});

test("Ctrl-C in a long run exits with 130 and leaves no run folder", async () => {
  const cwd = emptyFolder();
  const slow = `import { defineStrategy } from "@tradepulse/core";
export default defineStrategy({
  name: "slow",
  create() {
    let bars = 0;
    return {
      onBar() {
        bars += 1;
        if (bars === 1_000) console.error("running");
        for (const end = performance.now() + 0.05; performance.now() < end; );
      },
    };
  },
});
`;
  writeFileSync(join(cwd, "slow.ts"), slow);
  const { code, stdout, stderr } = await runCommand(["backtest", "slow.ts", "--data", "synth:bars=1000000"], {
    cwd,
    interruptWhen: /running/,
  });
  expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  expect(stderr).toContain("interrupted: nothing was written");
  expect(readdirSync(cwd)).toEqual(["slow.ts"]);
});

test("a new project backtests from its run file, flags winning over it", async () => {
  const folder = emptyFolder();
  expect((await runCommand(["init", "my-idea"], { cwd: folder })).code).toBe(0);
  const cwd = join(folder, "my-idea");
  const args = ["backtest", "--run-file", "my-idea.toml", "--set", "length=20", "--capital", "5000", "--json"];
  const { code, stdout, stderr } = await runCommand(args, { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const document = JSON.parse(stdout) as { folder: string };
  expect(document).toMatchObject({ params: { length: 20, fraction: 0.95 }, summary: { openingEquity: 5_000 } });
  expect(document.folder.startsWith(join(cwd, "runs"))).toBe(true);
});

test("backtest tells of a strategy that ends the process, which must not look like success", async () => {
  const folder = emptyFolder();
  writeFileSync(
    join(folder, "quits.ts"),
    `import { defineStrategy } from "@tradepulse/core";
export default defineStrategy({ name: "quits", create: () => ({ onBar: () => process.exit(0) }) });
`,
  );
  const { code, stdout, stderr } = await runCommand(["backtest", "quits.ts", "--data", "sp500", "--json"], { cwd: folder });
  expect(code).toBe(4);
  expect(stderr).toMatch(/^TP_CLI_ENDED\nCannot finish: the process was ended with 0 before the command was done/);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, exit: 4, error: { code: "TP_CLI_ENDED" } });
});
