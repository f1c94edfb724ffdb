import { FAULT_KIND_NAMES, FAULT_KINDS } from "./fault-kinds.ts";
import type { Edge } from "./play-seed.ts";
import type { StormResult } from "./storm.ts";

/** What is kept of a run for the table: small enough to come from another process as a line. */
export interface SeedReport {
  readonly seed: number;
  readonly edge: Edge;
  readonly mode: string;
  readonly trader: string;
  readonly digest: string;
  readonly checkpoints: readonly string[];
  readonly violations: readonly { readonly invariant: string; readonly about: string; readonly text: string }[];
  readonly events: number;
  readonly orders: number;
  readonly fills: number;
  readonly boots: number;
  readonly alarms: number;
  readonly endedDown: string;
  readonly virtualUs: number;
  readonly wallMs: number;
  readonly strikes: Readonly<Record<string, number>>;
  readonly reach: readonly (readonly [kind: string, state: string, count: number])[];
}

export function reportOf(result: StormResult, edge: Edge, wallMs: number): SeedReport {
  const { seed, scenario, digest, checkpoints, violations, events, orders, fills, boots, alarms, endedDown, virtualUs } = result;
  return {
    seed,
    edge,
    mode: scenario.mode,
    trader: scenario.trader,
    digest,
    checkpoints,
    violations: violations.map(({ invariant, about, text }) => ({ invariant, about, text: text.slice(0, 500) })),
    events,
    orders,
    fills,
    boots,
    alarms,
    endedDown,
    virtualUs,
    wallMs: Math.round(wallMs),
    strikes: Object.fromEntries(result.strikes),
    reach: result.reach.map(({ kind, state, count }) => [kind, state, count] as const),
  };
}

/** One line for a whole run of seeds. */
export function summaryLine(reports: readonly SeedReport[], seconds: number): string {
  const sum = (of: (report: SeedReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  const failed = reports.filter(({ violations }) => violations.length > 0).length;
  const strikes = sum(({ strikes }) => Object.values(strikes).reduce((total, count) => total + count, 0));
  const hours = sum(({ virtualUs }) => virtualUs) / 3.6e9;
  return `storm: ${reports.length} seeds, ${failed} failed; ${sum(({ orders }) => orders)} orders, ${sum(({ fills }) => fills)} fills, ${sum(({ boots }) => boots)} starts, ${strikes} faults, ${hours.toFixed(1)} virtual hours in ${seconds.toFixed(0)} s`;
}

/** Faults by kind, and in which state of an order each met one. */
export function tables(reports: readonly SeedReport[]): string {
  const states = [
    "none",
    "initialized",
    "submitted",
    "accepted",
    "partially-filled",
    "filled",
    "canceled",
    "expired",
    "rejected",
    "unknown",
  ];
  const cells = new Map<string, number>();
  const strikes = new Map<string, number>();
  for (const report of reports) {
    for (const [kind, count] of Object.entries(report.strikes)) strikes.set(kind, (strikes.get(kind) ?? 0) + count);
    for (const [kind, state, count] of report.reach) cells.set(`${kind}/${state}`, (cells.get(`${kind}/${state}`) ?? 0) + count);
  }
  const rows = FAULT_KIND_NAMES.map((kind) => {
    const counts = states.map((state) => cells.get(`${kind}/${state}`) ?? 0);
    return `| ${kind} | ${FAULT_KINDS[kind].name} | ${strikes.get(kind) ?? 0} | ${counts.join(" | ")} |`;
  });
  return [`| # | fault | struck | ${states.join(" | ")} |`, `| --- | --- | ---: |${" ---: |".repeat(states.length)}`, ...rows].join("\n");
}
