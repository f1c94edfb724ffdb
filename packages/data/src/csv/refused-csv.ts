import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FailureError, formatFailure } from "@tradepulse/core";
import { afterAll, expect } from "vitest";
import { DATA_CODES } from "../codes.ts";
import { type CsvImportOptions, importCsv } from "./import-csv.ts";

/** Where the files of a test lie; it goes when the test file ends. */
export const folder = mkdtempSync(join(tmpdir(), "tradepulse-bad-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What loading a file of this content says, its path shortened to the name. */
export async function refusal(content: string | Uint8Array, options: CsvImportOptions = {}, name = "bars.csv"): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, content);
  return await refusalOf(path, options);
}

/** The same of a path that is there already, or is not: `loaded`, or the failure in words, which has a code of ours and says what to do next. */
export async function refusalOf(path: string, options: CsvImportOptions = {}): Promise<string> {
  try {
    await importCsv(path, options);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    expect(DATA_CODES).toHaveProperty(error.failure.code);
    expect(error.failure.next).not.toBe("");
    return formatFailure(error.failure).replaceAll(`${folder}/`, "");
  }
  return "loaded";
}

/** A sound file of bars, in pieces: its first line, an instant, a row, and three rows under the first line. */
export const HEADER = "timestamp,open,high,low,close,volume\n";
export const minute = (n: number): string => `2024-01-01T00:${String(n).padStart(2, "0")}:00Z`;
export const good = (n: number): string => `${minute(n)},10,11,9,10.5,100\n`;
export const three = HEADER + good(0) + good(1) + good(2);
