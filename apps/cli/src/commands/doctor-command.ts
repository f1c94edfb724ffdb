import { CliCommand } from "../cli-command.ts";
import { JSON_OPTION } from "./shared-options.ts";

export function doctorCommand(): CliCommand {
  return new CliCommand("doctor")
    .description("Check the environment: Node, platform, memory, folders, compile cache, compiler.")
    .example("tradepulse doctor", "what to attach to a question")
    .exitsWith(1)
    .option(...JSON_OPTION)
    .action(async (options: { json?: boolean }) => {
      const { doctor } = await import("../doctor/doctor.ts");
      await doctor(options);
    });
}
