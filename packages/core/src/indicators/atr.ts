import type { IndicatorDefinition, Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";
import { requirePeriod } from "./parameter-bounds.ts";
import { trueRangeOf } from "./true-range.ts";

/**
 * Average true range: Wilder's average of the true range, `atr += (trueRange - atr) / period`, seeded with the simple average of
 * the first `period` true ranges, those of rows 1 to `period`. The same bits as `rma(period)` of `trueRange()`.
 *
 * @param period rows, 1 to 100,000; 14 by default
 * @returns `value`, price units, 0 or more. Warm-up `period + 1` rows.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see TA-Lib `ATR`
 */
export function atr(period = 14): IndicatorDefinition<"value"> {
  requirePeriod("atr", "period", period, 1);
  const name = `atr(${period})`;
  return {
    name,
    inputs: ["high", "low", "close"],
    outputs: ["value"],
    warmup: period + 1,
    lookback: 0,
    createKernel: ([high, low, close], [value]) => atrKernel(name, period, high!, low!, close!, value!),
  };
}

/** Bars seen since the start or the last gap, up to `period + 1`. */
const COUNT = 0;
const PREVIOUS = 1;
const BASE = 2;
const LEVEL = 3;
const SIZE = 4;

function atrKernel(name: string, period: number, high: Float64Array, low: Float64Array, close: Float64Array, value: Float64Array): Kernel {
  const memory = new Float64Array(SIZE);
  const factor = 1 / period;

  function advance(from: number, to: number): void {
    let count = memory[COUNT]!;
    let previous = memory[PREVIOUS]!;
    let base = memory[BASE]!;
    let level = memory[LEVEL]!;
    let row = from;
    while (row < to) {
      if (count > period) {
        for (; row < to; row++) {
          const last = close[row]!;
          const range = trueRangeOf(high[row]!, low[row]!, previous);
          const whole = range + last;
          if (whole - whole !== 0) break;
          level += factor * (range - level);
          previous = last;
          value[row] = level;
        }
        if (row < to) count = 0;
        continue;
      }
      const top = high[row]!;
      const bottom = low[row]!;
      const last = close[row]!;
      const whole = top - bottom + last;
      value[row] = Number.NaN;
      if (whole - whole !== 0) {
        count = 0;
      } else {
        if (count > 0) {
          const range = trueRangeOf(top, bottom, previous);
          if (count === 1) {
            base = range;
            level = 0;
          }
          level += range - base;
          if (count === period) {
            level = base + level / period;
            value[row] = level;
          }
        }
        previous = last;
        count += 1;
      }
      row += 1;
    }
    memory[COUNT] = count;
    memory[PREVIOUS] = previous;
    memory[BASE] = base;
    memory[LEVEL] = level;
  }

  return { advance, ...kernelMemory(name, memory) };
}
