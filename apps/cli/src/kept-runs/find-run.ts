import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { listRuns, readRun, runsRoot, type StoredRun } from "@tradepulse/research";
import { shownPath } from "../terminal/shown-path.ts";
import { refuseUsage } from "../usage-error.ts";

/** The run that a word means: a folder, `last`, or the beginning or end of the name of one below the root of runs. */
export async function findRun(word: string, root: string | undefined): Promise<StoredRun> {
  if (await isRunFolder(word)) return await readRun(resolve(word));
  const folder = runsRoot(root);
  const runs = await listRuns(folder);
  const newest = runs[0];
  if (word === "last" && newest !== undefined) return newest;
  const matching = runs.filter(({ name }) => name.startsWith(word) || name.endsWith(word));
  const named = runs.filter(({ name }) => name.includes(word));
  const several = matching.length > 0 ? matching : named;
  // The same run made twice: either stands for both.
  if (new Set(several.map(({ manifest }) => manifest.runHash)).size === 1) return several[0]!;
  return refuseUsage(
    "TP_CLI_RUN",
    several.length > 1
      ? `Cannot choose a run by "${word}": ${several.length} runs below ${shownPath(folder)} have it in their name, allowed is one`
      : `Cannot find run "${word}": it is no run folder, and ${runs.length === 0 ? "there is no run" : "no run with that name"} below ${shownPath(folder)}`,
    runs.length === 0 ? "make one with backtest, or name the folder of runs with --runs" : "see runs list",
    several.slice(0, 5).map(({ name }) => ["run", name] as const),
  );
}

async function isRunFolder(path: string): Promise<boolean> {
  return await stat(join(path, "manifest.json")).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
