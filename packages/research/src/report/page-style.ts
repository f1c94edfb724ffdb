import { readFileSync } from "node:fs";

/** Style sheets that a page without charts needs. */
const SHEETS = ["theme", "layout", "figures", "tables", "findings", "print"];

/** The look of a report for other pages: colours, light and dark, page, cards, tiles and tables. */
export function pageStyle(): string {
  return SHEETS.map((name) => readFileSync(new URL(import.meta.resolve(`./client/${name}.css`)), "utf8").replace(/\r\n?/g, "\n")).join(
    "\n",
  );
}
