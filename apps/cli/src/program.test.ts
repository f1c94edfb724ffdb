import { describe, expect, test } from "vitest";
import { buildProgram, everyCommand } from "./program.ts";
import { textWidth } from "./terminal/wrap-text.ts";
import { UsageError } from "./usage-error.ts";

const commands = everyCommand(buildProgram());

describe.each(commands.map((command) => [command.path, command] as const))("%s", (_path, command) => {
  test("describes itself and shows an example of itself", () => {
    expect(command.description()).toMatch(/^[A-Z].*\.$/);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const [line] of command.examples) expect(line).toMatch(/^tradepulse /);
  });

  test.runIf(command.commands.length === 0)("has --json, and exit codes in its help", () => {
    expect(command.options.map((option) => option.long)).toContain("--json");
    expect(command.helpInformation()).toMatch(/Exit codes:\n {4}0 {2}done/);
  });

  test.each([60, 80, 120])("keeps its help within %i columns, but for long words", (width) => {
    command.configureOutput({ getOutHelpWidth: () => width });
    const tooWide = command
      .helpInformation()
      .split("\n")
      .filter((line) => textWidth(line) > width && !/^\s*\S+$/.test(line));
    expect(tooWide).toEqual([]);
  });
});

test.each([
  [["backtst"], "TP_CLI_COMMAND_UNKNOWN", "backtst"],
  [["runs", "lst"], "TP_CLI_COMMAND_UNKNOWN", "lst"],
  [["data", "show"], "TP_CLI_ARGUMENT", "<file> is missing"],
  [["data", "show", "a", "b"], "TP_CLI_ARGUMENT", 'it was given 2 arguments ("a", "b"), at most 1 is allowed'],
  [["data", "show", "a", "--stamp", "opn"], "TP_CLI_OPTION_VALUE", "allowed are open, close, month-end"],
  [["data", "show", "a", "--stamp"], "TP_CLI_OPTION_VALUE", "--stamp has no value"],
  [["backtest", "a.ts", "--cpital", "5"], "TP_CLI_OPTION_UNKNOWN", "--cpital"],
])("%j is refused with %s", async (args, code, text) => {
  const refused = await buildProgram()
    .parseAsync(args, { from: "user" })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  expect(refused).toBeInstanceOf(UsageError);
  expect((refused as UsageError).failure.code).toBe(code);
  expect((refused as UsageError).failure.message).toContain(text);
});
