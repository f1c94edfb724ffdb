import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSynthReference, synthesizeBars } from "@tradepulse/data";

/**
 * A CSV file of synthetic bars, times in milliseconds, made once and kept in the system's temporary folder: 6 columns
 * of plain numbers, about 47 bytes a row.
 */
export function barsCsv(rows: number): string {
  const folder = join(tmpdir(), "tradepulse-bench");
  const path = join(folder, `bars-${rows}.csv`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const { openUs, open, high, low, close, volume } = synthesizeBars(parseSynthReference(`synth:bars=${rows},start=2015-01-01`));
  const file = openSync(`${path}.partial`, "w");
  let text = "timestamp,open,high,low,close,volume\n";
  for (let row = 0; row < rows; row += 1) {
    const prices = [open, high, low, close].map((column) => column[row]!.toFixed(2)).join(",");
    text += `${openUs[row]! / 1_000},${prices},${volume[row]!}\n`;
    if (text.length > 1 << 20 || row === rows - 1) {
      writeSync(file, text);
      text = "";
    }
  }
  closeSync(file);
  renameSync(`${path}.partial`, path);
  return path;
}

/** Size of a file in megabytes. */
export function megabytes(path: string): number {
  return statSync(path).size / 1e6;
}

/** The middle of an odd number of values, the lower middle of an even one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
}

/** Wall time of one run, in milliseconds, and what it gave. */
export async function timed<T>(run: () => Promise<T> | T): Promise<{ readonly ms: number; readonly value: T }> {
  const start = performance.now();
  const value = await run();
  return { ms: performance.now() - start, value };
}
