import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

test("a run is found by its folder, by last, and by a part of its name; anything else is refused", async () => {
  const cwd = emptyFolder();
  const strategy = fileURLToPath(new URL("../../../../examples/strategies/ema-cross.ts", import.meta.url));
  const keep = async (fast: string): Promise<{ folder: string; runHash: string }> => {
    const { stdout } = await runCommand(["backtest", strategy, "--data", "sp500", "--set", `fast=${fast}`, "--json"], { cwd });
    return JSON.parse(stdout) as { folder: string; runHash: string };
  };
  const first = await keep("10");
  const second = await keep("11");
  const hashOf = async (word: string): Promise<unknown> => {
    const { stdout } = await runCommand(["runs", "show", word, "--json"], { cwd });
    return (JSON.parse(stdout) as { manifest?: { runHash: string } }).manifest?.runHash;
  };
  expect(await hashOf(first.folder)).toBe(first.runHash);
  expect(await hashOf(first.folder.slice(-8))).toBe(first.runHash);
  expect(await hashOf(second.folder.slice(-8))).toBe(second.runHash);

  const ambiguous = await runCommand(["runs", "show", "ema-cross"], { cwd });
  expect(ambiguous.code).toBe(2);
  expect(ambiguous.stderr).toMatch(/^TP_CLI_RUN\nCannot choose a run by "ema-cross": 2 runs/);
  const absent = await runCommand(["verify", "nonsense"], { cwd });
  expect(absent.code).toBe(2);
  expect(absent.stderr).toMatch(/^TP_CLI_RUN\nCannot find run "nonsense"/);
});
