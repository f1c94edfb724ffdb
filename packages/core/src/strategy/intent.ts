import { FailureError } from "../model/failure.ts";
import type { TimeInForceName } from "../model/order-terms.ts";
import type { TimeUs } from "../model/time.ts";

/** How the size of an order is meant. */
export type Sizing = "quantity" | "fraction" | "notional" | "risk-fraction" | "risk-amount" | "position" | "volatility";

/**
 * A distance that follows the price: money (`amount`) or a share (`ratio`); `activation`, the profit from the entry that starts it, and
 * `after`, the distance from then on, are given in the same form. Until its activation a trail without `after` is no stop, one with `after`
 * already follows, and one that `holds` stands still at its distance from the entry.
 */
export type Trail =
  | { readonly amount: number; readonly activation?: number; readonly after?: number; readonly holds?: boolean }
  | { readonly ratio: number; readonly activation?: number; readonly after?: number; readonly holds?: boolean };

/** A protective leg's price: a price, or counted from the fill of its entry; a stop may trail. */
export type LegPrice = number | { readonly offset: number } | { readonly ratio: number };
export type StopPrice = LegPrice | { readonly trail: Trail };

/**
 * What a strategy wishes. Plain data, one shape for all kinds: absent numbers are NaN, absent texts are empty. A price that was given as
 * NaN is 0, which is refused.
 * Made by `buy`, `sell`, `bracket`, `close`, `target`, `cancel`, `cancelAll` and `amend`.
 */
export interface Intent {
  readonly kind: "order" | "close" | "target" | "cancel" | "cancel-all" | "amend";
  readonly side: 1 | -1;
  /** Name of the input whose instrument is meant; empty for the first. */
  readonly input: string;
  readonly sizing: Sizing;
  readonly size: number;
  readonly limit: number;
  readonly stop: number;
  readonly touch: number;
  readonly trail: number;
  readonly trailIsRatio: boolean;
  readonly trailActivation: number;
  readonly trailAfter: number;
  readonly trailHolds: boolean;
  readonly timeInForce: TimeInForceName;
  readonly expiresUs: number;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly stopLoss: StopPrice | undefined;
  readonly takeProfit: LegPrice | undefined;
  readonly tag: string;
  readonly orderId: number;
  readonly reason: string;
  /** Intents that share one object cancel each other. */
  readonly group: object | undefined;
}

/** How much: exactly one of these. `fraction` is of the free margin, `risk` is lost when the stop is hit. */
export interface SizeOptions {
  /** Base units. */
  readonly quantity?: number;
  /** Share of the money that is free, times leverage: 0.95 is 95 %. */
  readonly fraction?: number;
  /** Money of the quote currency. */
  readonly notional?: number;
  /** Share of equity (`fraction`) or money (`amount`) lost between entry and stop. Needs `stopLoss`. */
  readonly risk?: { readonly fraction: number } | { readonly amount: number };
  /** Share of equity by volatility: `target` annual volatility over `current`, at most `cap` (1). */
  readonly volatility?: { readonly target: number; readonly current: number; readonly cap?: number };
}

export interface OrderOptions extends SizeOptions {
  /** Price limit. Alone: a limit order. With `stop`: stop-limit. With `touch`: limit-if-touched. */
  readonly limit?: number;
  /** Stop price. */
  readonly stop?: number;
  /** Touch price. */
  readonly touch?: number;
  /** A trailing stop: distance as money (`amount`) or share (`ratio`). */
  readonly trail?: Trail;
  readonly timeInForce?: TimeInForceName;
  /** End of life for GTD, in microseconds UTC. */
  readonly expiresUs?: TimeUs;
  readonly postOnly?: boolean;
  readonly reduceOnly?: boolean;
  /** Stop of the bracket around this entry. */
  readonly stopLoss?: StopPrice;
  /** Target of the bracket around this entry. */
  readonly takeProfit?: LegPrice;
  /** A name to cancel, amend or recognise the order by. */
  readonly tag?: string;
  /** Input whose instrument is meant; the first by default. */
  readonly on?: string;
  /** Why: ends in the blotter. */
  readonly reason?: string;
}

const NONE = Number.NaN;
/** Stands for a price or size that was given but is no number: never absent, so a NaN limit cannot become a market order. */
const NOT_A_NUMBER = 0;

function orZero(value: number | undefined): number {
  if (value === undefined) return NONE;
  return Number.isNaN(value) ? NOT_A_NUMBER : value;
}

/**
 * The one place that makes an intent, so that all have one shape. Without `sizing` the size is read from the options. It is deliberately one
 * long function: the compiler then leaves it out of the strategies' hot loop, where it would crowd out the reads of indicators.
 */
