import type { Finding, Summary } from "@tradepulse/core";
import type { RunManifest } from "../run/run-manifest.ts";

/** What `summary.json` holds. */
export interface RunSummary {
  readonly schema: 1;
  readonly strategy: string;
  readonly runHash: string;
  readonly summary: Summary;
  readonly findings: readonly Finding[];
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
  throw new Error(`not yet: ${folder}`);
}

/** The runs below `root`, newest first; folders that are no run are passed over. Empty when there is no such folder. */
export async function listRuns(root: string): Promise<readonly StoredRun[]> {
  throw new Error(`not yet: ${root}`);
}
