import { CliCommand } from "../cli-command.ts";
import { JSON_OPTION } from "./shared-options.ts";

export function demoCommand(): CliCommand {
  return new CliCommand("demo")
    .description("Backtest a sample strategy on the S&P 500 from 2000 to 2020, bundled; offline, in a second.")
    .example("tradepulse demo", "summary here, report.html in the run folder")
    .exitsWith(3, 4)
    .option("--runs <folder>", "where run folders go; ./runs otherwise, or TRADEPULSE_DATA_DIR/runs")
    .option(...JSON_OPTION)
    .action(async (options: { runs?: string; json?: boolean }) => {
      const { demo } = await import("../demo/demo.ts");
      await demo(options);
    });
}