function order(
  kind: Intent["kind"],
  side: 1 | -1,
  options: OrderOptions,
  fixed?: Sizing,
  fixedSize = NONE,
  orderId = 0,
  tag = options.tag ?? "",
): Intent {
  const { trail, risk, volatility } = options;
  if (trail !== undefined && "amount" in trail && "ratio" in trail) throw saidTwice("trail a stop", ["amount", "ratio"]);
  let sizing: Sizing = fixed ?? "fraction";
  let size = fixedSize;
  if (fixed === undefined) {
    size = 1;
    let sizes = 0;
    if (options.quantity !== undefined) {
      sizes += 1;
      sizing = "quantity";
      size = options.quantity;
    }
    if (options.fraction !== undefined) {
      sizes += 1;
      size = options.fraction;
    }
    if (options.notional !== undefined) {
      sizes += 1;
      sizing = "notional";
      size = options.notional;
    }
    if (risk !== undefined) {
      sizes += 1;
      if ("fraction" in risk && "amount" in risk) throw saidTwice("size an order by risk", ["fraction", "amount"]);
      sizing = "fraction" in risk ? "risk-fraction" : "risk-amount";
      size = "fraction" in risk ? risk.fraction : risk.amount;
    }
    if (volatility !== undefined) {
      sizes += 1;
      sizing = "volatility";
      size = Math.min(volatility.cap ?? 1, volatility.target / volatility.current);
    }
    if (sizes > 1) throw saidTwice("size an order", given(options, SIZES));
    if (sizes === 0 && options.reduceOnly === true) sizing = "position";
  }
  return {
    kind,
    side,
    input: options.on ?? "",
    sizing,
    size,
    limit: orZero(options.limit),
    stop: orZero(options.stop),
    touch: orZero(options.touch),
    trail: trail === undefined ? NONE : orZero("amount" in trail ? trail.amount : trail.ratio),
    trailIsRatio: trail !== undefined && "ratio" in trail,
    trailActivation: trail?.activation ?? 0,
    trailAfter: trail?.after ?? 0,
    trailHolds: trail?.holds ?? false,
    timeInForce: options.timeInForce ?? (options.expiresUs === undefined ? "GTC" : "GTD"),
    expiresUs: options.expiresUs ?? NONE,
    postOnly: options.postOnly ?? false,
    reduceOnly: kind === "close" || (options.reduceOnly ?? false),
    stopLoss: options.stopLoss,
    takeProfit: options.takeProfit,
    tag,
    orderId,
    reason: options.reason ?? "",
    group: undefined,
  };
}

/** Names of which an intent takes one at most. */
const SIZES = ["quantity", "fraction", "notional", "risk", "volatility"] as const;

function saidTwice(action: string, names: readonly string[]): FailureError {
  return new FailureError({
    code: "TP_STRATEGY_SAID_TWICE",
    message: `Cannot ${action}: it is given ${names.map((name) => `"${name}"`).join(" and ")}, allowed is one of them`,
    details: [],
    next: "give one of them",
  });
}

/** Those of the names that are given. */
function given<Name extends string>(options: object, names: readonly Name[]): readonly Name[] {
  return names.filter((name) => (options as Partial<Record<Name, unknown>>)[name] !== undefined);
}

/** Buys: a market order unless a price is given. Without a size: all the free money (reduce-only: the whole position). */
export function buy(options: OrderOptions = {}): Intent {
  return order("order", 1, options);
}

/** Sells: see {@link buy}. In a margin account a sale beyond the position opens a short. */
export function sell(options: OrderOptions = {}): Intent {
  return order("order", -1, options);
}

/** An entry with its stop and its target, of which one cancels the other. */
export function bracket(
  options: OrderOptions & { readonly side: "buy" | "sell"; readonly stopLoss: StopPrice; readonly takeProfit: LegPrice },
): Intent {
  return order("order", options.side === "buy" ? 1 : -1, options);
}

/** Closes the position (or `fraction` of it), at the market unless a limit is given. Does nothing when flat. */
export function close(
  options: {
    readonly fraction?: number;
    readonly limit?: number;
    readonly on?: string;
    readonly tag?: string;
    readonly reason?: string;
  } = {},
): Intent {
  return order("close", 1, options, "position", options.fraction ?? 1);
}

/** Brings the position to a signed size: sends the difference, reduce-only first when it crosses zero. Replaces working entries. */
export function target(
  options: { readonly fraction: number } | { readonly quantity: number } | { readonly notional: number },
  how: { readonly on?: string; readonly tag?: string; readonly reason?: string } = {},
): Intent {
  const sizes = given(options, SIZES);
  if (sizes.length > 1) throw saidTwice("set a target", sizes);
  if ("fraction" in options) return order("target", 1, how, "fraction", options.fraction);
  if ("quantity" in options) return order("target", 1, how, "quantity", options.quantity);
  return order("target", 1, how, "notional", options.notional);
}

/** Cancels a working order by its tag or id. */
export function cancel(which: { readonly tag: string } | { readonly orderId: number }, reason = ""): Intent {
  return about("cancel", which, { reason }, NONE);
}

/** Cancels all working orders of the strategy, in one input's instrument or in all. */
export function cancelAll(options: { readonly on?: string; readonly reason?: string } = {}): Intent {
  return order("cancel-all", 1, options, "quantity", NONE);
}

/** Changes limit, stop or quantity (base units in total) of a working order. */
export function amend(
  which: { readonly tag: string } | { readonly orderId: number },
  change: { readonly limit?: number; readonly stop?: number; readonly quantity?: number; readonly reason?: string },
): Intent {
  return about("amend", which, change, orZero(change.quantity));
}

/** An intent about a working order. */
function about(
  kind: "cancel" | "amend",
  which: { readonly tag: string } | { readonly orderId: number },
  options: { readonly limit?: number; readonly stop?: number; readonly reason?: string },
  size: number,
): Intent {
  const byTag = "tag" in which;
  if (byTag && "orderId" in which) throw saidTwice(`${kind} an order`, ["tag", "orderId"]);
  return order(kind, 1, options, "quantity", size, byTag ? 0 : which.orderId, byTag ? which.tag : "");
}

/** One-cancels-other: the first fill reduces or cancels the rest. */
export function oneCancelsOther(...intents: readonly Intent[]): readonly Intent[] {
  const group = {};
  return intents.map((each) => ({ ...each, group }));
}
