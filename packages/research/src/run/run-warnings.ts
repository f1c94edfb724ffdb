import { CauseTable, type EventList, formatTimeUs, type RunCounts, refusalsOf } from "@tradepulse/core";
import type { RunOptions } from "../options/run-options.ts";
import type { BoundRun } from "./bind-inputs.ts";

/** What the reader of a run should be told about how it was run, one line each. */
export function runWarnings(run: BoundRun, options: RunOptions, counts: RunCounts, events: EventList): readonly string[] {
  return [...aboutData(run), ...aboutOptions(options, counts), ...aboutRefusals(events)];
}

function aboutData({ inputs }: BoundRun): string[] {
  const synthetic = inputs.filter(({ bound }) => bound?.dataset.provenance.synthetic === true);
  if (synthetic.length === 0) return [];
  const names = synthetic.map(({ name }) => `"${name}"`).join(", ");
  return [`The bars of ${names} are synthetic: the result says nothing about a market.`];
}

function aboutOptions(options: RunOptions, counts: RunCounts): string[] {
  const warnings: string[] = [];
  if (options.marketFill === "bar-close") warnings.push("Market orders fill at the close of the bar that decided them: optimistic.");
  if (options.path === "best-case") warnings.push("Bars are walked in the order that is best for the strategy: optimistic.");
  const { kind } = options.slippage;
  const usesVolume = options.participation !== null || kind === "volume-share" || kind === "square-root";
  if (usesVolume && counts.volumeKnown === false) {
    warnings.push("The volume of the bars is not known: participation is off, and slippage by volume is zero.");
  }
  return warnings;
}

/** Every cause by itself, with the bar that shows it first: a wish may be refused before it has a number, and is in no other table then. */
function aboutRefusals(events: EventList): string[] {
  const byCause = Map.groupBy(refusalsOf(events), ({ what, cause }) => `${what} ${cause}`);
  return [...byCause.values()].map((each) => {
    const { what, cause, timeUs } = each[0]!;
    const text = CauseTable.find(([name]) => name === cause)![1];
    const many = `${each.length} ${what}${each.length === 1 ? " was" : "s were"} refused (${cause}): ${text}`;
    return `${many}; ${each.length === 1 ? "at" : "the first at"} ${formatTimeUs(timeUs)}.`;
  });
}
