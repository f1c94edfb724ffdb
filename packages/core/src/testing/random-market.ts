import { type Bar, barColumnsOf } from "../model/bar.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import type { TestMarket } from "./bars.ts";
import { Dice } from "./dice.ts";

/**
 * A market out of dice: prices in cents that wander, with gaps between bars, flat bars, bars that move one way only, missing bars, and
 * for some seeds volume, of which some bars have none.
 */
export function randomMarket(seed: number, rows: number, intervalUs = US_PER_MINUTE): TestMarket {
  const dice = new Dice(seed);
  const hasVolume = dice.chance(0.6);
  const out: Bar[] = [];
  let cents = dice.whole(2_000, 20_000);
  let at = 0;
  for (let k = 0; k < rows; k += 1) {
    at += dice.chance(0.03) ? dice.whole(2, 5) : 1;
    const shape = randomShape(dice, cents);
    cents = shape.close;
    const volume = !hasVolume ? Number.NaN : dice.chance(0.05) ? 0 : dice.whole(1, 400) / 2;
    out.push({
      openUs: (at - 1) * intervalUs,
      closeUs: at * intervalUs,
      open: shape.open / 100,
      high: shape.high / 100,
      low: shape.low / 100,
      close: shape.close / 100,
      volume,
    });
  }
  return { columns: barColumnsOf(out), intervalUs };
}

function randomShape(dice: Dice, last: number): { open: number; high: number; low: number; close: number } {
  const step = Math.max(2, Math.round(last * 0.01));
  const keep = (cents: number): number => Math.max(50, cents);
  const open = keep(dice.chance(0.15) ? last + dice.whole(-8 * step, 8 * step) : last + dice.whole(-1, 1));
  if (dice.chance(0.1)) return { open, high: open, low: open, close: open };
  if (dice.chance(0.05)) {
    const close = keep(open + dice.whole(-10 * step, 10 * step));
    return { open, high: Math.max(open, close), low: Math.min(open, close), close };
  }
  const close = keep(open + dice.whole(-2 * step, 2 * step));
  const high = Math.max(open, close) + dice.whole(0, 2 * step);
  const low = keep(Math.min(open, close) - dice.whole(0, 2 * step));
  return { open, high, low: Math.min(low, open, close), close };
}
