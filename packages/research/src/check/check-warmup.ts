import { formatTimeUs, type TimeUs } from "@tradepulse/core";
import type { BoundRun } from "../run/bind-inputs.ts";
import type { DrivenRun } from "../run/drive-engine.ts";
import type { CheckFinding, CheckPart } from "./check-report.ts";
import { type CheckContext, runFor } from "./check-run.ts";
import { firstDifferenceOfWhole } from "./compare-decisions.ts";
import { withHistory } from "./cut-run.ts";

const MULTIPLES = [1, 2, 4, 8, 16];

/**
 * How much history a strategy needs before it trades: runs that start to trade at one instant, with more and more bars before it,
 * against one with all of them. An average that never forgets needs several times its length. `run` has its range set, with bars
 * before it; `warmupRows` is the longest warm-up of the strategy's indicators in rows of its fastest input.
 */
export async function checkWarmup(
  context: CheckContext,
  run: BoundRun,
  warmupRows: number,
): Promise<{ readonly part: CheckPart; readonly findings: readonly CheckFinding[] }> {
  const available = Math.min(...run.inputs.filter(({ of }) => of === undefined).map(({ warmupBars }) => warmupBars));
  const histories = MULTIPLES.map((multiple) => multiple * warmupRows).filter((rows) => rows < available);
  if (warmupRows === 0 || histories.length === 0) {
    const text =
      warmupRows === 0 ? "it has no indicator that warms up" : `needs more than ${warmupRows} bars before the range, it has ${available}`;
    return { part: { check: "warm-up", state: "skipped", text }, findings: [] };
  }
  const whole = await runFor(context, run);
  const differences: (TimeUs | undefined)[] = [];
  for (const rows of histories) differences.push(await differenceWith(context, run, rows, whole));
  const text = `${histories.length} runs with ${histories.join(", ")} bars of history, against ${available}`;
  const lastDiffering = differences.findLastIndex((timeUs) => timeUs !== undefined);
  if (lastDiffering < 0) return { part: { check: "warm-up", state: "ok", text }, findings: [] };
  const enough = histories[lastDiffering + 1];
  const first = differences[0] ?? differences[lastDiffering]!;
  const advice =
    enough === undefined
      ? `even ${histories.at(-1)} bars are not enough: what it decides depends on where the data begin`
      : `${enough} bars are enough: load that many before the range`;
  return {
    part: { check: "warm-up", state: "found", text },
    findings: [
      {
        check: "warm-up",
        id: "warm-up",
        severity: enough === undefined ? "warning" : "note",
        title: "Needs more history than its indicators say",
        text: `With ${histories[0]} bars of history, the warm-up of its indicators, it decides otherwise at ${formatTimeUs(first)} than with all of it; ${advice}.`,
        timeUs: first,
      },
    ],
  };
}

async function differenceWith(context: CheckContext, run: BoundRun, rows: number, whole: DrivenRun): Promise<TimeUs | undefined> {
  const { engine } = await runFor(context, withHistory(run, rows));
  return firstDifferenceOfWhole(engine.events, whole.engine.events);
}
