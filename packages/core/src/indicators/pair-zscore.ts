import { ln } from "../model/math.ts";
import type { IndicatorDefinition, Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";
import { requirePeriod } from "./parameter-bounds.ts";
import { clearTails, populationDeviation, sumTailsAndSquares } from "./rolling-moments.ts";

/**
 * Z-score of the spread of a pair: the z-score of `ln(first / second)` over the last `period` rows. The logarithm makes the
 * spread of (a, b) the negative of the spread of (b, a), and the same percentage weigh the same at every price level.
 * For another spread, compute it and take `zscore(period)` of it.
 *
 * Two columns: `indicator(pairZscore(60), { of: [a.close, b.close] })`. A row whose ratio is not above zero is a gap.
 *
 * @param period rows, 2 to 100,000
 * @returns `value`, no unit, within `±sqrt(period - 1)`; 0 where the ratio did not change in the window. Warm-up `period` rows.
 *   Uses a logarithm, so its last bits may differ from one JavaScript engine to another.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see E. Gatev, W. Goetzmann, K. Rouwenhorst, Pairs Trading (2006), for the use of standardised spreads
 */
export function pairZscore(period: number): IndicatorDefinition<"value"> {
  requirePeriod("pairZscore", "period", period, 2);
  const name = `pairZscore(${period})`;
  return {
    name,
    inputs: ["value", "value"],
    outputs: ["value"],
    warmup: period,
    lookback: 0,
    createKernel: ([first, second], [value]) => pairZscoreKernel(name, period, first!, second!, value!),
  };
}

const PLACE = 0;
const CLEARED = 1;
const BASE = 2;
const SUM = 3;
const SQUARES = 4;
const TAIL = 5;

function pairZscoreKernel(name: string, period: number, first: Float64Array, second: Float64Array, value: Float64Array): Kernel {
  const memory = new Float64Array(TAIL + 3 * period);
  const tail = memory.subarray(TAIL, TAIL + period);
  const tailSquares = memory.subarray(TAIL + period, TAIL + 2 * period);
  /** The spread in the current block: kept, because a logarithm is dearer than memory. */
  const spreads = memory.subarray(TAIL + 2 * period);
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
        base = ln(first[row]! / second[row]!);
        sum = 0;
        squares = 0;
        if (place === period) {
          sumTailsAndSquares(spreads, period, base, tail, tailSquares);
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
        const spread = ln(first[row]! / second[row]!);
        const distance = spread - base;
        if (distance - distance !== 0) break;
        spreads[place] = spread;
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
