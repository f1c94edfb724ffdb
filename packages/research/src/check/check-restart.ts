import { FailureError, formatTimeUs } from "@tradepulse/core";
import type { BoundRun } from "../run/bind-inputs.ts";
import { engineSettings } from "../run/engine-settings.ts";
import type { CheckFinding, CheckPart } from "./check-report.ts";
import type { CheckContext } from "./check-run.ts";
import { type Rehearsal, rehearseRestart } from "./rehearse-restart.ts";
import { seededWhole } from "./seeded-random.ts";

const CUTS = 32;
/** Enough to tell, and no more than some seconds of computing. */
const MOST_INSTANTS = 10_000;

type Result = { readonly part: CheckPart; readonly findings: readonly CheckFinding[] };

/**
 * Whether a live session of this strategy may start from a snapshot: at many instants a fresh strategy goes on where the running one stands, with the same
 * indicators and what `save` gave, and must decide the same from there on.
 */
export async function checkRestart(context: CheckContext, run: BoundRun): Promise<Result> {
  const instants = Math.min(MOST_INSTANTS, Math.max(...run.inputs.map(({ columns }) => columns.length)));
  const whole = seededWhole(7);
  const cuts = [...new Set(Array.from({ length: CUTS }, () => whole(instants)))].sort((a, b) => a - b);
  context.runs += cuts.length + 1;
  context.pacing.add(instants);
  try {
    const rehearsal = await rehearseRestart({
      strategy: context.strategy,
      run,
      options: () => engineSettings(context.options, run.instruments, run.fromUs ?? Number.NEGATIVE_INFINITY),
      instants,
      cuts,
      breathe: async () => {
        if (context.pacing.due()) await context.pacing.breathe(0);
      },
    });
    context.pacing.finished(instants);
    return judged(rehearsal);
  } catch (error) {
    if (!(error instanceof FailureError) || error.failure.code !== "TP_STRATEGY_MEMORY") throw error;
    const text = `${error.failure.message}. A live session keeps no snapshot of it and replays its whole journal at every start.`;
    return {
      part: { check: "restart", state: "found", text: "its memory cannot be kept" },
      findings: [{ check: "restart", id: "memory", severity: "note", title: "Cannot be restarted from a snapshot", text }],
    };
  }
}

function judged({ isDeclared, restarts, instants, differences }: Rehearsal): Result {
  const done = `${restarts} restarts within ${instants} instants`;
  const first = differences.toSorted((a, b) => a.timeUs - b.timeUs)[0];
  if (first === undefined) {
    const text = isDeclared ? done : `${done}: it may declare remembers: "indicators"`;
    return { part: { check: "restart", state: "ok", text }, findings: [] };
  }
  const facts = `Started again from where it stood at ${formatTimeUs(first.cutUs)} it decides otherwise at ${formatTimeUs(first.timeUs)}`;
  const advice = isDeclared
    ? "it declares that it can be restarted, so a live session would. Save all that a reaction writes in create, or drop the declaration"
    : "it remembers more than its indicators. Return save and restore from create to keep it; until then a live session replays its whole journal at every start";
  return {
    part: { check: "restart", state: "found", text: done },
    findings: [
      {
        check: "restart",
        id: "restart",
        severity: isDeclared ? "serious" : "note",
        title: isDeclared ? "Decides otherwise after a restart" : "Remembers more than its indicators",
        text: `${facts}: ${advice}.`,
        timeUs: first.timeUs,
      },
    ],
  };
}
