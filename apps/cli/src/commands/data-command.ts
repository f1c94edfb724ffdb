import { CliCommand } from "../cli-command.ts";
import { addDataOptions, JSON_OPTION } from "./shared-options.ts";

export function dataCommand(): CliCommand {
  const data = new CliCommand("data")
    .description("Look at price data: what a file holds, what is wrong with it, what is bundled.")
    .helpCommand(false)
    .example("tradepulse data list", "bundled datasets")
    .example("tradepulse data show sp500", "what a dataset holds");
  const list = new CliCommand("list")
    .description("List the bundled datasets.")
    .example("tradepulse data list", "names to use with --data")
    .option(...JSON_OPTION)
    .action(async (options: { json?: boolean }) => {
      const { listBundled } = await import("../data/list-bundled.ts");
      listBundled(options);
    });
  const show = new CliCommand("show")
    .description("Show what a file or dataset holds and how it was understood.")
    .argument("<file>", "CSV file or bundled dataset")
    .example("tradepulse data show prices.csv", "instrument, range, interval, tick, findings")
    .exitsWith(3)
    .option(...JSON_OPTION)
    .action(async (file: string, options: Record<string, unknown>) => {
      const { showData } = await import("../data/show-data.ts");
      await showData(file, options);
    });
  const check = new CliCommand("check")
    .description("Check the quality of a file or dataset; exit code 1 when there are warnings.")
    .argument("<file>", "CSV file or bundled dataset")
    .example("tradepulse data check prices.csv", "gaps, outliers, stale prices, wrong units")
    .exitsWith(1, 3)
    .option(...JSON_OPTION)
    .action(async (file: string, options: Record<string, unknown>) => {
      const { checkData } = await import("../data/check-data.ts");
      await checkData(file, options);
    });
  data.addCommand(list);
  data.addCommand(addDataOptions(show));
  data.addCommand(addDataOptions(check));
  return data;
}
