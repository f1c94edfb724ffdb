import { causeCode } from "../../model/event.ts";
import type { RiskCheck } from "./risk-check.ts";

const MAX_OPEN_ORDERS = causeCode("max-open-orders");

/** Refuses a new order while `limit` orders work; an amendment adds none. */
export function maxOpenOrdersCheck(limit: number): RiskCheck {
  return {
    check(_order, view, { replacedId }) {
      const present = view.workingCount;
      return present < limit || replacedId !== 0 ? undefined : { cause: MAX_OPEN_ORDERS, present, limit };
    },
  };
}
