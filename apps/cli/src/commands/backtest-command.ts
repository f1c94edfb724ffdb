import { addRunFlags } from "../backtest/run-flags.ts";
import { CliCommand } from "../cli-command.ts";
import { addDataOptions, collect, JSON_OPTION } from "./shared-options.ts";

export function backtestCommand(): CliCommand {
  const command = new CliCommand("backtest")
    .description("Run a strategy over past data; print a summary and keep a run folder with a report.")
    .argument("[strategy]", "strategy file; may come from the run file")
    .example("tradepulse backtest ema-cross.ts --data sp500", "on a bundled dataset")
    .example(
      "tradepulse backtest ema-cross.ts --data btc.csv --from 2024-01-01 --set fast=10 --fee 0.001 --spread 0.0002",
      "on a file, with a parameter and costs",
    )
    .example("tradepulse backtest pairs.ts --data a=one.csv --data b=two.csv --account margin --leverage 2", "two inputs, on margin")
    .example("tradepulse backtest --run-file ema-cross.toml --json", "everything from a run file, for a script")
    .exitsWith(3, 4);
  command
    .option("-d, --data <file>", "file or bundled dataset; --data name=file for each of several inputs", collect)
    .option("-s, --set <name=value>", "a parameter of the strategy; repeatable", collect)
    .option("--run-file <file>", "TOML file with strategy, data, parameters and options; flags win over it")
    .option(...JSON_OPTION);
  addDataOptions(command);
  addRunFlags(command);
  command.optionsGroup("Result:");
  command
    .option("--runs <folder>", "where run folders go; ./runs otherwise, or TRADEPULSE_DATA_DIR/runs")
    .option("--no-save", "keep no run folder and no report")
    .option("--delay", "run once more with every decision one bar later, and compare")
    .action(async (strategy: string | undefined, options: Record<string, unknown>) => {
      const { backtest } = await import("../backtest/backtest.ts");
      await backtest(strategy, options);
    });
  return command;
}
