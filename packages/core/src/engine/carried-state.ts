import type { CarriedSeries } from "../market/bar-series.ts";
import type { Failure } from "../model/failure.ts";
import type { CarriedOrders } from "../orders/carry-orders.ts";
import type { CarriedPortfolio } from "../portfolio/portfolio.ts";
import type { SavedValue } from "../strategy/saved-value.ts";
import type { CarriedTrades } from "./account-risk-view.ts";
import type { CarriedFacts } from "./apply-fact.ts";
import type { CarriedSamples } from "./equity-samples.ts";
import type { CarriedEvents } from "./event-list.ts";
import type { CarriedIndicators } from "./indicator-host.ts";
import type { CarriedGroups } from "./order-groups.ts";
import type { CarriedOutbox } from "./outbox.ts";
import type { CarriedSteps } from "./step-run.ts";

/** Reason and tag of an order that may still fill. */
export type CarriedText = readonly [orderId: number, reason: string, tag: string];

/**
 * Where a live engine stands after a fact: all that its later decisions depend on, as plain data. Numbers, texts, truth values, `null`, arrays,
 * objects and `Float64Array`; numbers may be NaN, infinite or -0. A fresh engine of the same setup that takes it over decides from there on as the
 * engine that it was taken from.
 *
 * Not in it: events, which the journal keeps (their number and digest are), equity after each instant, and texts of orders that have ended.
 */
export interface CarriedState {
  readonly schema: 1;
  readonly lastSeq: number;
  readonly lastUs: number;
  readonly stepUs: number;
  readonly steps: CarriedSteps;
  readonly events: CarriedEvents;
  readonly texts: readonly CarriedText[];
  readonly orders: CarriedOrders;
  readonly groups: CarriedGroups;
  readonly outbox: CarriedOutbox;
  readonly facts: CarriedFacts;
  readonly portfolio: CarriedPortfolio;
  readonly account: { readonly marks: readonly number[]; readonly reserved: number; readonly isRuined: boolean };
  readonly fills: { readonly count: number; readonly liquidations: number; readonly lastTradeId: number };
  readonly refusals: number;
  readonly registers: readonly number[];
  readonly openedBars: readonly number[];
  readonly samples: CarriedSamples;
  readonly timers: readonly number[];
  readonly series: readonly CarriedSeries[];
  readonly indicators: CarriedIndicators;
  readonly trades: CarriedTrades;
  /** Opaque here: the judge's own. `null` without one. */
  readonly risk: unknown;
  /** The trading state as it was last logged. */
  readonly loggedState: number;
  readonly isHeld: boolean;
  readonly strategyFailure: Failure | null;
  /** What the strategy's `save` gave; `null` without it. */
  readonly memory: SavedValue;
}
