import type { Instrument, InstrumentId } from "../model/instrument.ts";
import type { RatePerBillion } from "../model/rate.ts";
import type { ProtectionSettings, ResolvedProtections } from "./protections/protection-settings.ts";

/** A decimal as a user writes it: `1000`, `0.05`, or text where every digit counts, `"0.00000001"`. */
export type DecimalInput = number | string;

/** One value for every instrument, or one for each named instrument; an instrument that is not named has no limit. */
export type PerInstrument = DecimalInput | Readonly<Record<InstrumentId, DecimalInput>>;

/** A loss as money of the quote currency, or as a fraction (above 0, up to 1) of the equity it is measured from. */
export type LossLimit = { readonly money: DecimalInput } | { readonly fraction: DecimalInput };

/** At most `orders` orders in any span of `intervalUs` microseconds. */
export interface OrderRate {
  readonly orders: number;
  readonly intervalUs: number;
}

/**
 * What an account may do, as a user writes it. Every limit is optional; one that is left out costs nothing. Money is of the quote
 * currency. A limit stands at the value given: an order that reaches it passes, one above it is refused. Loss limits latch when reached.
 * Units and meanings for readers are in `limit-table.ts`.
 */
export interface RiskLimits {
  readonly maxOrderNotional?: DecimalInput | undefined;
  readonly maxOrderQuantity?: PerInstrument | undefined;
  readonly maxPosition?: PerInstrument | undefined;
  readonly maxGrossExposure?: DecimalInput | undefined;
  readonly maxNetExposure?: DecimalInput | undefined;
  readonly maxOpenOrders?: number | undefined;
  readonly orderRate?: OrderRate | undefined;
  /** Fraction around the last price, above 0, up to 1. */
  readonly priceCollar?: DecimalInput | undefined;
  readonly staleAfterUs?: number | undefined;
  readonly maxDailyLoss?: LossLimit | undefined;
  /**
   * When the latch of the daily loss ends: with the UTC day whose loss it was (default: the limit is per day, so a day is what it
   * stops), or only by `rearm`.
   */
  readonly dailyLossRelease?: "next-day" | "rearm" | undefined;
  readonly maxDrawdown?: MaxDrawdown | undefined;
  readonly maxConsecutiveLosses?: number | undefined;
  /** Smallest notional; the instrument's own applies where it is larger. */
  readonly minNotional?: PerInstrument | undefined;
  /** What happens to an order that could trade against a working one of ours; `"allow"` by default. */
  readonly selfTrade?: SelfTradeRule | undefined;
  readonly duplicateGuardUs?: number | undefined;
  readonly protections?: ProtectionSettings | undefined;
}

export interface MaxDrawdown {
  /** Below the highest equity since the start, or since the last `rearm`. */
  readonly fromPeak?: LossLimit;
  /** Below the highest equity since the start of the UTC day. */
  readonly fromDayStart?: LossLimit;
}

export type SelfTradeRule = "cancel-newer" | "allow";

/** A loss limit in whole numbers. Exactly one of the two is set. */
export interface ResolvedLoss {
  /** Quanta; 0 when the limit is a fraction. */
  readonly quanta: number;
  /** Fraction of the equity it is measured from; 0 when the limit is money. */
  readonly perBillion: RatePerBillion;
}

/** The limits in quanta, lots and price units. `Infinity` (for a minimum 0) stands for no limit; arrays go by instrument index. */
export interface ResolvedLimits {
  readonly instruments: readonly Instrument[];
  readonly maxOrderNotional: number;
  readonly maxOrderLots: Float64Array;
  readonly maxPositionLots: Float64Array;
  readonly maxGrossExposure: number;
  readonly maxNetExposure: number;
  readonly maxOpenOrders: number;
  readonly orderRate: OrderRate | undefined;
  /** 0 for none. */
  readonly priceCollar: RatePerBillion;
  readonly staleAfterUs: number;
  readonly maxDailyLoss: ResolvedLoss | undefined;
  readonly dailyLossRelease: "next-day" | "rearm";
  readonly maxDrawdownFromPeak: ResolvedLoss | undefined;
  readonly maxDrawdownFromDayStart: ResolvedLoss | undefined;
  readonly maxConsecutiveLosses: number;
  readonly minNotional: Float64Array;
  readonly selfTrade: SelfTradeRule;
  /** 0 for none. */
  readonly duplicateGuardUs: number;
  readonly protections: ResolvedProtections;
}
