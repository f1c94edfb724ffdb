import { causeCode } from "../../model/event.ts";
import type { RiskCheck } from "./risk-check.ts";

const STALE_DATA = causeCode("stale-data");

/** Refuses an order decided on a price older than `staleAfterUs`. Without any price the age counts from the epoch. */
export function staleDataCheck(staleAfterUs: number): RiskCheck {
  return {
    check(order, view) {
      const index = order.instrumentIndex;
      const age = view.markUnits(index) > 0 ? view.nowUs - view.markUs(index) : view.nowUs;
      return age <= staleAfterUs ? undefined : { cause: STALE_DATA, present: age, limit: staleAfterUs };
    },
  };
}
