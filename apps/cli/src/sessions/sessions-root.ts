import { join, resolve } from "node:path";

/** The folder that session folders lie in: `flag`, else `sessions` in TRADEPULSE_DATA_DIR, else `./sessions`. Absolute. */
export function sessionsRoot(flag?: string, variables: NodeJS.ProcessEnv = process.env): string {
  if (flag !== undefined && flag !== "") return resolve(flag);
  const home = variables["TRADEPULSE_DATA_DIR"];
  return resolve(home === undefined || home === "" ? "sessions" : join(home, "sessions"));
}

/** Where sessions are looked for: the folder that is named, else that of paper sessions and the one that live sessions keep their state in by default. */
export function sessionRoots(flag?: string, variables: NodeJS.ProcessEnv = process.env): readonly string[] {
  return flag !== undefined && flag !== "" ? [resolve(flag)] : [sessionsRoot(undefined, variables), resolve("state")];
}

/** `2026-03-01T10-20-30Z-paper-ema-cross`: sorted by name, sessions are sorted by their start. */
export function sessionName(startedUs: number, mode: string, strategy: string): string {
  const start = new Date(startedUs / 1_000).toISOString().slice(0, 19).replaceAll(":", "-");
  return `${start}Z-${mode}-${strategy}`;
}
