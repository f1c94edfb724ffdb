import { addRunFlags } from "../backtest/run-flags.ts";
import { CliCommand } from "../cli-command.ts";
import { addDataOptions, collect, JSON_OPTION } from "./shared-options.ts";

export function checkCommand(): CliCommand {
  const command = new CliCommand("check")
    .description("Look for what makes a backtest lie: reading ahead, state kept between runs, clocks, randomness, short warm-up.")
    .argument("<strategy>", "strategy file")
    .example("tradepulse check ema-cross.ts", "on bundled or synthetic data")
    .example("tradepulse check ema-cross.ts --data btc.csv --set fast=10", "on your data")
    .exitsWith(1, 3, 4);
  command
    .option("-d, --data <file>", "file or bundled dataset; --data name=file for each of several inputs", collect)
    .option("-s, --set <name=value>", "a parameter of the strategy; repeatable", collect)
    .option("--run-file <file>", "TOML file with data, parameters and options; flags win over it")
    .option(...JSON_OPTION);
  addDataOptions(command);
  addRunFlags(command);
  return command.action(async (strategy: string, options: Record<string, unknown>) => {
    const { check } = await import("../check/check.ts");
    await check(strategy, options);
  });
}
