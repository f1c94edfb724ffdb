import { styleText } from "node:util";

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

/** A reader that went away, as in `tradepulse ... | head`, ends the writing and nothing else. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
