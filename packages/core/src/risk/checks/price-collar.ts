import { causeCode } from "../../model/event.ts";
import { mulDivFloor } from "../../model/mul-div.ts";
import { OrderType } from "../../model/order-terms.ts";
import { BILLION, type RatePerBillion } from "../../model/rate.ts";
import type { RiskCheck } from "./risk-check.ts";

const PRICE_COLLAR = causeCode("price-collar");

/** Price units that the collar allows around a last price, rounded down. */
export function collarUnits(markUnits: number, collar: RatePerBillion): number {
  return mulDivFloor(markUnits, collar, BILLION);
}

/**
 * Refuses a price further from the last price than the collar, on either side; `limit` is the nearest price allowed, 0 while there
 * has been no price. A market order has no price of its own.
 */
export function priceCollarCheck(collar: RatePerBillion): RiskCheck {
  return {
    check(order, view) {
      if (order.type === OrderType.market) return undefined;
      const mark = view.markUnits(order.instrumentIndex);
      const distance = collarUnits(mark, collar);
      if (mark > 0 && Math.abs(order.priceUnits - mark) <= distance) return undefined;
      return { cause: PRICE_COLLAR, present: order.priceUnits, limit: order.priceUnits > mark ? mark + distance : mark - distance };
    },
  };
}
