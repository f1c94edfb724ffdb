import type { IndicatorDefinition } from "./indicator.ts";
import { requirePeriod } from "./parameter-bounds.ts";
import { smoothingKernel } from "./smoothing-kernel.ts";

/**
 * Wilder's moving average (also SMMA): `rma += (x - rma) / period`, seeded with the simple average of the first `period` values.
 *
 * @param period rows, 1 to 100,000
 * @returns `value`, within the range of all values since the start; a constant series gives that constant exactly.
 *   Warm-up `period` rows.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems (1978); the smoothing inside TA-Lib `ATR` and `RSI`
 */
export function rma(period: number): IndicatorDefinition<"value"> {
  requirePeriod("rma", "period", period, 1);
  const name = `rma(${period})`;
  return {
    name,
    inputs: ["close"],
    outputs: ["value"],
    warmup: period,
    lookback: 0,
    createKernel: ([source], [value]) => smoothingKernel(name, period, 1 / period, source!, value!),
  };
}
