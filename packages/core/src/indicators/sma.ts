import type { IndicatorDefinition, Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";
import { requirePeriod } from "./parameter-bounds.ts";
import { clearTails, sumTails } from "./rolling-moments.ts";

/**
 * Simple moving average: the mean of the last `period` values, `(x[i - period + 1] + ... + x[i]) / period`.
 *
 * @param period rows, 1 to 100,000
 * @returns `value`, within the range of the window; a constant series gives that constant exactly. Warm-up `period` rows.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see TA-Lib `SMA`; summed as `rolling-moments.ts` explains
 */
export function sma(period: number): IndicatorDefinition<"value"> {
  requirePeriod("sma", "period", period, 1);
  const name = `sma(${period})`;
  return {
    name,
    inputs: ["close"],
    outputs: ["value"],
    warmup: period,
    lookback: period - 1,
    createKernel: ([source], [value]) => smaKernel(name, period, source!, value!),
  };
}

const PLACE = 0;
const CLEARED = 1;
const BASE = 2;
const SUM = 3;
const TAIL = 4;

function smaKernel(name: string, period: number, source: Float64Array, value: Float64Array): Kernel {
  const memory = new Float64Array(TAIL + period);
  const tail = memory.subarray(TAIL);
  clearTails(tail, 0);
  memory[CLEARED] = 1;

  function advance(from: number, to: number): void {
    let place = memory[PLACE]!;
    let base = memory[BASE]!;
    let sum = memory[SUM]!;
    let row = from;
    while (row < to) {
      if (place === period || place === 0) {
        base = source[row]!;
        sum = 0;
        if (place === period) {
          sumTails(source, row, base, tail);
          memory[CLEARED] = 0;
          place = 0;
        } else if (memory[CLEARED] === 0) {
          clearTails(tail, 0);
          memory[CLEARED] = 1;
        }
      }
      const end = Math.min(to, row + period - place);
      for (; row < end; row++) {
        const distance = source[row]! - base;
        if (distance - distance !== 0) break;
        sum += distance;
        value[row] = base + (sum + tail[place]!) / period;
        place += 1;
      }
      if (row < end) {
        value[row] = Number.NaN;
        place = 0;
        row += 1;
      }
    }
    memory[PLACE] = place;
    memory[BASE] = base;
    memory[SUM] = sum;
  }

  return { advance, ...kernelMemory(name, memory) };
}
