import { FailureError, formatTimeUs, ordersOf, type TimeUs } from "@tradepulse/core";
import type { BoundRun } from "../run/bind-inputs.ts";
import type { DrivenRun } from "../run/drive-engine.ts";
import type { CheckFinding, CheckPart } from "./check-report.ts";
import { type CheckContext, runFor } from "./check-run.ts";
import { firstDifference } from "./compare-decisions.ts";
import { cutAfter, shuffleAfter } from "./cut-run.ts";
import { seededWhole } from "./seeded-random.ts";

/** Cut points drawn by the seed, and decisions of the run that are cut at. */
const SEEDED_CUTS = 32;
const DECISIONS = 32;

interface Outcome {
  readonly part: CheckPart;
  readonly findings: readonly CheckFinding[];
}

/**
 * Whether what a strategy decides up to some instant depends on what comes after it: the bars after it are removed, then dealt in
 * another order. Instants are drawn by the seed; besides, the close of each of the first decisions and the close before it.
 */
export async function checkFuture(context: CheckContext, run: BoundRun, whole: DrivenRun): Promise<readonly Outcome[]> {
  const cuts = cutPoints(run, whole, context.options.seed);
  const random = seededWhole(context.options.seed + 1);
  const truncated: Difference[] = [];
  const shuffled: Difference[] = [];
  for (const cutUs of cuts) {
    const until = await prefixOf(context, cutAfter(run, cutUs));
    if (until instanceof FailureError) {
      truncated.push({ cutUs, timeUs: cutUs, failure: until });
      continue;
    }
    const full = { events: whole.engine.events, length: whole.eventsBeforeEnd };
    add(truncated, cutUs, firstDifference(until, full, cutUs));
    const dealt = await prefixOf(context, shuffleAfter(run, cutUs, random));
    if (dealt instanceof FailureError) shuffled.push({ cutUs, timeUs: cutUs, failure: dealt });
    else add(shuffled, cutUs, firstDifference(until, dealt, cutUs));
  }
  return [outcome("truncation", cuts.length, truncated, "removed"), outcome("shuffle", cuts.length, shuffled, "dealt in another order")];
}

interface Difference {
  readonly cutUs: TimeUs;
  readonly timeUs: TimeUs;
  readonly failure?: FailureError;
}

function add(differences: Difference[], cutUs: TimeUs, timeUs: TimeUs | undefined): void {
  if (timeUs !== undefined) differences.push({ cutUs, timeUs });
}

async function prefixOf(
  context: CheckContext,
  run: BoundRun,
): Promise<{ readonly events: DrivenRun["engine"]["events"]; readonly length: number } | FailureError> {
  try {
    const { engine, eventsBeforeEnd } = await runFor(context, run);
    return { events: engine.events, length: eventsBeforeEnd };
  } catch (error) {
    if (error instanceof FailureError) return error;
    throw error;
  }
}

function cutPoints(run: BoundRun, whole: DrivenRun, seed: number): readonly TimeUs[] {
  const main = run.inputs.find(({ of }) => of === undefined)!;
  const { closeUs, length } = main.columns;
  const random = seededWhole(seed);
  const rows = new Set<number>();
  const tradable = length - 1 - main.warmupBars;
  for (let k = 0; k < SEEDED_CUTS && tradable > 0; k += 1) rows.add(main.warmupBars + random(tradable));
  const decided = ordersOf(whole.engine.events).filter(({ source, parentId }) => source === "strategy" && parentId === 0);
  const instants = [...new Set(decided.map(({ submittedUs }) => submittedUs))].slice(0, DECISIONS);
  const times = new Set([...rows].map((row) => closeUs[row]!));
  for (const timeUs of instants) {
    times.add(timeUs);
    const row = closeUs.subarray(0, length).findLastIndex((each) => each < timeUs);
    if (row >= 0) times.add(closeUs[row]!);
  }
  return [...times].filter((timeUs) => timeUs < closeUs[length - 1]!).sort((a, b) => a - b);
}

function outcome(check: "truncation" | "shuffle", cuts: number, differences: readonly Difference[], done: string): Outcome {
  const text = `${cuts} runs, each with the bars after some instant ${done}`;
  const first = differences[0];
  if (first === undefined) return { part: { check, state: "ok", text }, findings: [] };
  const cut = formatTimeUs(first.cutUs);
  const what =
    first.failure === undefined
      ? `what it decides at ${formatTimeUs(first.timeUs)} is not the same`
      : `it fails with ${first.failure.failure.code}`;
  return {
    part: { check, state: "found", text },
    findings: [
      {
        check,
        id: "lookahead",
        severity: "serious",
        title: "Sees the future",
        text: `With the bars after ${cut} ${done}, ${what}. ${differences.length} of ${cuts} such runs differ.`,
        timeUs: first.timeUs,
      },
    ],
  };
}
