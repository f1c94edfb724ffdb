import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Finding, RunCounts, Summary } from "@tradepulse/core";
import type { Finding as DataFinding } from "@tradepulse/data";
import { refuse } from "../refuse.ts";
import type { Ambiguity } from "../run/backtest-result.ts";
import type { RunManifest } from "../run/run-manifest.ts";

/** What `summary.json` holds. */
export interface RunSummary {
  readonly schema: 1;
  readonly strategy: string;
  readonly runHash: string;
  readonly summary: Summary;
  readonly findings: readonly Finding[];
  readonly dataFindings: readonly DataFinding[];
  readonly ambiguity: Ambiguity | null;
  readonly counts: RunCounts;
}

/** A run as its folder tells it. */
export interface StoredRun {
  /** Absolute path. */
  readonly folder: string;
  readonly name: string;
  readonly manifest: RunManifest;
  readonly summary: RunSummary;
}

/** Reads manifest and summary of a run folder. Throws `TP_RUN_NOT_FOUND` or `TP_RUN_FOLDER`. */
export async function readRun(folder: string): Promise<StoredRun> {
  const path = resolve(folder);
  const manifest = (await readPart(folder, "manifest.json")) as RunManifest;
  const summary = (await readPart(folder, "summary.json")) as RunSummary;
  return { folder: path, name: basename(path), manifest, summary };
}

/** The runs below `root`, newest first; what is no run is passed over. Empty when there is no such folder. */
export async function listRuns(root: string): Promise<readonly StoredRun[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.endsWith(".partial"));
  const runs = await Promise.all(folders.map((entry) => readRun(join(root, entry.name)).catch(() => undefined)));
  return runs
    .filter((run) => run !== undefined)
    .sort((a, b) => compare(b.manifest.startedAt, a.manifest.startedAt) || compare(b.name, a.name));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function readPart(folder: string, name: string): Promise<unknown> {
  const path = join(resolve(folder), name);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) =>
    refuse(
      "TP_RUN_NOT_FOUND",
      `Cannot read run "${folder}": ${error.code === "ENOENT" || error.code === "ENOTDIR" ? `it has no ${name}` : `the system says ${error.code}`}`,
      [["file", path]],
      "name the folder of a run; tradepulse runs lists them",
      error,
    ),
  );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(
      "TP_RUN_FOLDER",
      `Cannot read run "${folder}": its ${name} is not JSON`,
      [["file", path]],
      "run it again; the folder was changed by hand",
      error,
    );
  }
  const schema = typeof value === "object" && value !== null ? (value as { readonly schema?: unknown }).schema : undefined;
  if (schema === 1) return value;
  return refuse(
    "TP_RUN_FOLDER",
    `Cannot read run "${folder}": its ${name} has schema ${JSON.stringify(schema) ?? "none"}, allowed is 1`,
    [["file", path]],
    "read it with the version of TradePulse that wrote it",
  );
}
