import { CliCommand } from "../cli-command.ts";
import { JSON_OPTION } from "./shared-options.ts";

const RUNS_OPTION = ["--runs <folder>", "where run folders are; ./runs otherwise, or TRADEPULSE_DATA_DIR/runs"] as const;

export function runsCommand(): CliCommand {
  const runs = new CliCommand("runs")
    .description("List kept runs, or show one.")
    .helpCommand(false)
    .example("tradepulse runs list", "all runs, the newest first")
    .example("tradepulse runs show last", "the newest run");
  const list = new CliCommand("list")
    .description("List kept runs, the newest first.")
    .example("tradepulse runs list", "runs below ./runs")
    .option(...RUNS_OPTION)
    .option("--limit <count>", "show at most so many", "50")
    .option(...JSON_OPTION)
    .action(async (options: { runs?: string; limit: string; json?: boolean }) => {
      const { listKeptRuns } = await import("../kept-runs/list-kept-runs.ts");
      await listKeptRuns(options);
    });
  const show = new CliCommand("show")
    .description("Show the summary of a kept run.")
    .argument("<run>", 'run folder, or the beginning or end of its name; "last" for the newest')
    .example("tradepulse runs show last", "the newest run")
    .option(...RUNS_OPTION)
    .option(...JSON_OPTION)
    .action(async (run: string, options: { runs?: string; json?: boolean }) => {
      const { showKeptRun } = await import("../kept-runs/show-kept-run.ts");
      await showKeptRun(run, options);
    });
  runs.addCommand(list);
  runs.addCommand(show);
  return runs;
}
