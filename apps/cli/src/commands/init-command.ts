import { CliCommand } from "../cli-command.ts";
import { JSON_OPTION } from "./shared-options.ts";

export function initCommand(): CliCommand {
  return new CliCommand("init")
    .description("Write a strategy of your own: the strategy, its test, a run file, package.json and README.")
    .argument("<name>", "name of the strategy in lower-case words and dashes")
    .example("tradepulse init my-strategy", "in a new folder my-strategy")
    .example("tradepulse init my-strategy --folder .", "in this folder")
    .option("--folder <folder>", "where to write it; a new folder of the strategy's name otherwise")
    .option(...JSON_OPTION)
    .action(async (name: string, options: { folder?: string; json?: boolean }) => {
      const { init } = await import("../init/init.ts");
      await init(name, options);
    });
}
