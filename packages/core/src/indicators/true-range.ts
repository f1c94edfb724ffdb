import type { IndicatorDefinition, Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";

/**
 * The greatest of `high - low`, `high - previousClose` and `previousClose - low`, written as the range of the bar plus the gap
 * to it, if any. Without a branch, which costs a misprediction where prices move at random.
 */
export function trueRangeOf(high: number, low: number, previousClose: number): number {
  const below = previousClose - high;
  const above = low - previousClose;
  return high - low + (below + Math.abs(below)) * 0.5 + (above + Math.abs(above)) * 0.5;
}

/**
 * True range: the distance that the price covered since the previous close, `max(high, previousClose) - min(low, previousClose)`.
 *
 * @returns `value`, price units, 0 or more. Warm-up 2 rows: the first row has no previous close.
 * @see TA-Lib `TRANGE`
 */
export function trueRange(): IndicatorDefinition<"value"> {
  const name = "trueRange()";
  return {
    name,
    inputs: ["high", "low", "close"],
    outputs: ["value"],
    warmup: 2,
    lookback: 0,
    createKernel: ([high, low, close], [value]) => trueRangeKernel(name, high!, low!, close!, value!),
  };
}

function trueRangeKernel(name: string, high: Float64Array, low: Float64Array, close: Float64Array, value: Float64Array): Kernel {
  /** The previous close; NaN at the start and after a gap, which makes the next row NaN of itself. */
  const memory = Float64Array.of(Number.NaN);

  function advance(from: number, to: number): void {
    let previous = memory[0]!;
    let row = from;
    while (row < to) {
      for (; row < to; row++) {
        const last = close[row]!;
        const range = trueRangeOf(high[row]!, low[row]!, previous);
        const whole = range + last;
        if (whole - whole !== 0) break;
        value[row] = range;
        previous = last;
      }
      if (row < to) {
        const whole = high[row]! - low[row]! + close[row]!;
        previous = whole - whole === 0 ? close[row]! : Number.NaN;
        value[row] = Number.NaN;
        row += 1;
      }
    }
    memory[0] = previous;
  }

  return { advance, ...kernelMemory(name, memory) };
}
