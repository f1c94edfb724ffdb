import { analyticsCodes, type CodeTable, indicatorCodes } from "@tradepulse/core";
import { DATA_CODES } from "@tradepulse/data";
import { RESEARCH_CODES } from "@tradepulse/research";
import { CLI_CODES } from "../codes.ts";

/** The code tables of all packages, in the order the reference lists them. */
export const codeTables: readonly { readonly area: string; readonly codes: CodeTable }[] = [
  { area: "Command line", codes: CLI_CODES },
  { area: "Data", codes: DATA_CODES },
  { area: "Running, checking and verifying", codes: RESEARCH_CODES },
  { area: "Indicators", codes: indicatorCodes },
  { area: "Analytics", codes: analyticsCodes },
];

/** The exit code that belongs to a failure's code; 70 for a code that no table lists. */
export function exitCodeOf(code: string): number {
  for (const { codes } of codeTables) {
    const entry = codes[code];
    if (entry !== undefined) return entry.exit;
  }
  return 70;
}
