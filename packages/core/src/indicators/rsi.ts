import type { IndicatorDefinition, Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";
import { requirePeriod } from "./parameter-bounds.ts";

/**
 * Relative strength index: `100 * gain / (gain + loss)`, where gain and loss are Wilder averages of the rises and of the falls
 * from row to row, seeded with their simple averages over the first `period` changes.
 *
 * @param period rows, 2 to 100,000; 14 by default
 * @returns `value`, 0 to 100; 0 while there has been neither rise nor fall. Warm-up `period + 1` rows.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see TA-Lib `RSI`, which takes averages below 1e-14 for zero; here only zero is zero, so scaling prices changes nothing
 */
export function rsi(period = 14): IndicatorDefinition<"value"> {
  requirePeriod("rsi", "period", period, 2);
  const name = `rsi(${period})`;
  return {
    name,
    inputs: ["close"],
    outputs: ["value"],
    warmup: period + 1,
    lookback: 0,
    createKernel: ([source], [value]) => rsiKernel(name, period, source!, value!),
  };
}

/** Values seen since the start or the last gap, up to `period + 1`. */
const COUNT = 0;
const PREVIOUS = 1;
const GAIN = 2;
const LOSS = 3;
const SIZE = 4;

function rsiKernel(name: string, period: number, source: Float64Array, value: Float64Array): Kernel {
  const memory = new Float64Array(SIZE);
  const factor = 1 / period;

  function advance(from: number, to: number): void {
    let count = memory[COUNT]!;
    let previous = memory[PREVIOUS]!;
    let gain = memory[GAIN]!;
    let loss = memory[LOSS]!;
    let row = from;
    while (row < to) {
      if (count > period) {
        for (; row < to; row++) {
          const x = source[row]!;
          const change = x - previous;
          if (change - change !== 0) break;
          // Rise and fall without a branch: engines compile a floating-point choice to a jump that is mispredicted half the time.
          const size = Math.abs(change);
          gain += ((size + change) * 0.5 - gain) * factor;
          loss += ((size - change) * 0.5 - loss) * factor;
          previous = x;
          value[row] = strength(gain, loss);
        }
        if (row < to) count = 0;
        continue;
      }
      const x = source[row]!;
      value[row] = Number.NaN;
      if (x - x !== 0) {
        count = 0;
      } else {
        if (count === 0) {
          gain = 0;
          loss = 0;
        } else {
          const change = x - previous;
          const size = Math.abs(change);
          gain += (size + change) * 0.5;
          loss += (size - change) * 0.5;
        }
        previous = x;
        count += 1;
        if (count > period) {
          gain /= period;
          loss /= period;
          value[row] = strength(gain, loss);
        }
      }
      row += 1;
    }
    memory[COUNT] = count;
    memory[PREVIOUS] = previous;
    memory[GAIN] = gain;
    memory[LOSS] = loss;
  }

  return { advance, ...kernelMemory(name, memory) };
}

function strength(gain: number, loss: number): number {
  const movement = gain + loss;
  return movement === 0 ? 0 : (100 * gain) / movement;
}
