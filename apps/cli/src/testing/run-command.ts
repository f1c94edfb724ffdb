import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const BIN = fileURLToPath(new URL("../../bin/tradepulse.mjs", import.meta.url));

/** What a finished process left. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Program that runs the command; this Node otherwise. */
  readonly node?: string;
  /** Sends {@link CommandOptions.signal} once standard error shows this. */
  readonly interruptWhen?: RegExp;
  /** SIGINT otherwise. */
  readonly signal?: NodeJS.Signals;
}

/** Runs the command as a user would, in a process of its own with neither terminal nor colours. */
export async function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(options.node ?? process.execPath, [BIN, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: {
      ...Object.fromEntries(Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined)),
      NO_COLOR: "1",
      ...(options.columns === undefined ? {} : { COLUMNS: String(options.columns) }),
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (options.interruptWhen?.test(stderr) === true && !child.killed) child.kill(options.signal ?? "SIGINT");
  });
  const code = await new Promise<number | null>((done, failed) => {
    child.on("error", failed);
    child.on("close", done);
  });
  return { code, stdout, stderr };
}

/** An empty folder that is removed after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tradepulse-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
