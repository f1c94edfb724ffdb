import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../bin/tradepulse.mjs", import.meta.url));
const MOST_TEXT = 200_000;

/** Another `tradepulse` process that a drill has started, and ends by its own id. */
export class Child {
  stdout = "";
  stderr = "";
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private hasEnded = false;

  constructor(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    // In a group of its own: Ctrl-C of the terminal is for the drill, which ends its children itself.
    this.child = spawn(process.execPath, [COMMAND, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      env: { ...process.env, NO_COLOR: "1", ...variables },
    });
    this.child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      if (this.stdout.length < MOST_TEXT) this.stdout += text;
    });
    this.child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      if (this.stderr.length < MOST_TEXT) this.stderr += text;
    });
    this.ended = new Promise((resolve) => {
      const end = (code: number | null): void => {
        this.hasEnded = true;
        resolve(code);
      };
      this.child.on("exit", end);
      this.child.on("error", () => end(-1));
    });
  }

  get isRunning(): boolean {
    return !this.hasEnded;
  }

  signal(name: NodeJS.Signals): void {
    if (this.isRunning) this.child.kill(name);
  }

  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
  }
}
