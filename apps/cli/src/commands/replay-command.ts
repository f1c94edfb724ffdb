import { CliCommand } from "../cli-command.ts";
import { SESSIONS_OPTION } from "./paper-command.ts";
import { JSON_OPTION } from "./shared-options.ts";

export function replayCommand(): CliCommand {
  return new CliCommand("replay")
    .description("Feed the journal of a session through the engine again, and compare every decision.")
    .argument("<session>", 'session folder, or a part of its name; "last" for the newest')
    .example("tradepulse replay last", "the newest session")
    .exitsWith(3, 4, 5)
    .option(...SESSIONS_OPTION)
    .option(...JSON_OPTION)
    .action(async (session: string, options: { sessions?: string; json?: boolean }) => {
      const { replay } = await import("../replay/replay.ts");
      await replay(session, options);
    });
}
