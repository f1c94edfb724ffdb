import type { IndicatorDefinition, Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";
import { requirePeriod } from "./parameter-bounds.ts";

/**
 * Rate of change in percent: `(x / x[i - period] - 1) * 100`.
 *
 * @param period rows, 1 to 100,000
 * @returns `value`, percent, -100 or more for positive inputs; 0 where the older value is 0. Warm-up `period + 1` rows.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see TA-Lib `ROC`
 */
export function roc(period: number): IndicatorDefinition<"value"> {
  requirePeriod("roc", "period", period, 1);
  const name = `roc(${period})`;
  return {
    name,
    inputs: ["close"],
    outputs: ["value"],
    warmup: period + 1,
    lookback: period,
    createKernel: ([source], [value]) => rocKernel(name, period, source!, value!),
  };
}

function rocKernel(name: string, period: number, source: Float64Array, value: Float64Array): Kernel {
  /** Values seen since the start or the last gap, up to `period`. */
  const memory = new Float64Array(1);

  function advance(from: number, to: number): void {
    let count = memory[0]!;
    let row = from;
    while (row < to) {
      if (count === period) {
        for (; row < to; row++) {
          const x = source[row]!;
          if (x - x !== 0) break;
          const older = source[row - period]!;
          value[row] = older === 0 ? 0 : (x / older - 1) * 100;
        }
        if (row < to) count = 0;
        continue;
      }
      const x = source[row]!;
      value[row] = Number.NaN;
      count = x - x === 0 ? count + 1 : 0;
      row += 1;
    }
    memory[0] = count;
  }

  return { advance, ...kernelMemory(name, memory) };
}
