import { CommanderError } from "commander";
import { tellEarlyEnd } from "./errors/early-end.ts";
import { buildProgram } from "./program.ts";
import { outliveReaders } from "./terminal/streams.ts";

/** Runs a command line, without the names of node and script. Prints every failure and sets the exit code; never throws. */
export async function main(args: readonly string[]): Promise<void> {
  outliveReaders();
  const isJson = args.includes("--json");
  const program = buildProgram();
  const isDone = tellEarlyEnd(isJson);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // Help and version end this way too, with 0.
    if (error instanceof CommanderError && error.exitCode === 0) return;
    if (error instanceof CommanderError && error.code === "commander.help") {
      process.exitCode = 2;
      return;
    }
    const { printError } = await import("./errors/print-error.ts");
    process.exitCode = await printError(error, { isJson });
  } finally {
    isDone();
  }
}
