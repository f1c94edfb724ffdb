import type { Finding } from "@tradepulse/data";
import { paint } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";

/** Findings of a dataset, one by one, with their severity and code. */
export function dataFindingLines(findings: readonly Finding[], width: number): string[] {
  const codeWidth = Math.max(0, ...findings.map(({ code }) => code.length));
  return findings.map(({ severity, code, instrument, text }) => {
    const label = paint(severity === "warning" ? "yellow" : "dim", severity.padEnd(7));
    const about = instrument === undefined ? text : `${instrument}: ${text}`;
    // A narrow terminal has no room for a column of codes.
    const head = width < 70 ? `  ${label}  ` : `  ${label}  ${code.padEnd(codeWidth)}  `;
    return hangingText(head, about, width);
  });
}
