import { type Detail, refuse, shown } from "../refuse.ts";
import { readRowChunks } from "./chunk-reader.ts";
import type { CsvLayout } from "./layout.ts";
import type { CsvHead } from "./read-head.ts";
import { decodeText, splitRow } from "./row-text.ts";

/** What is wrong with a row; the file and the line are added when it is refused. */
export interface RowProblem {
  readonly code: string;
  /** Present state, then allowed state: `price is 0, allowed are prices above 0`. */
  readonly state: string;
  readonly field?: number;
  readonly value?: string;
  readonly details?: readonly Detail[];
  readonly next: string;
}

/** Ends the load with a problem of the row that starts at a position of the file. */
export async function refuseRow(head: CsvHead, layout: CsvLayout, fileOffset: number, problem: RowProblem): Promise<never> {
  const line = await lineAt(head, fileOffset);
  return refuse(
    problem.code,
    `Cannot load "${head.path}": ${problem.state}`,
    [
      ["line", String(line)],
      problem.field === undefined ? undefined : ["column", columnText(layout, problem.field)],
      problem.value === undefined ? undefined : ["value", shown(problem.value)],
      ...(problem.details ?? []),
    ],
    problem.next,
  );
}

/** Position and cells of the data row of an index, counted without blank lines. */
export async function locateRow(
  head: CsvHead,
  layout: CsvLayout,
  row: number,
): Promise<{ readonly fileOffset: number; readonly cells: readonly string[] }> {
  let seen = 0;
  for await (const { bytes, from, to, fileOffset } of readRowChunks(head.file, layout.dataOffset)) {
    for (let at = from; at < to; ) {
      const end = bytes.indexOf(10, at);
      const text = decodeText(bytes, at, end).trim();
      if (text !== "") {
        if (seen === row) return { fileOffset: fileOffset + at - from, cells: splitRow(text, head.delimiter) ?? [] };
        seen += 1;
      }
      at = end + 1;
    }
  }
  return { fileOffset: head.size, cells: [] };
}

/** The name of a column as messages print it. */
export function columnText(layout: CsvLayout, field: number): string {
  const name = layout.columnNames[field] ?? "";
  return name === "" ? `${field + 1} (unnamed)` : name;
}

/** The line, from 1, that holds a position of the file. */
async function lineAt(head: CsvHead, fileOffset: number): Promise<number> {
  const buffer = new Uint8Array(1 << 20);
  let line = 1;
  let position = 0;
  while (position < fileOffset) {
    const { bytesRead } = await head.file.read(buffer, 0, Math.min(buffer.length, fileOffset - position), position);
    if (bytesRead === 0) break;
    for (let at = buffer.indexOf(10); at >= 0 && at < bytesRead; at = buffer.indexOf(10, at + 1)) line += 1;
    position += bytesRead;
  }
  return line;
}
