import { join } from "node:path";
import { formatTimeUs } from "@tradepulse/core";
import type { StoredRun } from "@tradepulse/research";
import { findingLines, summaryLines } from "../backtest/summary-text.ts";
import { countText, moneyText } from "../terminal/number-text.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { findRun } from "./find-run.ts";

/** `tradepulse runs show`. */
export async function showKeptRun(word: string, options: { readonly runs?: string; readonly json?: boolean }): Promise<void> {
  const run = await findRun(word, options.runs);
  if (options.json === true) {
    sayJson({ schema: 1, folder: run.folder, name: run.name, manifest: run.manifest, summary: run.summary });
    return;
  }
  for (const line of runLines(run, outputWidth())) say(line);
}

function runLines({ folder, name, manifest, summary }: StoredRun, width: number): string[] {
  const lines = [hangingText("", paint("bold", name), width)];
  const row = (label: string, text: string): void => {
    lines.push(hangingText(`  ${label.padEnd(8)}  `, text, width));
  };
  row("strategy", `${manifest.strategy.name}${manifest.strategy.path === null ? "" : ` in ${shownPath(manifest.strategy.path)}`}`);
  const params = Object.entries(manifest.params).map(([key, value]) => `${key} ${String(value)}`);
  if (params.length > 0) row("params", params.join(", "));
  for (const input of manifest.inputs) {
    const source = input.of === null ? (input.dataset?.location ?? "unknown data") : `built from ${input.of}`;
    row("input", `${input.name}: ${input.instrument}, ${countText(input.bars)} bars of ${input.interval}, ${shownPath(source)}`);
  }
  row("range", `${formatTimeUs(summary.summary.startUs)} to ${formatTimeUs(summary.summary.endUs)}`);
  const changed = Object.entries(manifest.origins).filter(([, origin]) => origin !== "default");
  if (changed.length > 0) {
    row("options", changed.map(([key, origin]) => `${key} ${JSON.stringify(valueAt(manifest.options, key))} (${origin})`).join(", "));
  }
  row("equity", `${moneyText(summary.summary.openingEquity)} to ${moneyText(summary.summary.finalEquity)} ${summary.summary.currency}`);
  row("engine", `${manifest.engineVersion}, node ${manifest.nodeVersion}`);
  row("hash", manifest.runHash);
  lines.push("", ...summaryLines(summary.summary, width));
  const findings = findingLines(summary.findings, width);
  if (findings.length > 0) lines.push("", paint("bold", "Findings"), ...findings);
  lines.push("", `Report  ${shownPath(join(folder, "report.html"))}`);
  return lines;
}

/** The value at a dotted name. */
function valueAt(options: object, name: string): unknown {
  return name.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], options);
}
