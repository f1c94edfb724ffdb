import { analyticsCodes, type CodeTable, indicatorCodes, marketCodes, orderCodes, riskCodes, strategyCodes } from "@tradepulse/core";
import { DATA_CODES } from "@tradepulse/data";
import { LIVE_CODES } from "@tradepulse/live";
import { PLATFORM_CODES } from "@tradepulse/platform";
import { RESEARCH_CODES } from "@tradepulse/research";
import { VENUE_CODES } from "@tradepulse/venues";
import { CLI_CODES } from "../codes.ts";

/** A code table with a heading for its readers. */
export interface CodeArea {
  readonly title: string;
  readonly codes: CodeTable;
}

/** The code tables of all packages, in the order the reference lists them. */
export const codeAreas: readonly CodeArea[] = [
  { title: "Command line", codes: CLI_CODES },
  { title: "Data", codes: DATA_CODES },
  { title: "Strategies", codes: strategyCodes },
  { title: "Running, checking and verifying", codes: RESEARCH_CODES },
  { title: "Paper and live sessions", codes: LIVE_CODES },
  { title: "Venues", codes: VENUE_CODES },
  { title: "Databases", codes: PLATFORM_CODES },
  { title: "Risk limits and refusals", codes: riskCodes },
  { title: "Prices of orders", codes: orderCodes },
  { title: "Indicators", codes: indicatorCodes },
  { title: "Bars and instruments", codes: marketCodes },
  { title: "Analytics", codes: analyticsCodes },
];

/** The exit code that belongs to a failure's code; 70 for a code that no table lists. */
export function exitCodeOf(code: string): number {
  for (const { codes } of codeAreas) {
    const entry = codes[code];
    if (entry !== undefined) return entry.exit;
  }
  return 70;
}
