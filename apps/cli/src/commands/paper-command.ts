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
    .example("tradepulse paper --config configs/live/default.toml", "on the venue's bars as they come")
    .exitsWith(3, 4);
  command
    .option("-c, --config <file>", "TOML file of a live session: its strategy runs on paper at its venue, without keys")
    .option("--venue <name>", "a venue of that file, in place of the strategy's")
    .option("-d, --data <file>", "file or bundled dataset; --data name=file for each of several inputs", collect)
    .option("--speed <bars>", "bars a second, or max (500)")
    .option("-s, --set <name=value>", "a parameter of the strategy, or with --config a value over the file; repeatable", collect)
    .option("--run-file <file>", "TOML file with strategy, data, parameters and options; flags win over it")
    .option(...SESSIONS_OPTION)
    .option(...JSON_OPTION);
  addDataOptions(command);
  addRunFlags(command);
  return command.action(async (strategy: string | undefined, options: Record<string, unknown>) => {
    if (options["config"] !== undefined) {
      const { runSession } = await import("../live/run-session.ts");
      await runSession("paper", options);
      return;
    }
    const { paper } = await import("../paper/paper.ts");
    await paper(strategy, options);
  });
}
