import { CliCommand } from "../cli-command.ts";
import { JSON_OPTION } from "./shared-options.ts";

const RUNS_OPTION = ["--runs <folder>", "where run folders are; ./runs otherwise, or TRADEPULSE_DATA_DIR/runs"] as const;

export function runsCommand(): CliCommand {
  const runs = new CliCommand("runs")
    .description("List kept runs, or show one; show a session.")
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
  const session = new CliCommand("session")
    .description("Show a paper or live session: whether it lives, what came in that it could not use, and the end of its log.")
    .argument("[session]", 'session folder, or a part of its name; "last" for the one that wrote last', "last")
    .example("tradepulse runs session last", "the session that wrote last")
    .example("tradepulse runs session last --lines 100", "with more of its log")
    .option("--sessions <folder>", "where sessions are, besides the usual folders")
    .option("--lines <count>", "lines of its log")
    .option(...JSON_OPTION)
    .action(async (word: string, options: { sessions?: string; lines?: string; json?: boolean }) => {
      const { showSession } = await import("../sessions/show-session.ts");
      await showSession(word, options);
    });
  runs.addCommand(list);
  runs.addCommand(show);
  runs.addCommand(session);
  return runs;
}
