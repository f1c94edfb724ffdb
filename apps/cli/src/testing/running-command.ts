import { type ChildProcess, spawn } from "node:child_process";
import { BIN } from "./run-command.ts";

/** A command that goes on until it is told to stop. Whoever starts one ends it. */
export class RunningCommand {
  output = "";
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[], cwd: string, variables: Readonly<Record<string, string>> = {}) {
    const { PATH, HOME } = process.env;
    this.child = spawn(process.execPath, [BIN, ...args], {
      cwd,
      env: { PATH, HOME, NO_COLOR: "1", ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
    this.ended = new Promise((resolve) => this.child.on("exit", resolve));
  }
}
