import type { IndicatorDefinition } from "./indicator.ts";
import { requirePeriod } from "./parameter-bounds.ts";
import { smoothingKernel } from "./smoothing-kernel.ts";

/**
 * Exponential moving average: `ema += 2 / (period + 1) * (x - ema)`, seeded with the simple average of the first `period` values.
 *
 * @param period rows, 1 to 100,000
 * @returns `value`, within the range of all values since the start; a constant series gives that constant exactly.
 *   Warm-up `period` rows.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see TA-Lib `EMA`
 */
export function ema(period: number): IndicatorDefinition<"value"> {
  requirePeriod("ema", "period", period, 1);
  const name = `ema(${period})`;
  return {
    name,
    inputs: ["close"],
    outputs: ["value"],
    warmup: period,
    lookback: 0,
    createKernel: ([source], [value]) => smoothingKernel(name, period, 2 / (period + 1), source!, value!),
  };
}
