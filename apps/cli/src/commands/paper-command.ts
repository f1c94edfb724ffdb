import { addRunFlags } from "../backtest/run-flags.ts";
import { CliCommand } from "../cli-command.ts";
import { addDataOptions, collect, JSON_OPTION } from "./shared-options.ts";

export const SESSIONS_OPTION = [
  "--sessions <folder>",
  "where session folders are; ./sessions otherwise, or TRADEPULSE_DATA_DIR/sessions",
] as const;

export function paperCommand(): CliCommand {
  const command = new CliCommand("paper")
    .description("Trade on paper: a strategy runs bar by bar as it would live, with a simulated venue, and everything is recorded.")
    .argument("[strategy]", "strategy file; may come from the run file")
    .example("tradepulse paper ema-cross.ts --data sp500", "on a bundled dataset, offline")
    .example("tradepulse paper ema-cross.ts --data btc.csv --speed max --fee 0.001", "on a file, as fast as it goes")
    .exitsWith(3, 4);
  command
    .option("-d, --data <file>", "file or bundled dataset; --data name=file for each of several inputs", collect)
    .option("--speed <bars>", "bars a second, or max (500)")
    .option("-s, --set <name=value>", "a parameter of the strategy; repeatable", collect)
    .option("--run-file <file>", "TOML file with strategy, data, parameters and options; flags win over it")
    .option(...SESSIONS_OPTION)
    .option(...JSON_OPTION);
  addDataOptions(command);
  addRunFlags(command);
  return command.action(async (strategy: string | undefined, options: Record<string, unknown>) => {
    const { paper } = await import("../paper/paper.ts");
    await paper(strategy, options);
  });
}
