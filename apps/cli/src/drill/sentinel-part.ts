import { awaited, type DrillStage, withLatch } from "./drill-stage.ts";
import { type DrillTerms, latchOutlives, millis, seconds, stillSilent } from "./kill-switch-part.ts";

/** Beyond the silence that the sentinel waits for. */
const SLACK_MS = 5_000;
const CANCELED_MS = 15_000;
const WATCH_MS = 5_000;

/**
 * Stops the process of the trader, as a stuck loop would, and watches what its sentinel does; then lets it go on, and watches that it sends nothing. Trading
 * is halted afterwards, and the trader always goes on, whatever was found.
 */
export async function sentinelPart(stage: DrillStage, terms: DrillTerms): Promise<void> {
  const { env } = stage;
  const { signal, tell } = terms;
  const mostMs = (stage.timeoutUs ?? 0) / 1_000 + (2 * stage.beatUs) / 1_000 + SLACK_MS;
  let latchedWallUs = Number.POSITIVE_INFINITY;
  stage.signal("SIGSTOP");
  try {
    const haltedMs = await withLatch(stage, (latch) => awaited(env, mostMs, signal, () => latch.current.state === "halted"));
    const { by: who, atUs } = await withLatch(stage, (latch) => latch.current);
    if (haltedMs !== undefined) latchedWallUs = atUs;
    tell({
      name: "stuck trader to latch",
      expected: `by the sentinel, ${seconds(mostMs)} at most`,
      found: haltedMs === undefined ? "trading is still allowed" : `${millis(haltedMs)} (${who})`,
      ms: haltedMs ?? null,
      isOk: haltedMs !== undefined && who === "sentinel",
    });
    const lookedMs = await awaited(env, CANCELED_MS, signal, async () => (await stage.working()) === 0, stage.lookMs);
    // From the latch on, which was seen a little later than it was there.
    const canceledMs =
      lookedMs === undefined || haltedMs === undefined ? undefined : Math.max(lookedMs, (env.wallUs() - latchedWallUs) / 1_000);
    tell({
      name: "latch to all canceled",
      expected: `by the sentinel, ${seconds(CANCELED_MS)} at most`,
      found: canceledMs === undefined ? `${await stage.working()} orders still work` : millis(canceledMs),
      ms: canceledMs ?? null,
      isOk: canceledMs !== undefined,
    });
  } finally {
    stage.signal("SIGCONT");
  }
  if (Number.isFinite(latchedWallUs)) await stillSilent(stage, terms, latchedWallUs, "a trader that goes on is silent", WATCH_MS);
  await latchOutlives(stage, terms);
}
