import type { CauseName } from "../model/event.ts";
import type { ProtectionSettings } from "./protections/protection-settings.ts";
import type { RiskLimits } from "./risk-limits.ts";

/** What the numbers of a refusal count, which decides how they are printed. */
export type RefusalUnit = "quanta" | "lots" | "price units" | "orders" | "trades" | "microseconds" | "trading state" | "instant or bars";

/** One row of the reference page. */
export interface LimitEntry {
  readonly name: string;
  /** Unit of the value a user writes. */
  readonly unit: string;
  readonly meaning: string;
  readonly cause: CauseName;
  /** Unit of `present` and `limit` in a {@link Refusal}. */
  readonly refusalUnit: RefusalUnit;
  /** `"every order"`, or only those that may open exposure. */
  readonly appliesTo: "every order" | "opening orders";
  /** Loss limits do not refuse an order by its own terms: they latch the trading state. */
  readonly latches: boolean;
}

const opening = { appliesTo: "opening orders", latches: false } as const;
const every = { appliesTo: "every order", latches: false } as const;
const loss = { appliesTo: "opening orders", latches: true } as const;

/** Every limit, in the order of the reference page. `dailyLossRelease` is no limit of its own. */
export const limitTable = [
  {
    name: "maxOrderNotional",
    unit: "money of the quote currency",
    meaning: "Largest notional of one order at its worst price.",
    cause: "max-order-notional",
    refusalUnit: "quanta",
    ...opening,
  },
  {
    name: "maxOrderQuantity",
    unit: "quantity, for all instruments or for each",
    meaning: "Largest quantity of one order. Rounded down to whole lots.",
    cause: "max-order-quantity",
    refusalUnit: "lots",
    ...opening,
  },
  {
    name: "maxPosition",
    unit: "quantity, for all instruments or for each",
    meaning: "Largest position in an instrument, long or short, if every working order that adds to it fills.",
    cause: "max-position",
    refusalUnit: "lots",
    ...opening,
  },
  {
    name: "maxGrossExposure",
    unit: "money of the quote currency",
    meaning: "Largest sum of the absolute values of all positions, working orders counted in their worst case.",
    cause: "max-gross-exposure",
    refusalUnit: "quanta",
    ...opening,
  },
  {
    name: "maxNetExposure",
    unit: "money of the quote currency",
    meaning: "Largest absolute value of long minus short positions, with all working buys filled or all working sells filled.",
    cause: "max-net-exposure",
    refusalUnit: "quanta",
    ...opening,
  },
  {
    name: "maxOpenOrders",
    unit: "orders",
    meaning: "Most orders that may work at once, orders in flight included.",
    cause: "max-open-orders",
    refusalUnit: "orders",
    ...opening,
  },
  {
    name: "orderRate",
    unit: "orders in an interval of microseconds",
    meaning: "Most orders approved in any span of the interval; the span slides.",
    cause: "order-rate",
    refusalUnit: "orders",
    ...every,
  },
  {
    name: "priceCollar",
    unit: "fraction of the last price, up to 1",
    meaning: "Largest distance of an order's price from the last price, above or below. Market orders have no price of their own.",
    cause: "price-collar",
    refusalUnit: "price units",
    ...every,
  },
  {
    name: "staleAfterUs",
    unit: "microseconds",
    meaning: "Greatest age of the last price on which an order may be decided.",
    cause: "stale-data",
    refusalUnit: "microseconds",
    ...opening,
  },
  {
    name: "maxDailyLoss",
    unit: "money of the quote currency, or fraction of the day's opening equity",
    meaning: "Loss since the start of the UTC day, unrealised included, that latches reduce-only until the day ends.",
    cause: "max-daily-loss",
    refusalUnit: "quanta",
    ...loss,
  },
  {
    name: "maxDrawdown",
    unit: "money of the quote currency, or fraction of the highest equity",
    meaning: "Fall below the highest equity since the start, or since the start of the UTC day, that latches reduce-only.",
    cause: "max-drawdown",
    refusalUnit: "quanta",
    ...loss,
  },
  {
    name: "maxConsecutiveLosses",
    unit: "trades",
    meaning: "Losing trades in a row that latch reduce-only. A trade without loss starts the count again.",
    cause: "max-consecutive-losses",
    refusalUnit: "trades",
    ...loss,
  },
  {
    name: "minNotional",
    unit: "money of the quote currency, for all instruments or for each",
    meaning: "Smallest notional of one order; the instrument's own applies where it is larger.",
    cause: "min-notional",
    refusalUnit: "quanta",
    ...opening,
  },
  {
    name: "selfTrade",
    unit: "cancel-newer or allow",
    meaning: "An order that could trade against a working limit order of the other side is refused.",
    cause: "self-trade",
    refusalUnit: "price units",
    ...opening,
  },
  {
    name: "duplicateGuardUs",
    unit: "microseconds",
    meaning: "An order equal in all its terms to one approved less than this ago is refused.",
    cause: "duplicate-order",
    refusalUnit: "microseconds",
    ...opening,
  },
] as const satisfies readonly (LimitEntry & { readonly name: keyof RiskLimits })[];

/** Every protection, in the order of the reference page. */
export const protectionTable = [
  {
    name: "cooldown",
    unit: "bars or microseconds",
    meaning: "After an exit no opening order; a wait of n bars ends at the open of bar n+1.",
    cause: "protection-cooldown",
    refusalUnit: "instant or bars",
    ...opening,
  },
  {
    name: "stopGuard",
    unit: "losing stop-outs within a look-back",
    meaning: "As many stop losses as given close one instrument, one side, or everything for a while.",
    cause: "protection-stop-guard",
    refusalUnit: "instant or bars",
    ...opening,
  },
  {
    name: "lowProfit",
    unit: "sum of profit ratios within a look-back",
    meaning: "An instrument whose trades earned less than given is closed for a while.",
    cause: "protection-low-profit",
    refusalUnit: "instant or bars",
    ...opening,
  },
  {
    name: "drawdownGuard",
    unit: "fraction of equity within a look-back",
    meaning: "A drawdown made by the trades closed within the look-back closes everything for a while.",
    cause: "protection-drawdown",
    refusalUnit: "instant or bars",
    ...opening,
  },
] as const satisfies readonly (LimitEntry & { readonly name: keyof ProtectionSettings })[];

/** Refusals that no limit of the user causes: the grid of the instrument, and the trading state. */
export const standingTable = [
  {
    name: "tick",
    unit: "price units",
    meaning: "A price must be a whole number of ticks where the venue's tick is known.",
    cause: "off-tick",
    refusalUnit: "price units",
    ...every,
  },
  {
    name: "price",
    unit: "price units",
    meaning: "A price must be a positive whole number of price units.",
    cause: "price",
    refusalUnit: "price units",
    ...every,
  },
  {
    name: "lot",
    unit: "lots",
    meaning: "A size must be a whole number of lots, at least one.",
    cause: "size",
    refusalUnit: "lots",
    ...every,
  },
  {
    name: "reduce-only",
    unit: "trading state",
    meaning: "In the state reduce-only, orders that may open exposure are refused.",
    cause: "reduce-only-state",
    refusalUnit: "trading state",
    ...opening,
  },
  {
    name: "halted",
    unit: "trading state",
    meaning: "In the state halted, only reduce-only orders of risk or of an operator pass.",
    cause: "trading-halted",
    refusalUnit: "trading state",
    ...every,
  },
] as const satisfies readonly LimitEntry[];
