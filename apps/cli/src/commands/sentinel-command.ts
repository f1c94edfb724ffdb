import { CliCommand } from "../cli-command.ts";
import { collect, JSON_OPTION } from "./shared-options.ts";

export function sentinelCommand(): CliCommand {
  return new CliCommand("sentinel")
    .description(
      "Watch the traders of an account from a process of its own. When one of them dies, fails or stands still, it latches the halt, cancels what works at the venue with keys of its own, and calls for a person. It never sends an order.",
    )
    .example("tradepulse sentinel --config configs/live/default.toml", "beside the trader of the same file; start either of them first")
    .exitsWith(3)
    .requiredOption("-c, --config <file>", "TOML file of the traders, with a section [sentinel]")
    .option("--venue <name>", "a venue of the file, in place of the strategy's")
    .option("-s, --set <name=value>", "a value over the file, such as sentinel.heartbeat_timeout=20; repeatable", collect)
    .option(...JSON_OPTION)
    .action(async (options: Record<string, unknown>) => {
      const { runSentinel } = await import("../sentinel/run-sentinel.ts");
      await runSentinel(options);
    });
}
