import { CliCommand } from "../cli-command.ts";
import { collect, JSON_OPTION } from "./shared-options.ts";

export function drillCommand(): CliCommand {
  return new CliCommand("drill")
    .description(
      "Try the kill switch and the sentinel, measure them, and keep the evidence. Without a configuration it starts a venue, a trader and a sentinel of its own on this machine; with one it halts the session that runs there, which stays halted.",
    )
    .example("tradepulse drill", "everything, offline, in under a minute")
    .example("tradepulse drill --config configs/live/default.toml --by ada", "the kill switch of a session that runs")
    .example(
      "tradepulse drill --config configs/live/default.toml --stop-trader --by ada",
      "its sentinel: stops the trader's process for a while",
    )
    .example("tradepulse drill --list", "earlier drills; warns when the last is old")
    .exitsWith(1, 3)
    .option("-c, --config <file>", "drill the session of this TOML file that runs on this machine")
    .option("--venue <name>", "a venue of the file, in place of the strategy's")
    .option("--stop-trader", "drill the sentinel instead: the trader's process is stopped, and goes on when the sentinel has acted")
    .option("--live <account>", "halt real money of this account; the file must name the same, and turn sandbox off")
    .option("-s, --set <name=value>", "a value over the file; repeatable", collect)
    .option("--by <name>", "who drills; the user of this machine otherwise")
    .option("--state <folder>", "folder that the evidence goes to; that of the configuration, else ./state")
    .option("--list", "show earlier drills")
    .option("--max-age <days>", "with --list: how old the last may be; an older one is a finding (90)")
    .option(...JSON_OPTION)
    .action(async (options: Record<string, unknown>) => {
      if (options["list"] === true) {
        const { listDrills } = await import("../drill/list-drills.ts");
        await listDrills(options);
        return;
      }
      const { runDrill } = await import("../drill/run-drill.ts");
      await runDrill(options);
    });
}
