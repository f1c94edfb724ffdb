import { ExitCode } from "../exit-codes.ts";
import { counted } from "../terminal/number-text.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { dataFindingLines } from "./data-finding-lines.ts";
import { loadShown } from "./load-shown.ts";

/** `tradepulse data check`: like show, about quality only; a warning makes the exit code 1. */
export async function checkData(file: string, options: Readonly<Record<string, unknown>>): Promise<void> {
  const summary = await loadShown(file, options, 2);
  if (summary.warnings > 0) process.exitCode = ExitCode.findings;
  if (options["json"] === true) {
    sayJson({ ...summary, ok: summary.warnings === 0 });
    return;
  }
  const rows = summary.instruments.reduce((sum, one) => sum + one.rows, 0);
  const verdict = summary.warnings === 0 ? paint("green", "nothing to warn of") : paint("yellow", counted(summary.warnings, "warning"));
  say(`${paint("bold", summary.name)}: ${counted(rows, "bar")} read, ${verdict}, ${counted(summary.notes, "note")}`);
  for (const line of dataFindingLines(summary.findings, outputWidth())) say(line);
}
