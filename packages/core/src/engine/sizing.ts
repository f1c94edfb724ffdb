import { type Instrument, lotsOf } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { BILLION } from "../model/rate.ts";
import { estimatedCostFraction } from "../simulator/cost-model.ts";
import type { FeeSchedule } from "../simulator/fee-model.ts";
import type { VenueTerms } from "../simulator/venue-terms.ts";
import type { Intent } from "../strategy/intent.ts";
import type { AccountState } from "./account-state.ts";

/**
 * Whole lots, rounded down. A relative slack of 1e-12 forgives representation, so that 500 of money at 100 buys five. Sizes at the fill
 * are stricter: there the money must cover what is bought.
 */
export function wholeLots(lots: number): number {
  const nearest = Math.round(lots);
  return Math.abs(lots - nearest) <= 1e-12 * Math.max(1, nearest) ? nearest : Math.floor(lots);
}

/** What an order's money depends on before its fill. */
export interface PricedRequest {
  readonly instrument: Instrument;
  readonly instrumentIndex: number;
  readonly side: 1 | -1;
  /** Worst price it is expected to fill at before costs: last close, limit or trigger, in units. */
  readonly referenceUnits: number;
  /** False for an order that rests as a limit, which pays no spread or slippage. */
  readonly paysCosts: boolean;
}

/** What sizing needs to know of an order before it exists. */
export interface SizingRequest extends PricedRequest {
  readonly intent: Intent;
  /** Stop of the bracket in units; NaN for none. */
  readonly stopUnits: number;
}

/** Quanta that one lot of new exposure costs at the worst expected price `units`, without the fee. */
export function notionalPerLot(instrument: Instrument, side: number, units: number, paysCosts: boolean, terms: VenueTerms): number {
  const cost = paysCosts ? estimatedCostFraction(terms.spread, terms.slippage, instrument, units) : 0;
  const factor = instrument.notional.numerator / instrument.notional.denominator;
  return units * factor * (1 + side * cost);
}

/** Quanta of fee on one lot that costs `notional`. */
export function feePerLot(schedule: FeeSchedule, notional: number, paysCosts: boolean): number {
  const feeRate = Math.max(paysCosts ? schedule.takerRate : Math.max(schedule.makerRate, schedule.takerRate), 0);
  return (notional * feeRate + schedule.perLot) / BILLION;
}

/** Both in one. */
export function moneyPerLot(request: PricedRequest, terms: VenueTerms): { readonly notional: number; readonly fee: number } {
  const { instrument, referenceUnits, side, paysCosts } = request;
  const notional = notionalPerLot(instrument, side, referenceUnits, paysCosts, terms);
  return { notional, fee: feePerLot(terms.fees[request.instrumentIndex]!, notional, paysCosts) };
}

/**
 * Lots for an intent of fraction, notional, risk or volatility, rounded down. NaN when the size is not a positive finite number;
 * `"stop-missing"` when risk is asked for without a stop.
 */
export function sizeInLots(request: SizingRequest, account: AccountState, terms: VenueTerms, buffer: number): number | "stop-missing" {
  const { intent, instrument } = request;
  const size = intent.size;
  if (!(size > 0) || !Number.isFinite(size)) return Number.NaN;
  if (intent.sizing === "quantity") return lotsOf(instrument, size);
  const perLot = moneyPerLot(request, terms);
  const quantaPerMoney = powerOfTen(instrument.quote.scale);
  const schedule = terms.fees[request.instrumentIndex]!;
  const feesAside = Math.max(schedule.fixed, schedule.minimum);
  if (intent.sizing === "notional") return wholeLots((size * quantaPerMoney) / perLot.notional);
  if (intent.sizing === "risk-fraction" || intent.sizing === "risk-amount") {
    if (Number.isNaN(request.stopUnits)) return "stop-missing";
    const distance =
      Math.abs(request.referenceUnits - request.stopUnits) * (instrument.notional.numerator / instrument.notional.denominator);
    if (!(distance > 0)) return "stop-missing";
    const money = intent.sizing === "risk-fraction" ? size * account.equity : size * quantaPerMoney;
    const affordable = affordableLots(1, request, account, perLot, feesAside, buffer);
    return Math.min(affordable, wholeLots(money / distance));
  }
  return affordableLots(size, request, account, perLot, feesAside, buffer);
}

/** Lots that a share of the free money buys: `floor(share * free / (needed + fee per lot))`. */
function affordableLots(
  share: number,
  request: SizingRequest,
  account: AccountState,
  perLot: { readonly notional: number; readonly fee: number },
  feesAside: number,
  buffer: number,
): number {
  const free = account.fundsToGrow(request.instrumentIndex, request.side) - account.reserved;
  const budget = share * free * (1 - buffer) - account.fundsNeeded(feesAside);
  if (!(budget > 0)) return 0;
  // As at the fill: the fee is part of what the margin carries.
  return wholeLots(budget / account.fundsNeeded(perLot.notional + perLot.fee));
}

/** A share of what is held, in lots. */
export function shareOf(held: number, share: number): number {
  return wholeLots(Math.abs(held) * share);
}

/** Signed lots that a target asks for: a quantity, a notional, or a share of equity times leverage. */
export function targetLots(intent: Intent, index: number, account: AccountState, terms: VenueTerms, buffer: number): number {
  const instrument = account.instrument(index);
  const sign = intent.size < 0 ? -1 : 1;
  const size = Math.abs(intent.size);
  if (size === 0) return 0;
  if (intent.sizing === "quantity") return sign * lotsOf(instrument, size);
  const request = { instrument, instrumentIndex: index, side: sign, referenceUnits: account.marks[index]!, paysCosts: true } as const;
  const perLot = moneyPerLot(request, terms);
  const leverage = 1 / account.fundsNeeded(1);
  const money = intent.sizing === "fraction" ? size * account.equity * leverage * (1 - buffer) : size * powerOfTen(instrument.quote.scale);
  return sign * wholeLots(money / (perLot.notional + perLot.fee));
}
