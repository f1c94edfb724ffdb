import { mulDivHalfEven } from "../model/mul-div.ts";
import { BILLION, rate } from "../model/rate.ts";

/** Fees of a venue. Rates are fractions of the notional, money is in quanta. A negative rate is a rebate. */
export interface FeeSchedule {
  readonly makerRate: number;
  readonly takerRate: number;
  /** Per order, once. */
  readonly fixed: number;
  /** Per order; 0 for none. */
  readonly minimum: number;
  /** Per order; Infinity for none. */
  readonly maximum: number;
  /** Fee per lot of quantity in quanta times 10^-9; 0 for none. */
  readonly perLot: number;
  /** Cap of an order's fee as a fraction of its notional, per 10^9; 0 for none. */
  readonly maximumRate: number;
}

export interface FeeOptions {
  readonly maker?: number;
  readonly taker?: number;
  readonly fixed?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly perUnit?: number;
  readonly maximumRate?: number;
}

/**
 * A fee schedule from decimals: rates as fractions, `fixed`, `minimum`, `maximum` in money of the quote currency, `perUnit` in money per base unit.
 * `quanta` is how many quanta one unit of money has, `lot` the base units of a lot.
 */
export function feeSchedule(options: FeeOptions, quanta: number, lot: number): FeeSchedule {
  return {
    makerRate: rate(options.maker ?? options.taker ?? 0),
    takerRate: rate(options.taker ?? options.maker ?? 0),
    fixed: Math.round((options.fixed ?? 0) * quanta),
    minimum: Math.round((options.minimum ?? 0) * quanta),
    maximum: options.maximum === undefined ? Number.POSITIVE_INFINITY : Math.round(options.maximum * quanta),
    perLot: Math.round((options.perUnit ?? 0) * quanta * lot * BILLION),
    maximumRate: rate(options.maximumRate ?? 0),
  };
}

/** Fee of a fraction `rate / 10^9` of a notional, half-even to the quantum. */
export function rateFee(notional: number, ratePerBillion: number): number {
  return ratePerBillion >= 0 ? mulDivHalfEven(notional, ratePerBillion, BILLION) : -mulDivHalfEven(notional, -ratePerBillion, BILLION);
}

/**
 * Fee to charge for one fill of an order, in quanta. Fixed part, minimum and maximum hold per order, not per partial fill:
 * what the order owes in total, less what it has paid.
 */
export function fillFee(
  schedule: FeeSchedule,
  isMaker: boolean,
  lots: number,
  notional: number,
  order: { readonly filledNotional: number; readonly feePaid: number; readonly filledLots: number },
): number {
  const ratePart = rateFee(notional, isMaker ? schedule.makerRate : schedule.takerRate);
  if (
    schedule.fixed === 0 &&
    schedule.minimum === 0 &&
    schedule.maximum === Number.POSITIVE_INFINITY &&
    schedule.perLot === 0 &&
    schedule.maximumRate === 0
  ) {
    return ratePart;
  }
  const lotPart = schedule.perLot === 0 ? 0 : mulDivHalfEven(lots, schedule.perLot, BILLION);
  const fixedPart = order.filledLots === 0 ? schedule.fixed : 0;
  // Unclamped fees of an order are not kept apart; the clamp acts on the running total.
  let total = order.feePaid + ratePart + lotPart + fixedPart;
  if (total < schedule.minimum) total = schedule.minimum;
  let maximum = schedule.maximum;
  if (schedule.maximumRate > 0) maximum = Math.min(maximum, rateFee(order.filledNotional + notional, schedule.maximumRate));
  if (total > maximum) total = Math.max(maximum, order.feePaid);
  return total - order.feePaid;
}
