import type { RunFile } from "./run-file.ts";

/** Reads a run file: TOML, or JSON by its `.json`. Throws `TP_RUN_FILE...` for everything that can be wrong with it. */
export async function readRunFile(path: string): Promise<RunFile> {
  throw new Error(`not yet: ${path}`);
}
