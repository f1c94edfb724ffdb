import { causeCode } from "../../model/event.ts";
import type { Protection } from "./protection.ts";
import type { DrawdownGuardSettings } from "./protection-settings.ts";
import type { RecordedTrade } from "./trade-history.ts";

const DRAWDOWN_GUARD = causeCode("protection-drawdown");

/** Closes everything once the trades of the look-back, in the order of their exits, drew equity down by `maxDrawdown`. */
export function drawdownGuard({ trades, maxDrawdown, lookBack, lock }: DrawdownGuardSettings): Protection {
  return (trade, history, equity) => {
    const counted = history.within(lookBack, trade, "all");
    if (counted.length < trades) return undefined;
    return deepestFall(counted, equity) >= maxDrawdown ? { cause: DRAWDOWN_GUARD, scope: "all", span: lock } : undefined;
  };
}

/** Deepest fall below the highest point before it, as a fraction, of equity as these trades alone made it, ending at `equity`. */
function deepestFall(trades: readonly RecordedTrade[], equity: number): number {
  let running = equity - trades.reduce((sum, each) => sum + each.profit, 0);
  let peak = running;
  let deepest = 0;
  for (const trade of trades) {
    running += trade.profit;
    peak = Math.max(peak, running);
    if (peak > 0) deepest = Math.max(deepest, (peak - running) / peak);
  }
  return deepest;
}
