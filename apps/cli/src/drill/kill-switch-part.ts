import { type KillLatch, leaveWord } from "@tradepulse/live";
import type { DrillStep } from "./drill-record.ts";
import { awaited, type DrillStage, livingBeat, sentinelOf, withLatch } from "./drill-stage.ts";

/** Allowed times, in milliseconds. */
const LATCH_MS = 250;
const LAST_BYTE_MS = 50;
const CANCELED_MS = 15_000;
const WATCH_MS = 5_000;
/** Orders come and go: so long is waited for some. */
const ORDERS_MS = 5_000;

export type Tell = (step: DrillStep) => void;

export interface DrillTerms {
  readonly by: string;
  readonly signal: AbortSignal;
  readonly tell: Tell;
}

/** Looks whether there is anything to drill: a session that lives, a sentinel that could act, a latch that allows trading. True when a sentinel could act. */
export async function lookFirst(stage: DrillStage, { signal, tell }: DrillTerms): Promise<boolean> {
  const { env, beatUs, timeoutUs } = stage;
  const mostMs = (3 * beatUs) / 1_000 + 1_000;
  const beat = await livingBeat(env, stage.session, mostMs, signal);
  tell({
    name: "the session lives",
    expected: `a sign of life within ${seconds(mostMs)}`,
    found: beat === undefined ? "none" : `${beat.phase}, epoch ${beat.epoch}`,
    ms: null,
    isOk: beat?.phase === "running",
  });
  let isWatched = false;
  if (timeoutUs === undefined) {
    tell({ name: "a sentinel watches", expected: "one that could cancel", found: "none is configured", ms: null, isOk: false });
  } else {
    const watchman = await livingBeat(env, sentinelOf(stage), mostMs, signal);
    const found =
      watchman === undefined ? "no sign of life" : watchman.isReady ? "alive, could cancel" : `alive, could not: ${watchman.why}`;
    isWatched = watchman?.isReady === true;
    tell({ name: "a sentinel watches", expected: "one that could cancel", found, ms: null, isOk: isWatched });
  }
  const state = await withLatch(stage, (latch) => latch.state);
  tell({ name: "trading is armed", expected: "enabled", found: state, ms: null, isOk: state === "enabled" });
  let working = 0;
  await awaited(
    env,
    ORDERS_MS,
    signal,
    async () => {
      working = await stage.working();
      return working > 0;
    },
    stage.lookMs,
  );
  tell({
    name: "orders are at work",
    expected: "one at least",
    found: Number.isNaN(working) ? "they cannot be read" : String(working),
    ms: null,
    isOk: working > 0,
  });
  return isWatched;
}

/** Arming must need a name and a reason. What is tried here must fail, whatever the state. */
export async function armingNeedsAPerson(stage: DrillStage, { tell }: DrillTerms): Promise<void> {
  const refused = await withLatch(stage, async (latch) => [
    await isRefused(latch, "", "a reason"),
    await isRefused(latch, "somebody", " "),
  ]);
  const isOk = refused.every(Boolean);
  tell({
    name: "arming needs a person",
    expected: "refused without name or reason",
    found: isOk ? "refused" : "armed all the same",
    ms: null,
    isOk,
  });
}

async function isRefused(latch: KillLatch, by: string, reason: string): Promise<boolean> {
  // Never more than there is: a check that fails must not arm.
  return await latch.arm("reduce-only", reason, by).then(
    () => false,
    () => true,
  );
}

/** Presses the kill switch and watches what still happens. Trading is halted afterwards, whatever was found. */
export async function killSwitchPart(stage: DrillStage, terms: DrillTerms): Promise<void> {
  const { env } = stage;
  const { by, signal, tell } = terms;
  const pressedUs = env.monoUs();
  const latchMs = await withLatch(stage, async (latch) => {
    await latch.trip("halted", "a drill of the kill switch", by);
    return (env.monoUs() - pressedUs) / 1_000;
  });
  const latchedWallUs = env.wallUs();
  tell({ name: "press to latch", expected: `${LATCH_MS} ms at most`, found: millis(latchMs), ms: latchMs, isOk: latchMs <= LATCH_MS });
  await leaveWord(env, stage.session, { action: "cancel-all", reason: "a drill of the kill switch", by });
  const canceledMs = await awaited(env, CANCELED_MS, signal, async () => (await stage.working()) === 0, stage.lookMs);
  tell({
    name: "press to all canceled",
    expected: `${seconds(CANCELED_MS)} at most`,
    found: canceledMs === undefined ? `${await stage.working()} orders still work` : millis(canceledMs),
    ms: canceledMs ?? null,
    isOk: canceledMs !== undefined,
  });
  await sawTheHalt(stage, terms);
  await stillSilent(stage, terms, latchedWallUs, "last byte of new risk", WATCH_MS);
  await latchOutlives(stage, terms);
}

/** The trader must know of the halt, and live on with it. */
async function sawTheHalt(stage: DrillStage, { signal, tell }: DrillTerms): Promise<void> {
  const mostMs = (3 * stage.beatUs) / 1_000 + 1_000;
  const beat = await livingBeat(stage.env, stage.session, mostMs, signal);
  tell({
    name: "the session lives on, halted",
    expected: "halted",
    found: beat === undefined ? "no sign of life" : beat.state,
    ms: null,
    isOk: beat?.state === "halted",
  });
}

/** Watches for a while that nothing new is asked for. */
export async function stillSilent(
  stage: DrillStage,
  { signal, tell }: DrillTerms,
  latchedWallUs: number,
  name: string,
  watchMs: number,
): Promise<void> {
  await stage.env.sleep(watchMs * 1_000, signal);
  const sent = await stage.sentAfter(latchedWallUs);
  if (sent === undefined) {
    tell({
      name,
      expected: `${LAST_BYTE_MS} ms after the latch at most`,
      found: "the journal cannot be read from here",
      ms: null,
      isOk: false,
    });
    return;
  }
  const last = sent.length === 0 ? 0 : (Math.max(...sent) - latchedWallUs) / 1_000;
  tell({
    name,
    expected: `${LAST_BYTE_MS} ms after the latch at most`,
    found: sent.length === 0 ? `none in ${seconds(watchMs)}` : `${sent.length} orders, the last ${millis(last)} after it`,
    ms: last,
    isOk: last <= LAST_BYTE_MS,
  });
}

/** A process that looks for the first time must find the halt. */
export async function latchOutlives(stage: DrillStage, { tell }: DrillTerms): Promise<void> {
  const { state, by } = await withLatch(stage, (latch) => latch.current);
  tell({ name: "the latch holds", expected: "halted", found: `${state} (${by})`, ms: null, isOk: state === "halted" });
}

export function millis(ms: number): string {
  return ms < 1_000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : seconds(ms);
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms % 1_000 === 0 ? 0 : 1)} s`;
}
