import type { Order } from "../orders/order.ts";
import type { PreTradeRisk, ProposedOrder } from "../risk/risk-view.ts";
import type { VenueTerms } from "../simulator/venue-terms.ts";
import type { AccountState } from "./account-state.ts";
import { feePerLot, notionalPerLot } from "./sizing.ts";

/** Price that an order is expected to fill at before costs, in units: its limit, its trigger, or the last price. */
export function expectedUnits(order: Order, markUnits: number): number {
  if (order.limitUnits !== 0) return order.limitUnits;
  return order.triggerUnits !== 0 ? order.triggerUnits : markUnits;
}

/**
 * Quanta to set aside for `lots` of new exposure that an order may open: as its fill will need them, costs and fee included. The fixed part
 * and the minimum of the fee count once. Computed for every order, so in plain numbers.
 */
export function orderReserve(order: Order, lots: number, account: AccountState, terms: VenueTerms): number {
  const { instrumentIndex } = order;
  const paysCosts = order.limitUnits === 0;
  const units = expectedUnits(order, account.marks[instrumentIndex]!);
  const schedule = terms.fees[instrumentIndex]!;
  const notional = notionalPerLot(account.instrument(instrumentIndex), order.side, units, paysCosts, terms);
  const fee = feePerLot(schedule, notional, paysCosts);
  return account.fundsNeeded(notional * lots + Math.max(fee * lots + schedule.fixed, schedule.minimum));
}

/** The order as risk judges it, at the worst price it may fill at: a market order at the collar. */
export function proposalOf(order: Order, lots: number, account: AccountState, risk: PreTradeRisk): ProposedOrder {
  const index = order.instrumentIndex;
  const mark = account.marks[index]!;
  const given = expectedUnits(order, 0);
  const priceUnits = given !== 0 ? given : (risk.marketPriceUnits?.(mark, order.side) ?? mark);
  return {
    instrumentIndex: index,
    strategyId: order.strategyId,
    source: order.source,
    side: order.side,
    type: order.type,
    lots,
    priceUnits,
    notional: Math.abs(account.valueOf(index, lots, priceUnits)),
    isReduceOnly: order.isReduceOnly,
    groupId: order.groupId,
  };
}
