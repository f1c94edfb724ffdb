import { causeCode } from "../../model/event.ts";
import type { RiskCheck } from "./risk-check.ts";

const MAX_POSITION = causeCode("max-position");

/**
 * Refuses an order that could carry the position in its instrument beyond `maxLots`, by instrument index. A position that is beyond
 * it already (a split, a changed limit) leaves through any order that does not make the worst case worse.
 */
export function maxPositionCheck(maxLots: Float64Array): RiskCheck {
  return {
    check(order, _view, { reservations }) {
      const limit = maxLots[order.instrumentIndex]!;
      const present = reservations.after.position;
      return present <= limit || present <= reservations.before.position ? undefined : { cause: MAX_POSITION, present, limit };
    },
  };
}
