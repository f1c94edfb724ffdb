import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "../refuse.ts";
import { renderReport } from "../report/index.ts";
import type { BacktestResult } from "../run/backtest-result.ts";
import { buildReportModel } from "./build-report-model.ts";
import { type CsvLines, equityCsv, fillsCsv, ordersCsv, roundTripsCsv } from "./csv-tables.ts";
import type { RunSummary } from "./read-run.ts";

/** Characters gathered before they are written. */
const CHUNK = 1 << 18;
const MOST_ALIKE = 1_000;

/**
 * Writes the folder of a run below `root`: `<start>-<strategy>-<hash>/` with manifest, summary, tables and report. It is written
 * beside that name and renamed at the end, so it is whole or absent; a name that is taken gets a number. Gives back its absolute
 * path. Throws `TP_RUN_FOLDER_WRITE` when the system refuses, and the reason of `signal` when that is aborted; nothing is left then.
 */
export async function writeRunFolder(
  result: BacktestResult,
  root: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<string> {
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    await mkdir(root, { recursive: true });
    const { name, partial } = await claim(root, folderName(result));
    try {
      await writeFiles(result, partial, signal);
      signal?.throwIfAborted();
      return await settle(root, name, partial);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    return refuse(
      "TP_RUN_FOLDER_WRITE",
      `Cannot write the run to "${root}": the system says ${code}`,
      [],
      "name another folder with --runs, or make room and check its permissions",
      error,
    );
  }
}

/** `2026-03-01T12-00-05Z-ema-cross-1f2e3d4c`. */
export function folderName({ manifest, strategyName, runHash }: BacktestResult): string {
  const start = manifest.startedAt.slice(0, 19).replaceAll(":", "-");
  return `${start}Z-${strategyName}-${runHash.replace(/^tp1:/, "").slice(0, 8)}`;
}

async function writeFiles(result: BacktestResult, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const summary: RunSummary = {
    schema: 1,
    strategy: result.strategyName,
    runHash: result.runHash,
    summary: result.summary,
    findings: result.findings,
    dataFindings: result.dataFindings,
    ambiguity: result.ambiguity,
    counts: result.counts,
  };
  await writeLines(join(folder, "orders.csv"), ordersCsv(result), signal);
  await writeLines(join(folder, "fills.csv"), fillsCsv(result), signal);
  await writeLines(join(folder, "round-trips.csv"), roundTripsCsv(result), signal);
  await writeLines(join(folder, "equity.csv"), equityCsv(result), signal);
  await writeText(join(folder, "report.html"), renderReport(buildReportModel(result)), signal);
  await writeText(join(folder, "summary.json"), `${JSON.stringify(summary, undefined, 2)}\n`, signal);
  await writeText(join(folder, "manifest.json"), `${JSON.stringify(result.manifest, undefined, 2)}\n`, signal);
}

/** The signal is asked before, not given to the write, which would throw an error of its own in place of the signal's reason. */
async function writeText(path: string, text: string, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await writeFile(path, text, { flush: true });
}

async function writeLines(path: string, lines: CsvLines, signal: AbortSignal | undefined): Promise<void> {
  await using file = await open(path, "wx");
  let chunk = "";
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK) continue;
    await file.write(chunk);
    signal?.throwIfAborted();
    chunk = "";
  }
  await file.write(chunk);
  await file.sync();
}

/** The first free name, held by the folder that the files are written into. */
async function claim(root: string, wanted: string): Promise<{ readonly name: string; readonly partial: string }> {
  for (let count = 1; count <= MOST_ALIKE; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (await exists(join(root, name))) continue;
    const partial = join(root, `${name}.partial`);
    const isOurs = await mkdir(partial).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return false;
        throw error;
      },
    );
    if (isOurs) return { name, partial };
  }
  return refuse(
    "TP_RUN_FOLDER_WRITE",
    `Cannot write the run to "${root}": ${MOST_ALIKE} folders are named "${wanted}"`,
    [],
    "remove some of them",
  );
}

/** Nobody else takes the name while its partial folder stands, except one who does not know of it. */
async function settle(root: string, name: string, partial: string): Promise<string> {
  const folder = join(root, name);
  await rename(partial, folder);
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
