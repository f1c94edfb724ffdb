import { CliCommand } from "../cli-command.ts";
import type { KillOptions } from "../kill/kill.ts";
import { SESSIONS_OPTION } from "./paper-command.ts";
import { JSON_OPTION } from "./shared-options.ts";

export function killCommand(): CliCommand {
  return new CliCommand("kill")
    .description(
      "Halt the trading of a session, or arm it again. It is latched on the disk and binds every process of the account, now and later.",
    )
    .argument("<session>", 'session folder, or a part of its name; "last" for the newest')
    .example("tradepulse kill last", "halt: no new orders; working orders stay")
    .example("tradepulse kill last --flatten", "halt, cancel all orders, close all positions")
    .example('tradepulse kill last --arm --by ada --reason "positions checked"', "allow trading again")
    .option("--reason <text>", "why; needed to arm")
    .option("--by <name>", "who; the user of this machine otherwise, needed to arm")
    .option("--reduce-only", "allow orders that only reduce positions, instead of none")
    .option("--cancel-all", "cancel all working orders too, protective ones included")
    .option("--flatten", "cancel all working orders and close all positions too")
    .option("--arm", "allow trading")
    .option("--status", "change nothing, show the state")
    .option(...SESSIONS_OPTION)
    .option(...JSON_OPTION)
    .action(async (session: string, options: KillOptions) => {
      const { kill } = await import("../kill/kill.ts");
      await kill(session, options);
    });
}
