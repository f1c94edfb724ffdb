import type { RunResult } from "./run-result.ts";

export interface Tally {
  readonly runs: number;
  readonly lives: number;
  /** How often each thing was done to a trader, by its name. */
  readonly events: Readonly<Record<string, number>>;
  readonly intents: number;
  readonly orders: number;
  readonly trades: number;
  readonly records: number;
  readonly neverSent: number;
  readonly neverHeard: number;
  readonly faults: number;
  readonly failedRuns: number;
  readonly violations: Readonly<Record<string, number>>;
}

export interface RigSummary {
  readonly kill: Tally;
  readonly diskFull: Tally;
  readonly sentinel: Tally;
  readonly seconds: number;
}

export function summaryOf(results: readonly RunResult[], seconds: number): RigSummary {
  const of = (kind: RunResult["kind"]): Tally => tallyOf(results.filter((each) => each.kind === kind));
  return { kill: of("kill"), diskFull: of("disk-full"), sentinel: of("sentinel"), seconds };
}

function tallyOf(results: readonly RunResult[]): Tally {
  const sum = (of: (result: RunResult) => number): number => results.reduce((total, each) => total + of(each), 0);
  return {
    runs: results.length,
    lives: sum(({ lives }) => lives),
    events: counted(results.flatMap(({ events }) => events)),
    intents: sum(({ intents }) => intents),
    orders: sum(({ orders }) => orders),
    trades: sum(({ trades }) => trades),
    records: sum(({ records }) => records),
    neverSent: sum(({ neverSent }) => neverSent),
    neverHeard: sum(({ neverHeard }) => neverHeard),
    faults: sum(({ faults }) => faults),
    failedRuns: results.filter(({ violations }) => violations.length > 0).length,
    violations: counted(results.flatMap(({ violations }) => violations.map(({ law }) => law))),
  };
}

function counted(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The summary as a table of Markdown. */
export function tableOf({ kill, diskFull, sentinel, seconds }: RigSummary): string {
  const rows: (readonly [string, (tally: Tally) => string])[] = [
    ["runs", ({ runs }) => String(runs)],
    ["lives of the trader", ({ lives }) => String(lives)],
    ["intents in the journal", ({ intents }) => String(intents)],
    ["intents durable at a death, never sent", ({ neverSent }) => String(neverSent)],
    ["requests sent, their answer never heard", ({ neverHeard }) => String(neverHeard)],
    ["orders that entered at the venue", ({ orders }) => String(orders)],
    ["trades", ({ trades }) => String(trades)],
    ["records replayed", ({ records }) => String(records)],
    ["untrue or lost words of the venue", ({ faults }) => String(faults)],
    ["runs with a violation", ({ failedRuns }) => String(failedRuns)],
    ["violations by law", ({ violations }) => listed(violations)],
  ];
  const body = rows.map(([name, of]) => `| ${name} | ${of(kill)} | ${of(diskFull)} | ${of(sentinel)} |`);
  const done = [...Object.entries(kill.events), ...Object.entries(diskFull.events), ...Object.entries(sentinel.events)].map(
    ([name, count]) => `| ${name} | ${count} |`,
  );
  return [
    `| | killed | disk full | sentinel |\n| --- | ---: | ---: | ---: |\n${body.join("\n")}`,
    `| What was done to the trader | times |\n| --- | ---: |\n${done.join("\n")}`,
    `${seconds} s.`,
  ].join("\n\n");
}

function listed(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}
