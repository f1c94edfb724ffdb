import type { Engine } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import type { MarketFeed } from "@tradepulse/venues";
import { readPast } from "../feed/read-past.ts";
import type { LiveSession } from "../session/live-session.ts";
import type { SessionRecord } from "./session-record.ts";

export interface CatchUpParts {
  readonly env: Env;
  readonly engine: Engine;
  readonly record: SessionRecord;
  readonly feed: MarketFeed;
  readonly session: LiveSession;
  /** Bars that the configuration asks for at the very start; those of the indicators otherwise. */
  readonly warmupBars: number | undefined;
}

/**
 * Bars that closed since the last one recorded, or those that warm the indicators up. They are old news, and come all at once: indicators take them in,
 * and nothing is traded on them.
 */
export async function catchUp({ env, engine, record, feed, session, warmupBars }: CatchUpParts): Promise<void> {
  session.operate("hold", "the session catches up");
  const nowUs = env.wallUs();
  const own = record.series.flatMap((series, index) => (series.isBuilt ? [] : [{ ...series, index }]));
  const past = warmUpBars(engine, record, warmupBars);
  const from = new Map(
    own.map(({ symbol, index, intervalUs }) => {
      const last = session.assembler.lastClose(index);
      return [symbol, Number.isFinite(last) ? last : nowUs - past * intervalUs] as const;
    }),
  );
  for (const bar of await readPast(feed, from, own[0]!.intervalUs, nowUs)) session.assembler.take(bar);
  session.operate("release", "the session has caught up");
}

/** Past bars that a session needs before its first live one: those of its indicators, in the bars that it is fed. */
export function warmUpBars(engine: Engine, record: SessionRecord, asked: number | undefined): number {
  if (asked !== undefined) return asked;
  const own = Math.min(...record.series.map(({ intervalUs }) => intervalUs));
  const longest = Math.max(...record.series.map(({ intervalUs }) => intervalUs));
  // One more than enough of the longest, since the first of them may be a part.
  return Math.min(50_000, Math.ceil((engine.host.indicators.warmup + 2) * (longest / own)));
}
