import type { IndicatorDefinition, Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";
import { requirePeriod } from "./parameter-bounds.ts";
import { greatestTails, leastTails } from "./rolling-extremes.ts";
import { clearTails } from "./rolling-moments.ts";

/**
 * Donchian channel: the highest high and the lowest low of the last `period` bars, the current one included, and their midpoint.
 *
 * @param period rows, 1 to 100,000; 20 by default
 * @returns `upper`, `lower`, each one of the prices in the window exactly, and `middle = (upper + lower) / 2`. Warm-up `period` rows.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see R. Donchian's four-week rule; TA-Lib `MAX` of highs, `MIN` of lows. Some authors leave the current bar out: read the
 *   channel one bar ago for that.
 */
export function donchian(period = 20): IndicatorDefinition<"upper" | "lower" | "middle"> {
  requirePeriod("donchian", "period", period, 1);
  const name = `donchian(${period})`;
  return {
    name,
    inputs: ["high", "low"],
    outputs: ["upper", "lower", "middle"],
    warmup: period,
    lookback: period - 1,
    createKernel: ([high, low], [upper, lower, middle]) => donchianKernel(name, period, high!, low!, upper!, lower!, middle!),
  };
}

const PLACE = 0;
const CLEARED = 1;
const TOP = 2;
const BOTTOM = 3;
const TAIL = 4;

function donchianKernel(
  name: string,
  period: number,
  high: Float64Array,
  low: Float64Array,
  upper: Float64Array,
  lower: Float64Array,
  middle: Float64Array,
): Kernel {
  const memory = new Float64Array(TAIL + 2 * period);
  const topTail = memory.subarray(TAIL, TAIL + period);
  const bottomTail = memory.subarray(TAIL + period);
  clear();

  function clear(): void {
    clearTails(topTail, Number.NEGATIVE_INFINITY);
    clearTails(bottomTail, Number.POSITIVE_INFINITY);
    memory[CLEARED] = 1;
  }

  function advance(from: number, to: number): void {
    let place = memory[PLACE]!;
    let top = memory[TOP]!;
    let bottom = memory[BOTTOM]!;
    let row = from;
    while (row < to) {
      if (place === period || place === 0) {
        top = high[row]!;
        bottom = low[row]!;
        if (place === period) {
          greatestTails(high, row, topTail);
          leastTails(low, row, bottomTail);
          memory[CLEARED] = 0;
          place = 0;
        } else if (memory[CLEARED] === 0) clear();
      }
      const end = Math.min(to, row + period - place);
      for (; row < end; row++) {
        const h = high[row]!;
        const l = low[row]!;
        const range = h - l;
        if (range - range !== 0) break;
        if (h > top) top = h;
        if (l < bottom) bottom = l;
        // Tails of NaN, which stand for no block before, win.
        const highest = Math.max(top, topTail[place]!);
        const lowest = Math.min(bottom, bottomTail[place]!);
        upper[row] = highest;
        lower[row] = lowest;
        middle[row] = (highest + lowest) * 0.5;
        place += 1;
      }
      if (row < end) {
        upper[row] = Number.NaN;
        lower[row] = Number.NaN;
        middle[row] = Number.NaN;
        place = 0;
        row += 1;
      }
    }
    memory[PLACE] = place;
    memory[TOP] = top;
    memory[BOTTOM] = bottom;
  }

  return { advance, ...kernelMemory(name, memory) };
}
