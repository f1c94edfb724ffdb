import type { IndicatorDefinition, Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";
import { requirePeriod } from "./parameter-bounds.ts";
import { clearTails, populationDeviation, sumTailsAndSquares } from "./rolling-moments.ts";

/**
 * Z-score: how many standard deviations the current value stands from the mean of the last `period` values, itself included,
 * `(x - mean) / deviation`, with the deviation of a population.
 *
 * @param period rows, 2 to 100,000
 * @returns `value`, no unit, within `±sqrt(period - 1)`; 0 for a constant window. Warm-up `period` rows.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see the definition of a standard score over a moving window; deviation as in `standardDeviation(period)`
 */
export function zscore(period: number): IndicatorDefinition<"value"> {
  requirePeriod("zscore", "period", period, 2);
  const name = `zscore(${period})`;
  return {
    name,
    inputs: ["close"],
    outputs: ["value"],
    warmup: period,
    lookback: period - 1,
    createKernel: ([source], [value]) => zscoreKernel(name, period, source!, value!),
  };
}

const PLACE = 0;
const CLEARED = 1;
const BASE = 2;
const SUM = 3;
const SQUARES = 4;
const TAIL = 5;

function zscoreKernel(name: string, period: number, source: Float64Array, value: Float64Array): Kernel {
  const memory = new Float64Array(TAIL + 2 * period);
  const tail = memory.subarray(TAIL, TAIL + period);
  const tailSquares = memory.subarray(TAIL + period);
  const weight = 1 / period;
  clearTails(tail, 0);
  clearTails(tailSquares, 0);
  memory[CLEARED] = 1;

  function advance(from: number, to: number): void {
    let place = memory[PLACE]!;
    let base = memory[BASE]!;
    let sum = memory[SUM]!;
    let squares = memory[SQUARES]!;
    let row = from;
    while (row < to) {
      if (place === period || place === 0) {
        base = source[row]!;
        sum = 0;
        squares = 0;
        if (place === period) {
          sumTailsAndSquares(source, row, base, tail, tailSquares);
          memory[CLEARED] = 0;
          place = 0;
        } else if (memory[CLEARED] === 0) {
          clearTails(tail, 0);
          clearTails(tailSquares, 0);
          memory[CLEARED] = 1;
        }
      }
      const end = Math.min(to, row + period - place);
      for (; row < end; row++) {
        const distance = source[row]! - base;
        if (distance - distance !== 0) break;
        sum += distance;
        squares += distance * distance;
        const total = sum + tail[place]!;
        const deviation = populationDeviation(total, squares + tailSquares[place]!, weight);
        value[row] = deviation === 0 ? 0 : (distance - total / period) / deviation;
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
    memory[SQUARES] = squares;
  }

  return { advance, ...kernelMemory(name, memory) };
}
