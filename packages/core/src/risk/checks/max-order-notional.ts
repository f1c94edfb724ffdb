import { causeCode } from "../../model/event.ts";
import type { RiskCheck } from "./risk-check.ts";

const MAX_ORDER_NOTIONAL = causeCode("max-order-notional");

/** Refuses an order whose notional at its worst price is above `limit` quanta. */
export function maxOrderNotionalCheck(limit: number): RiskCheck {
  return {
    check(order) {
      return order.notional <= limit ? undefined : { cause: MAX_ORDER_NOTIONAL, present: order.notional, limit };
    },
  };
}
