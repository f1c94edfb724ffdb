import type { Dice } from "@tradepulse/core/testing";
import type { JournalTail } from "./journal-tail.ts";
import { pause } from "./rig-process.ts";
import type { RigTrader } from "./rig-trader.ts";

/** When a process is killed: the record that is waited for, and how long after it. */
interface MomentPlan {
  /** Counted from the start of this life; `undefined` for no record at all. */
  readonly record?: string;
  /** Most of these records that pass by before. */
  readonly mostPassed: number;
  /** The kill comes at random within this time after. */
  readonly withinMs: number;
}

/** Every kind of moment, by what the process is in the middle of. */
export const MOMENTS = {
  "any time": { mostPassed: 0, withinMs: 25_000 },
  "waiting to lead": { mostPassed: 0, withinMs: 14_000 },
  recovering: { record: "leader", mostPassed: 0, withinMs: 500 },
  "intent durable and not sent": { record: "intent", mostPassed: 25, withinMs: 0 },
  "sent and not answered": { record: "intent", mostPassed: 25, withinMs: 40 },
  "answered and not told": { record: "outcome", mostPassed: 25, withinMs: 0 },
  filled: { record: "order filled", mostPassed: 15, withinMs: 5 },
  canceling: { record: "command cancel", mostPassed: 10, withinMs: 40 },
} as const satisfies Readonly<Record<string, MomentPlan>>;

export type Moment = keyof typeof MOMENTS;

export const MOMENT_NAMES = Object.keys(MOMENTS) as readonly Moment[];

/** A record that does not come is not waited for longer than this. */
const PATIENCE_MS = 60_000;

/** Waits for the moment in the life that has just begun. Gives the moment that it became. */
export async function awaitMoment(moment: Moment, trader: RigTrader, dice: Dice): Promise<Moment> {
  const plan: MomentPlan = MOMENTS[moment];
  const { tail } = trader;
  const delayMs = dice.unit() * plan.withinMs;
  const passed = dice.whole(0, plan.mostPassed);
  if (plan.record === undefined) {
    await pauseWatching(tail, delayMs);
    return moment;
  }
  const wanted = tail.count(plan.record) + passed + 1;
  const end = performance.now() + PATIENCE_MS;
  while (tail.count(plan.record) < wanted) {
    if (performance.now() > end || trader.process?.isRunning !== true) return "any time";
    tail.poll();
    if (tail.count(plan.record) < wanted) await pause(1);
  }
  if (delayMs > 0) await pause(delayMs);
  return moment;
}

async function pauseWatching(tail: JournalTail, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    tail.poll();
    await pause(Math.min(20, Math.max(1, end - performance.now())));
  }
}
