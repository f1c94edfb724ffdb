import { CliCommand } from "../cli-command.ts";
import { JSON_OPTION } from "./shared-options.ts";

export function testCommand(): CliCommand {
  return new CliCommand("test")
    .description("Run the tests of strategies with Node's own test runner; needs nothing installed.")
    .argument("[files...]", "test files; every *.test.ts below this folder that uses node:test otherwise")
    .example("tradepulse test", "all tests below this folder")
    .example("tradepulse test my-strategy.test.ts", "one file")
    .exitsWith(1)
    .option(...JSON_OPTION)
    .action(async (files: string[], options: { json?: boolean }) => {
      const { runTests } = await import("../test/run-tests.ts");
      await runTests(files, options);
    });
}
