import {
  type BoundDataset,
  type LoadedStrategy,
  loadStrategy,
  openData,
  type ResolvedOptions,
  readRunFile,
  resolveOptions,
} from "@tradepulse/research";
import { ProgressLine } from "../terminal/progress.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { refuseUsage } from "../usage-error.ts";
import { dataSources, type RunData, readingOptions } from "./data-sources.ts";
import { assignments, runFlagValues } from "./run-flags.ts";

/** What a command line and a run file together ask for, checked; data not loaded yet. */
export interface PreparedRun {
  readonly strategy: LoadedStrategy;
  readonly params: Readonly<Record<string, unknown>>;
  readonly options: ResolvedOptions;
  /** `undefined` where neither names data. */
  readonly sources: RunData | Readonly<Record<string, RunData>> | undefined;
}

/** Reads flags over run file over defaults, and loads the strategy. `command` is the one that asks. */
export async function prepareRun(
  strategyPath: string | undefined,
  options: Readonly<Record<string, unknown>>,
  command: "backtest" | "paper" = "backtest",
): Promise<PreparedRun> {
  const flags = runFlagValues(options);
  const given = Object.fromEntries(assignments("--set", options["set"]));
  const runFilePath = options["runFile"];
  const runFile = typeof runFilePath === "string" ? await readRunFile(runFilePath) : undefined;
  const resolved = resolveOptions({ flags, ...(runFile === undefined ? {} : { runFile: runFile.options }) });
  const path = strategyPath ?? runFile?.strategy;
  if (path === undefined) {
    const wanted = command === "paper" ? "on paper" : "a backtest";
    return refuseUsage(
      "TP_CLI_STRATEGY_MISSING",
      runFile === undefined
        ? `Cannot run ${wanted}: no strategy is named`
        : `Cannot run ${wanted}: neither the command line nor "${shownPath(runFile.path)}" names a strategy`,
      `name the strategy file first: tradepulse ${command} my-strategy.ts --data sp500`,
    );
  }
  const sources = dataSources(options["data"] as readonly string[] | undefined, readingOptions(options), runFile);
  const strategy = await loadStrategy(path);
  return { strategy, params: { ...runFile?.params, ...given }, options: resolved, sources };
}

/** Loads the data of a run, showing progress. */
export async function openSources(
  sources: RunData | Readonly<Record<string, RunData>>,
  signal: AbortSignal,
): Promise<BoundDataset | Readonly<Record<string, BoundDataset>>> {
  if (isOne(sources)) return await openOne(sources, signal);
  const opened: Record<string, BoundDataset> = {};
  for (const [name, source] of Object.entries(sources)) opened[name] = await openOne(source, signal);
  return opened;
}

function isOne(sources: RunData | Readonly<Record<string, RunData>>): sources is RunData {
  return typeof sources["reference"] === "string";
}

async function openOne(source: RunData, signal: AbortSignal): Promise<BoundDataset> {
  const line = new ProgressLine(`reading ${shownPath(source.reference)}`, "MB");
  try {
    return await openData(source, {
      signal,
      progress: ({ bytesDone, bytesTotal }) => line.update({ done: bytesDone / 1e6, total: bytesTotal / 1e6 }),
    });
  } finally {
    line.end();
  }
}
