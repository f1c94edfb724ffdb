import { CliCommand } from "../cli-command.ts";
import { collect, JSON_OPTION } from "./shared-options.ts";

export function liveCommand(): CliCommand {
  return new CliCommand("live")
    .description(
      "Trade at a venue. Starts halted until a person arms it, at the venue's test environment unless an account is named for real money; recovers by itself what an earlier process left behind.",
    )
    .example("tradepulse live --config configs/live/default.toml", "at the test environment")
    .example("tradepulse live --config live.toml --live main", 'with the real money of the account that the file calls "main"')
    .example("tradepulse live --config live.toml --show-config", "what would be used, and where each value comes from")
    .exitsWith(3, 4)
    .requiredOption("-c, --config <file>", "TOML file: venues, credentials, limits, strategy")
    .option("--venue <name>", "a venue of the file, in place of the strategy's")
    .option("--live <account>", "trade real money of this account; the file must name the same, and turn sandbox off")
    .option("-s, --set <name=value>", "a value over the file, such as risk.max_notional=500; repeatable", collect)
    .option("--show-config", "show every value that would be used and where it comes from, then end; secrets are not shown")
    .option(...JSON_OPTION)
    .action(async (options: Record<string, unknown>) => {
      if (options["showConfig"] === true) {
        const { showConfig } = await import("../live/show-config.ts");
        await showConfig(options);
        return;
      }
      const { runSession } = await import("../live/run-session.ts");
      await runSession("live", options);
    });
}
