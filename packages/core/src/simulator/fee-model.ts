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

/** What has been charged to an order so far, and what it would owe without minimum and maximum. */
export interface FeeAccount {
  readonly filledNotional: number;
  readonly filledLots: number;
  readonly feePaid: number;
  readonly feeOwed: number;
}

/** What one fill adds to the fee of its order before minimum and maximum, in quanta; the fixed part comes with the first fill. */
export function owedFee(schedule: FeeSchedule, isMaker: boolean, lots: number, notional: number, order: FeeAccount): number {
  const ratePart = rateFee(notional, isMaker ? schedule.makerRate : schedule.takerRate);
  const lotPart = schedule.perLot === 0 ? 0 : mulDivHalfEven(lots, schedule.perLot, BILLION);
  return ratePart + lotPart + (order.filledLots === 0 ? schedule.fixed : 0);
}

/**
 * Fee to charge for one fill of an order that adds `owed`, in quanta. Minimum and maximum hold per order, not per partial fill: what the
 * order owes in all, kept between them, less what it has paid. The maximum wins over the minimum.
 */
export function fillFee(schedule: FeeSchedule, owed: number, notional: number, order: FeeAccount): number {
  const { minimum, maximumRate } = schedule;
  if (minimum === 0 && maximumRate === 0 && schedule.maximum === Number.POSITIVE_INFINITY) return owed;
  let total = order.feeOwed + owed;
  // A minimum of zero is none: it must not swallow a rebate.
  if (minimum > 0 && total < minimum) total = minimum;
  let { maximum } = schedule;
  if (maximumRate > 0) maximum = Math.min(maximum, rateFee(order.filledNotional + notional, maximumRate));
  if (total > maximum) total = maximum;
  return total - order.feePaid;
}
