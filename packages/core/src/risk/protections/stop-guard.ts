import { causeCode } from "../../model/event.ts";
import type { Protection } from "./protection.ts";
import type { StopGuardSettings } from "./protection-settings.ts";

const STOP_GUARD = causeCode("protection-stop-guard");

/** Closes the scope once `stops` of its trades were stopped out with a loss within the look-back. */
export function stopGuard({ stops, lookBack, lock, scope }: Required<StopGuardSettings>): Protection {
  return (trade, history) => {
    if (!(trade.stoppedOut && trade.profit < 0)) return undefined;
    const stopped = history.within(lookBack, trade, scope).filter((each) => each.stoppedOut && each.profit < 0);
    return stopped.length >= stops ? { cause: STOP_GUARD, scope, span: lock } : undefined;
  };
}
