import type { FeedBar, MarketFeed } from "@tradepulse/venues";

/** Closed bars of several symbols, each from its own instant on, in the order in which they closed. */
export async function readPast(
  feed: MarketFeed,
  from: ReadonlyMap<string, number>,
  intervalUs: number,
  toUs: number,
): Promise<readonly FeedBar[]> {
  const bars: FeedBar[] = [];
  // One after the other: they share one rate budget.
  for (const [symbol, fromUs] of from) bars.push(...(await feed.history(symbol, intervalUs, fromUs, toUs)));
  return bars.sort((a, b) => a.closeUs - b.closeUs);
}
