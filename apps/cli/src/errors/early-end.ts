import { writeSync } from "node:fs";
import type { Failure } from "@tradepulse/core";
import { CLI_CODES } from "../codes.ts";
import { ExitCode } from "../exit-codes.ts";

const CODE = "TP_CLI_ENDED";

/**
 * Watches for an end of the process before the command is done, which otherwise looks like success: a strategy that calls process.exit, or a
 * file that waits for what never comes. Call what it gives when the command is done.
 */
export function tellEarlyEnd(isJson: boolean): () => void {
  const tell = (code: number): void => {
    // A second Ctrl-C ends the process on purpose.
    if (code === ExitCode.interrupted) return;
    const exit = CLI_CODES[CODE]!.exit;
    process.exitCode = exit;
    const failure: Failure = {
      code: CODE,
      message: `Cannot finish: the process was ended with ${code} before the command was done, allowed is a strategy that ends no process and waits for nothing`,
      details: [],
      next: "look for process.exit, or an await at the top of the file, in the strategy and in what it imports",
    };
    // Written out here, since loading what formats other failures would cost every command its start.
    writeSync(2, `${failure.code}\n${failure.message}\n  next  ${failure.next}\n`);
    if (isJson) writeSync(1, `${JSON.stringify({ schema: 1, ok: false, exit, error: failure }, null, 2)}\n`);
  };
  process.once("exit", tell);
  return () => process.off("exit", tell);
}
