import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../apps/cli/bin/tradepulse.mjs", import.meta.url));
const MOST_TEXT = 2_000_000;

const living = new Set<ChildProcess>();
// A rig that is interrupted leaves nobody behind.
process.on("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One `tradepulse` process of a run. It is ended by its own id, and never outlives the run. */
export class RigProcess {
  readonly exited: Promise<Exit>;
  stdout = "";
  stderr = "";
  /** What the process said on stderr, with when it was heard, in microseconds of the wall clock. */
  readonly lines: { readonly atUs: number; readonly text: string }[] = [];
  private readonly child: ChildProcess;
  private hasEnded = false;

  constructor(args: readonly string[], logPath: string, more: Readonly<Record<string, string>> = {}) {
    const { PATH = "" } = process.env;
    appendFileSync(logPath, `${new Date().toISOString()} tradepulse ${args.join(" ")}\n`);
    this.child = spawn(process.execPath, [COMMAND, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH, NO_COLOR: "1", ...more },
    });
    living.add(this.child);
    this.child.stdout!.on("data", (bytes: Buffer) => {
      if (this.stdout.length < MOST_TEXT) this.stdout += bytes.toString("utf8");
    });
    this.child.stderr!.on("data", (bytes: Buffer) => {
      const text = bytes.toString("utf8");
      appendFileSync(logPath, text);
      if (this.stderr.length < MOST_TEXT) this.stderr += text;
      this.lines.push({ atUs: Date.now() * 1_000, text });
    });
    this.exited = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.hasEnded = true;
        living.delete(this.child);
        appendFileSync(logPath, `${new Date().toISOString()} ended with ${code ?? signal}\n`);
        resolve({ code, signal });
      };
      this.child.on("exit", end);
      this.child.on("error", () => end(-1, null));
    });
  }

  get isRunning(): boolean {
    return !this.hasEnded;
  }

  signal(name: NodeJS.Signals): void {
    if (this.isRunning) this.child.kill(name);
  }

  /** SIGKILL, and waits until the system has buried it. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.exited;
  }
}

/** Looks every few milliseconds until `look` gives something. Throws when it does not in time. */
export async function until<T>(what: string, mostMs: number, look: () => T | undefined | Promise<T | undefined>, pauseMs = 20): Promise<T> {
  const end = performance.now() + mostMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`waited ${Math.round(mostMs / 1_000)} s in vain for ${what}`);
    await pause(pauseMs);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
