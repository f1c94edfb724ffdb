import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

test("check answers 0 for an honest strategy, on made-up bars where no data is named", async () => {
  const strategy = fileURLToPath(new URL("../../../../examples/strategies/ema-cross.ts", import.meta.url));
  const { code, stdout, stderr } = await runCommand(["check", strategy, "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ schema: 1, ok: true, strategyName: "ema-cross", data: "synthetic" });
});

test("check answers 1 for a strategy that rolls dice, and points at the line", async () => {
  const cwd = emptyFolder();
  const dice = `import { buy, close, defineStrategy } from "@tradepulse/core";
export default defineStrategy({
  name: "dice",
  create: () => ({
    onBar(_bar, { position }) {
      if (Math.random() < 0.1) return position.isFlat ? buy({ fraction: 0.5 }) : close();
    },
  }),
});
`;
  writeFileSync(join(cwd, "dice.ts"), dice);
  const { code, stdout } = await runCommand(["check", "dice.ts", "--data", "sp500"], { cwd, columns: 60 });
  expect(code).toBe(1);
  expect(stdout).toMatch(/FOUND {2}same twice/);
  expect(stdout).toMatch(/dice\.ts:6:11/);
});
