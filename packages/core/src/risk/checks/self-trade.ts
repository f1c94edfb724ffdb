import { causeCode } from "../../model/event.ts";
import { OrderType } from "../../model/order-terms.ts";
import type { ProposedOrder, WorkingOrder } from "../risk-view.ts";
import type { RiskCheck } from "./risk-check.ts";

const SELF_TRADE = causeCode("self-trade");

/** Cancel-newer: refuses an order whose worst price reaches a working limit order of the other side, whichever strategy sent it. */
export function selfTradeCheck(): RiskCheck {
  return {
    check(order, view, { replacedId }) {
      for (const working of view.workingOrders()) {
        if (working.id !== replacedId && couldMeet(order, working))
          return { cause: SELF_TRADE, present: order.priceUnits, limit: working.priceUnits };
      }
      return undefined;
    },
  };
}

function couldMeet(order: ProposedOrder, working: WorkingOrder): boolean {
  if (working.instrumentIndex !== order.instrumentIndex || working.side === order.side || !restsAtPrice(working.type)) return false;
  return order.side > 0 ? order.priceUnits >= working.priceUnits : order.priceUnits <= working.priceUnits;
}

/** A dormant stop or a waiting market order stands in no book, so nothing can trade against it. */
function restsAtPrice(type: OrderType): boolean {
  return type === OrderType.limit || type === OrderType.stopLimit || type === OrderType.limitIfTouched;
}
