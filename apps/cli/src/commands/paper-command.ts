import { addRunFlags } from "../backtest/run-flags.ts";
import { CliCommand } from "../cli-command.ts";
import { refuseUsage } from "../usage-error.ts";
import { addDataOptions, collect, JSON_OPTION } from "./shared-options.ts";

export const SESSIONS_OPTION = [
  "--sessions <folder>",
  "where session folders are; otherwise ./sessions (or TRADEPULSE_DATA_DIR/sessions) and ./state",
] as const;

const WITH_CONFIG = new Set(["config", "venue", "set", "json"]);

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
      refuseBesideConfig(strategy, command);
      const { runSession } = await import("../live/run-session.ts");
      await runSession("paper", options);
      return;
    }
    const { paper } = await import("../paper/paper.ts");
    await paper(strategy, options);
  });
}

/** A configuration says what to run and at which costs: what is said beside it would be passed over in silence. */
function refuseBesideConfig(strategy: string | undefined, command: CliCommand): void {
  const ignored = command.options.find(
    (option) => !WITH_CONFIG.has(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (strategy === undefined && ignored === undefined) return;
  refuseUsage(
    "TP_CLI_OPTION_TWICE",
    `Cannot run on paper both by --config and ${strategy === undefined ? `with ${ignored!.long}` : `the strategy "${strategy}"`}: the configuration says that itself`,
    "keep one of them; a value over the file is --set section.key=value",
  );
}
