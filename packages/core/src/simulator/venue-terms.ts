import type { Instrument } from "../model/instrument.ts";
import { NO_SLIPPAGE, NO_SPREAD, type SlippageModel, type SpreadModel } from "./cost-model.ts";
import { type FeeSchedule, feeSchedule } from "./fee-model.ts";
import type { PathModel } from "./path-model.ts";

/** Which protective legs are live on the bar that filled their entry by limit or stop. */
export type FillBarChildren = "stop-only" | "path" | "next-bar";

/** How the simulated venue fills orders. Every value is part of the manifest. */
export interface VenueTerms {
  readonly path: PathModel;
  readonly marketFill: "next-open" | "bar-close";
  readonly fillBarChildren: FillBarChildren;
  /** Own share of a bar's volume that may fill, 0 to 1; Infinity for no limit. */
  readonly participation: number;
  /** A limit fills only when the price goes this many ticks beyond it. */
  readonly fillThroughTicks: number;
  /** What happens when the money at the fill is less than it needs. */
  readonly shortfall: "shrink" | "reject";
  readonly roundFillsToTick: boolean;
  readonly spread: SpreadModel;
  readonly slippage: SlippageModel;
  /** One schedule an instrument. */
  readonly fees: readonly FeeSchedule[];
}

export const NO_FEES: FeeSchedule = feeSchedule({}, 1, 1);

/** The defaults: next open, worst-case path, no costs, unlimited participation, shrink on shortfall. */
export function venueTerms(instruments: readonly Instrument[], options: Partial<VenueTerms> = {}): VenueTerms {
  return {
    path: options.path ?? "worst-case",
    marketFill: options.marketFill ?? "next-open",
    fillBarChildren: options.fillBarChildren ?? "stop-only",
    participation: options.participation ?? Number.POSITIVE_INFINITY,
    fillThroughTicks: options.fillThroughTicks ?? 0,
    shortfall: options.shortfall ?? "shrink",
    roundFillsToTick: options.roundFillsToTick ?? false,
    spread: options.spread ?? NO_SPREAD,
    slippage: options.slippage ?? NO_SLIPPAGE,
    fees: options.fees ?? instruments.map(() => NO_FEES),
  };
}
