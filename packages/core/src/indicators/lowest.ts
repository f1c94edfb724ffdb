import type { IndicatorDefinition, Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";
import { requirePeriod } from "./parameter-bounds.ts";
import { leastTails } from "./rolling-extremes.ts";
import { clearTails } from "./rolling-moments.ts";

/**
 * The least of the last `period` values, the current one included. Of a bar series it reads lows.
 *
 * @param period rows, 1 to 100,000
 * @returns `value`, in units of the input: one of the values in the window, exactly. Warm-up `period` rows.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see TA-Lib `MIN`, which reads closes unless told otherwise
 */
export function lowest(period: number): IndicatorDefinition<"value"> {
  requirePeriod("lowest", "period", period, 1);
  const name = `lowest(${period})`;
  return {
    name,
    inputs: ["low"],
    outputs: ["value"],
    warmup: period,
    lookback: period - 1,
    createKernel: ([source], [value]) => lowestKernel(name, period, source!, value!),
  };
}

const PLACE = 0;
const CLEARED = 1;
const HEAD = 2;
const TAIL = 3;

function lowestKernel(name: string, period: number, source: Float64Array, value: Float64Array): Kernel {
  const memory = new Float64Array(TAIL + period);
  const tail = memory.subarray(TAIL);
  clearTails(tail, Number.POSITIVE_INFINITY);
  memory[CLEARED] = 1;

  function advance(from: number, to: number): void {
    let place = memory[PLACE]!;
    let head = memory[HEAD]!;
    let row = from;
    while (row < to) {
      if (place === period || place === 0) {
        head = source[row]!;
        if (place === period) {
          leastTails(source, row, tail);
          memory[CLEARED] = 0;
          place = 0;
        } else if (memory[CLEARED] === 0) {
          clearTails(tail, Number.POSITIVE_INFINITY);
          memory[CLEARED] = 1;
        }
      }
      const end = Math.min(to, row + period - place);
      for (; row < end; row++) {
        const x = source[row]!;
        if (x - x !== 0) break;
        if (x < head) head = x;
        // A tail of NaN, which stands for no block before, wins.
        value[row] = Math.min(head, tail[place]!);
        place += 1;
      }
      if (row < end) {
        value[row] = Number.NaN;
        place = 0;
        row += 1;
      }
    }
    memory[PLACE] = place;
    memory[HEAD] = head;
  }

  return { advance, ...kernelMemory(name, memory) };
}
