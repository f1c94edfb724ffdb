import { causeCode } from "../../model/event.ts";
import type { RiskCheck } from "./risk-check.ts";

const MAX_ORDER_QUANTITY = causeCode("max-order-quantity");

/** Refuses an order of more lots than its instrument allows, by instrument index. */
export function maxOrderQuantityCheck(maxLots: Float64Array): RiskCheck {
  return {
    check(order) {
      const limit = maxLots[order.instrumentIndex]!;
      return order.lots <= limit ? undefined : { cause: MAX_ORDER_QUANTITY, present: order.lots, limit };
    },
  };
}
