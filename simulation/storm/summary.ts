import { marksAt } from "../oracle/sometimes.ts";
import { FAULT_KINDS, kindsAt } from "./fault-kinds.ts";
import type { Edge } from "./play-seed.ts";
import { aimOf, statesOf } from "./reach-cells.ts";
import type { StormResult } from "./storm-result.ts";

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
  readonly books: number;
  readonly boots: number;
  readonly alarms: number;
  readonly endedDown: string;
  readonly virtualUs: number;
  readonly wallMs: number;
  readonly strikes: Readonly<Record<string, number>>;
  readonly reach: readonly (readonly [kind: string, state: string, count: number])[];
  readonly marks: readonly string[];
}

export function reportOf(result: StormResult, edge: Edge, wallMs: number): SeedReport {
  const { seed, scenario, digest, checkpoints, violations, events, orders, fills, books, boots, alarms, endedDown, virtualUs, marks } =
    result;
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
    books,
    boots,
    alarms,
    endedDown,
    virtualUs,
    wallMs: Math.round(wallMs),
    strikes: Object.fromEntries(result.strikes),
    reach: result.reach.map(({ kind, state, count }) => [kind, state, count] as const),
    marks,
  };
}

/** One line for a whole run of seeds. */
export function summaryLine(reports: readonly SeedReport[], seconds: number): string {
  const sum = (of: (report: SeedReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  const failed = reports.filter(({ violations }) => violations.length > 0).length;
  const strikes = sum(({ strikes }) => Object.values(strikes).reduce((total, count) => total + count, 0));
  const hours = sum(({ virtualUs }) => virtualUs) / 3.6e9;
  const what =
    reports[0]?.edge === "book"
      ? `${sum(({ books }) => books)} looks at a book`
      : `${sum(({ orders }) => orders)} orders, ${sum(({ fills }) => fills)} fills`;
  return `storm: ${reports.length} seeds, ${failed} failed; ${what}, ${sum(({ boots }) => boots)} starts, ${strikes} faults, ${hours.toFixed(1)} virtual hours in ${seconds.toFixed(0)} s`;
}

/** How often each kind of fault struck, and in which state of an order, or of a book, it did. */
export interface ReachTable {
  readonly rows: readonly string[];
  /** Cells that can be met and never were. */
  readonly empty: readonly string[];
  /** Marks that no run reached. */
  readonly missing: readonly string[];
}

export function reachOf(reports: readonly SeedReport[], edge: Edge): ReachTable {
  const cells = new Map<string, number>();
  const strikes = new Map<string, number>();
  const marks = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, count: number): void => void map.set(key, (map.get(key) ?? 0) + count);
  for (const report of reports) {
    for (const [kind, count] of Object.entries(report.strikes)) add(strikes, kind, count);
    for (const [kind, state, count] of report.reach) add(cells, `${kind}/${state}`, count);
    for (const mark of report.marks) add(marks, mark, 1);
  }
  const states = statesOf(edge);
  const empty: string[] = [];
  const rows = kindsAt(edge).map((kind) => {
    const { states: feasible } = aimOf(kind, edge);
    const columns = states.map((state) => {
      const count = cells.get(`${kind}/${state}`) ?? 0;
      if (count === 0 && feasible.includes(state)) empty.push(`${kind} ${state}`);
      return count === 0 && !feasible.includes(state) ? "-" : String(count);
    });
    return `| ${kind} | ${FAULT_KINDS[kind].name} | ${strikes.get(kind) ?? 0} | ${columns.join(" | ")} |`;
  });
  const head = [`| # | fault | struck | ${states.join(" | ")} |`, `| --- | --- | ---: |${" ---: |".repeat(states.length)}`];
  if (edge === "book") return { rows: [...head, ...rows], empty, missing: [] };
  const wanted = marksAt(edge);
  const reached = wanted.map((mark) => `| ${mark} | ${marks.get(mark) ?? 0} |`);
  return {
    rows: [...head, ...rows, "", "| sometimes | seeds |", "| --- | ---: |", ...reached],
    empty,
    missing: wanted.filter((mark) => !marks.has(mark)),
  };
}
