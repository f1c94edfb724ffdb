import { type FileHandle, open, stat } from "node:fs/promises";
import { isNodeError } from "../node-error.ts";
import { refuse } from "../refuse.ts";
import { decodeText, splitRow } from "./row-text.ts";

/** A first line, or a first row, that is longer is none. */
export const HEAD_BYTES = 1 << 16;
const SAMPLE_ROWS = 32;

/** An open file and what its first 64 KB show. */
export interface CsvHead {
  readonly path: string;
  readonly file: FileHandle;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Milliseconds and fractions, as the file system states them. */
  readonly modifiedMs: number;
  readonly delimiter: "," | ";" | "\t";
  /** Cells of the first line, and of up to 32 lines below it. */
  readonly firstRow: readonly string[];
  readonly sampleRows: readonly (readonly string[])[];
  /** Position of the first line, after a byte order mark and blank lines, and of the line below it. */
  readonly firstOffset: number;
  readonly secondOffset: number;
}

/** Opens a file and reads its head. Refuses what cannot be read, a directory, an empty file, and what is not text. */
export async function readHead(path: string): Promise<CsvHead> {
  const file = await openForReading(path);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) refuseDirectory(path);
    const bytes = new Uint8Array(Math.min(HEAD_BYTES, Math.max(stats.size, 1)));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    const head = bytes.subarray(0, bytesRead);
    const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
    if (head.subarray(start).every((byte) => byte === 10 || byte === 13 || byte === 32)) {
      refuse(
        "TP_DATA_EMPTY",
        `Cannot read "${path}": the file is empty, rows of prices are needed`,
        [["size", `${stats.size} bytes`]],
        "download or export it again",
      );
    }
    refuseForeignKind(path, head);
    return { path, file, size: stats.size, modifiedMs: stats.mtimeMs, ...firstLines(path, head, start, bytesRead === stats.size) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function refuseDirectory(path: string): never {
  refuse("TP_DATA_DIRECTORY", `Cannot read "${path}": it is a directory, a data file is needed`, [], "name one file inside it");
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    // A pipe would wait here for somebody who writes into it.
    const stats = await stat(path);
    if (!stats.isFile() && !stats.isDirectory()) {
      refuse("TP_DATA_FILE_KIND", `Cannot read "${path}" as CSV: it is a pipe or a device`, [], "name a CSV file of bars on disk");
    }
    return await open(path, "r");
  } catch (error) {
    if (!isNodeError(error)) throw error;
    if (error.code === "EISDIR") refuseDirectory(path);
    if (error.code === "ENOENT") {
      return refuse(
        "TP_DATA_NOT_FOUND",
        `Cannot read "${path}": there is no such file`,
        [],
        "check the path, or name a bundled dataset: tradepulse data list",
      );
    }
    return refuse(
      "TP_DATA_UNREADABLE",
      `Cannot read "${path}": the system answers ${error.code ?? "an error"}`,
      [],
      "check the permissions of the file",
    );
  }
}

/** First bytes that give a kind of file away, and what to do with it. */
const SIGNATURES: readonly (readonly [bytes: readonly number[], kind: string, next: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "a zip archive", "unpack it and name the CSV file inside"],
  [[0x1f, 0x8b], "gzip-compressed", "unpack it first: gunzip --keep"],
  [[0x28, 0xb5, 0x2f, 0xfd], "zstd-compressed", "unpack it first: unzstd"],
  [[0x42, 0x5a, 0x68], "bzip2-compressed", "unpack it first: bunzip2 --keep"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz-compressed", "unpack it first: unxz --keep"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file", "export it as CSV; Parquet is not read yet"],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], "an Arrow file", "export it as CSV; Arrow is not read yet"],
  [[0x89, 0x50, 0x4e, 0x47], "a PNG image", "name a CSV file of bars"],
  [[0xff, 0xd8, 0xff], "a JPEG image", "name a CSV file of bars"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF document", "name a CSV file of bars"],
  [[0x89, 0x48, 0x44, 0x46], "an HDF5 file", "export it as CSV"],
  [[0xd0, 0xcf, 0x11, 0xe0], "an Excel workbook", "save it as CSV"],
  [[0xff, 0xfe], "UTF-16 text", "save it as UTF-8"],
  [[0xfe, 0xff], "UTF-16 text", "save it as UTF-8"],
];

function refuseForeignKind(path: string, head: Uint8Array): void {
  for (const [signature, kind, next] of SIGNATURES) {
    if (signature.every((byte, i) => head[i] === byte)) {
      refuse("TP_DATA_FILE_KIND", `Cannot read "${path}" as CSV: it is ${kind}`, [], next);
    }
  }
  const first = head.find((byte) => byte > 32);
  if (first === 0x7b || first === 0x5b) {
    refuse("TP_DATA_FILE_KIND", `Cannot read "${path}" as CSV: it is JSON`, [], "write its rows as CSV: time,open,high,low,close,volume");
  }
  if (first === 0x3c && !/^\s*<[A-Za-z]+>[\t,;]/.test(decodeText(head, 0, Math.min(64, head.length)))) {
    refuse(
      "TP_DATA_FILE_KIND",
      `Cannot read "${path}" as CSV: it is HTML or XML, often an error page saved by a download`,
      [],
      "open it to see what the server said, then download it again",
    );
  }
  if (head.includes(0)) {
    refuse("TP_DATA_FILE_KIND", `Cannot read "${path}" as CSV: it is a binary file of unknown kind`, [], "name a CSV file of bars");
  }
}

function firstLines(
  path: string,
  head: Uint8Array,
  start: number,
  isWhole: boolean,
): Pick<CsvHead, "delimiter" | "firstRow" | "sampleRows" | "firstOffset" | "secondOffset"> {
  let at = start;
  while (head[at] === 10 || head[at] === 13) at += 1;
  const lineEnd = (from: number): number => {
    const end = head.indexOf(10, from);
    return end < 0 ? head.length : end;
  };
  const firstEnd = lineEnd(at);
  if (firstEnd === head.length && !isWhole) {
    refuse(
      "TP_DATA_FILE_KIND",
      `Cannot read "${path}" as CSV: its first line is longer than ${HEAD_BYTES} bytes`,
      [],
      "name a CSV file of bars",
    );
  }
  const firstLine = decodeText(head, at, firstEnd);
  const delimiter = delimiterOf(firstLine);
  const firstRow = splitRow(firstLine, delimiter);
  if (firstRow === undefined) {
    return refuse(
      "TP_DATA_QUOTE",
      `Cannot read "${path}": a quote opened in its first line is not closed there`,
      [["line", "1"]],
      "close the quote",
    );
  }
  const sampleRows: string[][] = [];
  let from = firstEnd + 1;
  while (from < head.length && sampleRows.length < SAMPLE_ROWS) {
    const end = lineEnd(from);
    // The head may end inside a line; half a line is no sample.
    if (end === head.length && !isWhole) break;
    const cells = splitRow(decodeText(head, from, end), delimiter);
    if (cells !== undefined && !(cells.length === 1 && cells[0] === "")) sampleRows.push(cells);
    from = end + 1;
  }
  return { delimiter, firstRow, sampleRows, firstOffset: at, secondOffset: firstEnd + 1 };
}

/** The commonest of comma, semicolon and tab in a line, outside quotes. */
function delimiterOf(line: string): "," | ";" | "\t" {
  const bare = line.replace(/"[^"]*"/g, "");
  const count = (mark: string): number => bare.split(mark).length - 1;
  if (count("\t") > Math.max(count(","), count(";"))) return "\t";
  return count(";") > count(",") ? ";" : ",";
}
