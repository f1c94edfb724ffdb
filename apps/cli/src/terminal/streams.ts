import { styleText } from "node:util";
import { ExitCode } from "../exit-codes.ts";

type Style = Parameters<typeof styleText>[0];

const NARROWEST = 20;
const WITHOUT_TERMINAL = 80;

/** Columns to write for: those of the terminal, else COLUMNS of the environment, else 80. */
export function outputWidth(stream: NodeJS.WriteStream = process.stdout): number {
  const asked = stream.isTTY ? stream.columns : Number(process.env["COLUMNS"]);
  return Number.isInteger(asked) && asked > 0 ? Math.max(NARROWEST, asked) : WITHOUT_TERMINAL;
}

/** Colours text for standard output where that shows colours; NO_COLOR and FORCE_COLOR decide first. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** Writes a line to standard output: the result of a command. */
export function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a line to standard error: progress, remarks, failures. */
export function remark(line = ""): void {
  process.stderr.write(`${line}\n`);
}

/** Writes the one document of a `--json` run. Numbers that JSON lacks become null. */
export function sayJson(document: { readonly schema: number } & Record<string, unknown>): void {
  const plain = (_key: string, value: unknown): unknown => {
    if (typeof value === "bigint") return String(value);
    return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  };
  say(JSON.stringify(document, plain, 2));
}

const GONE: ReadonlySet<string | undefined> = new Set(["EPIPE", "EIO"]);
/**
 * What cannot be printed ends the printing and nothing else: a reader that went away, as in `tradepulse ... | head`, a terminal that was closed, a
 * disk that is full. A session that trades goes on to its end in order; a result that got lost makes the exit code 74.
 */
export function outliveReaders(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (GONE.has(error.code)) return;
    process.exitCode = ExitCode.unwritten;
    remark(`the output could not be written: ${error.code ?? error.message}`);
  });
}
