import type { CodeTable } from "./failure.ts";

/** Every failure that a price for an order can give. */
export const orderCodes: CodeTable = {
  TP_ORDER_PRICE: {
    meaning: "An order was given a price that is zero, negative, infinite or no number.",
    remedy: "Check the price that the strategy computes; an indicator may not be ready yet.",
    exit: 4,
  },
  TP_ORDER_OFF_TICK: {
    meaning: "An order was given a price off the tick of its instrument, where such prices are refused.",
    remedy: 'Round the price to the tick, or run with offTick: "round".',
    exit: 4,
  },
};
