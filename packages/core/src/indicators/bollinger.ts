import type { IndicatorDefinition, Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";
import { requireMultiple, requirePeriod } from "./parameter-bounds.ts";
import { clearTails, populationDeviation, sumTailsAndSquares } from "./rolling-moments.ts";

/**
 * Bollinger bands: the simple average of the last `period` values, and that average plus and minus `deviations` standard
 * deviations of the same values, taken as a population.
 *
 * @param period rows, 2 to 100,000; 20 by default
 * @param deviations width of each band, above 0, up to 100 standard deviations; 2 by default
 * @returns `middle` (the bits of `sma(period)`), `upper`, `lower`, in units of the input; all three equal for a constant window.
 *   Warm-up `period` rows.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see TA-Lib `BBANDS` with a simple average
 */
export function bollinger(period = 20, deviations = 2): IndicatorDefinition<"middle" | "upper" | "lower"> {
  requirePeriod("bollinger", "period", period, 2);
  requireMultiple("bollinger", "deviations", deviations, 100, "standard deviations");
  const name = `bollinger(${period}, ${deviations})`;
  return {
    name,
    inputs: ["close"],
    outputs: ["middle", "upper", "lower"],
    warmup: period,
    lookback: period - 1,
    createKernel: ([source], [middle, upper, lower]) => bollingerKernel(name, period, deviations, source!, middle!, upper!, lower!),
  };
}

const PLACE = 0;
const CLEARED = 1;
const BASE = 2;
const SUM = 3;
const SQUARES = 4;
const TAIL = 5;

function bollingerKernel(
  name: string,
  period: number,
  deviations: number,
  source: Float64Array,
  middle: Float64Array,
  upper: Float64Array,
  lower: Float64Array,
): Kernel {
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
        const mean = base + total / period;
        const width = deviations * populationDeviation(total, squares + tailSquares[place]!, weight);
        middle[row] = mean;
        upper[row] = mean + width;
        lower[row] = mean - width;
        place += 1;
      }
      if (row < end) {
        middle[row] = Number.NaN;
        upper[row] = Number.NaN;
        lower[row] = Number.NaN;
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
