import type { DatasetSummary, InstrumentSummary } from "@tradepulse/data";
import { countText } from "../terminal/number-text.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { sparkline } from "../terminal/sparkline.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { dataFindingLines } from "./data-finding-lines.ts";
import { loadShown } from "./load-shown.ts";

const POINTS = 72;
const SHOWN_INSTRUMENTS = 8;

/** `tradepulse data show`. */
export async function showData(file: string, options: Readonly<Record<string, unknown>>): Promise<void> {
  const summary = await loadShown(file, options, POINTS);
  if (options["json"] === true) {
    sayJson({ ...summary });
    return;
  }
  for (const line of dataLines(summary, outputWidth())) say(line);
}

/** A dataset for people: what it is, its instruments, its findings. */
export function dataLines(summary: DatasetSummary, width: number): string[] {
  const lines = [
    hangingText(
      "",
      `${paint("bold", summary.name)}: ${summary.kind}${summary.synthetic ? ", not a market" : ""}, times in ${summary.timezone}, stamped by ${summary.stamp}`,
      width,
    ),
    hangingText("  source   ", shownPath(summary.source), width),
    hangingText("  licence  ", summary.licence, width),
    hangingText("  digest   ", summary.digest, width),
  ];
  for (const instrument of summary.instruments.slice(0, SHOWN_INSTRUMENTS)) lines.push("", ...instrumentLines(instrument, width));
  if (summary.instruments.length > SHOWN_INSTRUMENTS) {
    const rest = summary.instruments.slice(SHOWN_INSTRUMENTS).map(({ id }) => id);
    lines.push("", hangingText("", `and ${rest.length} more: ${rest.join(", ")}`, width));
  }
  if (summary.findings.length > 0) lines.push("", paint("bold", "Findings"), ...dataFindingLines(summary.findings, width));
  return lines;
}

function instrumentLines(one: InstrumentSummary, width: number): string[] {
  const rows: [string, string][] = [
    ["bars", `${countText(one.rows)} of ${one.interval}, ${one.from} to ${one.to}, ${one.calendar}`],
    ...(one.warmupBars === 0 ? [] : ([["warm-up", `the first ${countText(one.warmupBars)} bars`]] as [string, string][])),
    ["prices", `${one.lowest} to ${one.highest} ${one.quote}, last ${one.last}`],
    ["tick", `${one.tick} (${one.tickOrigin})`],
    ["lot", `${one.lot} (${one.lotOrigin})`],
    ["volume", one.volume],
  ];
  return [
    paint("bold", one.id),
    `  ${paint("cyan", sparkline(one.sparkline, Math.min(width - 4, POINTS)))}`,
    ...rows.map(([label, text]) => hangingText(`  ${label.padEnd(7)}  `, text, width)),
  ];
}
