import { causeCode } from "../../model/event.ts";
import type { Protection } from "./protection.ts";
import type { LowProfitSettings } from "./protection-settings.ts";

const LOW_PROFIT = causeCode("protection-low-profit");

/** Closes an instrument whose trades within the look-back earned less than asked for, once there are enough of them to tell. */
export function lowProfit({ trades, lookBack, lock, minProfitRatio, scope }: Required<LowProfitSettings>): Protection {
  return (trade, history) => {
    const counted = history.within(lookBack, trade, scope);
    if (counted.length < trades) return undefined;
    const earned = counted.reduce((sum, each) => sum + each.profitRatio, 0);
    // Ratios are floating point: a sum that equals the bound but for rounding is not below it.
    return earned < minProfitRatio - 1e-12 ? { cause: LOW_PROFIT, scope, span: lock } : undefined;
  };
}
