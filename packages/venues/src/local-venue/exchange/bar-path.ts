import type { RandomStream } from "@tradepulse/platform";
import { type E8, maxE8, minE8, nearestTo } from "./amount.ts";

/** A bar in the venue's own units. Volume 0 when it is not known. */
export interface PlayedBar {
  readonly open: E8;
  readonly high: E8;
  readonly low: E8;
  readonly close: E8;
  readonly volume: E8;
}

/**
 * Prices that a bar may have gone through: `steps` of them (at least 4), the first the open, the last the close, both extremes reached
 * and never passed. Which extreme comes first, and the wandering between, come from the random stream.
 */
export function barPath(bar: PlayedBar, steps: number, tick: E8, random: RandomStream): E8[] {
  const count = Math.max(4, steps);
  const lowFirst = random.next() < (bar.close >= bar.open ? 0.65 : 0.35);
  const corners = [bar.open, lowFirst ? bar.low : bar.high, lowFirst ? bar.high : bar.low, bar.close];
  const first = 1 + random.below(Math.max(1, Math.floor(count / 2) - 1));
  const second = first + 1 + random.below(Math.max(1, count - 2 - first));
  const at = [0, first, Math.min(second, count - 2), count - 1];
  const wander = bar.high - bar.low;
  const path: E8[] = [];
  for (let i = 0; i < count; i += 1) {
    const leg = i >= at[2]! ? 2 : i >= at[1]! ? 1 : 0;
    if (i === at[leg]) path.push(corners[leg]!);
    else if (i === at[leg + 1]) path.push(corners[leg + 1]!);
    else {
      const [from, to] = [corners[leg]!, corners[leg + 1]!];
      const straight = from + ((to - from) * BigInt(i - at[leg]!)) / BigInt(at[leg + 1]! - at[leg]!);
      const aside = (wander * BigInt(random.below(201) - 100)) / 1_000n;
      path.push(minE8(bar.high, maxE8(bar.low, nearestTo(straight + aside, tick))));
    }
  }
  return path;
}
