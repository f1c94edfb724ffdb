import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Failure, FailureError, formatFailure, nearestName } from "@tradepulse/core";
import { ExitCode } from "../exit-codes.ts";
import { Interruption } from "../interruption.ts";
import { outputWidth, paint, remark, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { UsageError } from "../usage-error.ts";
import { cliVersion } from "../version.ts";
import { exitCodeOf } from "./all-codes.ts";
import { userFrame } from "./user-frame.ts";

/**
 * Prints what ended a command, on standard error; with `--json` also as the one document on standard output. Gives the exit code.
 */
export async function printError(error: unknown, options: { readonly isJson: boolean }): Promise<number> {
  if (error instanceof Interruption) {
    remark("interrupted: nothing was written");
    if (options.isJson) sayJson({ schema: 1, ok: false, exit: ExitCode.interrupted, error: null });
    return ExitCode.interrupted;
  }
  const failure = await failureOf(error);
  const exit = exitCodeOf(failure.code);
  remark(printedFailure(failure, outputWidth(process.stderr)));
  if (options.isJson) sayJson({ schema: 1, ok: false, exit, error: failure });
  return exit;
}

/** The form of architecture section 10, wrapped to the terminal. */
export function printedFailure(failure: Failure, width: number): string {
  if (!process.stderr.isTTY && process.env["COLUMNS"] === undefined) return formatFailure(failure);
  const [code, message, ...rows] = formatFailure(failure).split("\n");
  return [
    paint("red", code!, process.stderr),
    hangingText("", message!, width),
    ...rows.map((row) => {
      const [, label = "  ", text = row] = /^(\s+\S+\s+)(.*)$/.exec(row) ?? [];
      return hangingText(label, text, width);
    }),
  ].join("\n");
}

async function failureOf(error: unknown): Promise<Failure> {
  if (error instanceof FailureError) return withPlace(error);
  if (error instanceof UsageError) return withSuggestion(error);
  return await bugFailure(error);
}

/** Adds where in the user's own file the first error was thrown, unless the failure says so itself. */
function withPlace({ failure, cause }: FailureError): Failure {
  const place = failure.details.some(([label]) => label === "at") ? undefined : userFrame(cause);
  return place === undefined ? failure : { ...failure, details: [["at", place], ...failure.details] };
}

function withSuggestion({ failure, unknown }: UsageError): Failure {
  const near = unknown === undefined ? undefined : nearestName(unknown.name, unknown.known);
  return near === undefined ? failure : { ...failure, details: [["meant", near], ...failure.details] };
}

async function bugFailure(error: unknown): Promise<Failure> {
  const about = error instanceof Error ? error.message : String(error);
  return {
    code: "TP_CLI_BUG",
    message: `Cannot go on: this is a bug in TradePulse (${about.split("\n")[0]})`,
    details: [["stack", await keepStack(error)]],
    next: "report it with this file; it holds no data of yours but the command line and paths",
  };
}

/** Writes the stack to a file of its own and gives its path, or the stack's first lines where nothing can be written. */
async function keepStack(error: unknown): Promise<string> {
  const stack = error instanceof Error ? String(error.stack) : String(error);
  const text = [
    `tradepulse ${cliVersion()}, node ${process.version}, ${process.platform}-${process.arch}`,
    `command: ${process.argv.slice(2).join(" ")}`,
    "",
    stack,
    ...causes(error),
    "",
  ].join("\n");
  try {
    const path = join(await mkdtemp(join(tmpdir(), "tradepulse-bug-")), "stack.txt");
    await writeFile(path, text);
    return path;
  } catch {
    return stack.split("\n").slice(0, 4).join(" ");
  }
}

function causes(error: unknown): string[] {
  const lines: string[] = [];
  for (let cause = error instanceof Error ? error.cause : undefined; cause instanceof Error; cause = cause.cause) {
    lines.push(`caused by ${cause.stack}`);
  }
  return lines;
}
