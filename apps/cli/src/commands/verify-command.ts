import { CliCommand } from "../cli-command.ts";
import { JSON_OPTION } from "./shared-options.ts";

export function verifyCommand(): CliCommand {
  return new CliCommand("verify")
    .description("Run a kept run again from its manifest and compare the run hash.")
    .argument("<run>", 'run folder, or the beginning or end of its name; "last" for the newest')
    .example("tradepulse verify last", "the newest run")
    .example("tradepulse verify ema-cross-1f2e3d4c", "a run by the end of its name")
    .exitsWith(3, 4, 5)
    .option("--runs <folder>", "where run folders are; ./runs otherwise, or TRADEPULSE_DATA_DIR/runs")
    .option(...JSON_OPTION)
    .action(async (run: string, options: { runs?: string; json?: boolean }) => {
      const { verify } = await import("../kept-runs/verify.ts");
      await verify(run, options);
    });
}
