import type { EquityPoints } from "../run/backtest-result.ts";

/** The last value known at each instant. */
export function alignTo(timeUs: Float64Array, points: EquityPoints): Float64Array {
  let at = 0;
  return timeUs.map((now) => {
    while (at + 1 < points.timeUs.length && points.timeUs[at + 1]! <= now) at += 1;
    return points.equity[at]!;
  });
}
