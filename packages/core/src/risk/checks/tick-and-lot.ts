import { causeCode } from "../../model/event.ts";
import type { Instrument } from "../../model/instrument.ts";
import { OrderType } from "../../model/order-terms.ts";
import type { RiskCheck } from "./risk-check.ts";

const OFF_TICK = causeCode("off-tick");
const PRICE = causeCode("price");
const SIZE = causeCode("size");

/**
 * The grid of the instrument: whole lots, at least one; a positive whole price, on the tick where the venue's tick is known.
 * Market and trailing orders carry a price that the engine estimated, which owes nothing to the tick.
 */
export function tickAndLotCheck(instruments: readonly Instrument[]): RiskCheck {
  return {
    check(order) {
      const { lots, priceUnits } = order;
      if (!(Number.isSafeInteger(lots) && lots > 0)) return { cause: SIZE, present: lots, limit: 1 };
      if (order.type === OrderType.market || order.type === OrderType.trailingStop) return undefined;
      if (!(Number.isSafeInteger(priceUnits) && priceUnits > 0)) return { cause: PRICE, present: priceUnits, limit: 1 };
      const { tickKnown, tickUnits } = instruments[order.instrumentIndex]!;
      return tickKnown && priceUnits % tickUnits !== 0 ? { cause: OFF_TICK, present: priceUnits, limit: tickUnits } : undefined;
    },
  };
}
