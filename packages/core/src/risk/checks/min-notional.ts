import { causeCode } from "../../model/event.ts";
import type { RiskCheck } from "./risk-check.ts";

const MIN_NOTIONAL = causeCode("min-notional");

/** Refuses a notional below the smallest of the instrument, in quanta by instrument index. */
export function minNotionalCheck(minNotional: Float64Array): RiskCheck {
  return {
    check(order) {
      const limit = minNotional[order.instrumentIndex]!;
      return order.notional >= limit ? undefined : { cause: MIN_NOTIONAL, present: order.notional, limit };
    },
  };
}
