import type { Instrument } from "../model/instrument.ts";
import { mulDivHalfEven } from "../model/mul-div.ts";
import { BILLION, rate } from "../model/rate.ts";

/** Spread: the whole width as a fraction of the price, or in ticks. */
export interface SpreadModel {
  readonly kind: "none" | "fraction" | "ticks";
  /** Per 10^9 for a fraction, ticks otherwise. */
  readonly width: number;
  /** `both` pays half of it on each side, `entry` all of it when exposure grows and nothing when it falls. */
  readonly applyTo: "both" | "entry";
}

/** Slippage of market and triggered stop fills; limits never slip. */
export interface SlippageModel {
  readonly kind: "none" | "ticks" | "fraction" | "spread-fraction" | "volume-share" | "square-root";
  /** Ticks; per 10^9 of the price; share of the spread per 10^9; impact coefficient per 10^9. */
  readonly amount: number;
  /** Largest share of the bar's volume that impact counts, for `volume-share`, per 10^9. */
  readonly cap: number;
}

export const NO_SPREAD: SpreadModel = { kind: "none", width: 0, applyTo: "both" };
export const NO_SLIPPAGE: SlippageModel = { kind: "none", amount: 0, cap: BILLION };

export function spreadFraction(width: number, applyTo: "both" | "entry" = "both"): SpreadModel {
  return { kind: "fraction", width: rate(width), applyTo };
}

export function spreadTicks(width: number, applyTo: "both" | "entry" = "both"): SpreadModel {
  return { kind: "ticks", width, applyTo };
}

export function slippageFraction(fraction: number): SlippageModel {
  return { kind: "fraction", amount: rate(fraction), cap: BILLION };
}

export function slippageTicks(ticks: number): SlippageModel {
  return { kind: "ticks", amount: ticks, cap: BILLION };
}

/** A share of the spread: 0.5 fills half a spread beyond the quote. */
export function slippageOfSpread(share: number): SlippageModel {
  return { kind: "spread-fraction", amount: rate(share), cap: BILLION };
}

/** Linear impact `coefficient * (share of the bar's volume)^2`, share capped: the volume-share model known from zipline. */
export function slippageVolumeShare(coefficient: number, cap = 0.025): SlippageModel {
  return { kind: "volume-share", amount: rate(coefficient), cap: rate(cap) };
}

/** Square-root impact: `coefficient * sqrt(share of the bar's volume)`, as a fraction of the price. */
export function slippageSquareRoot(coefficient: number): SlippageModel {
  return { kind: "square-root", amount: rate(coefficient), cap: BILLION };
}

/** Ticks are worth this many price units. */
function tickUnits(instrument: Instrument): number {
  if (instrument.tickKnown) return instrument.tickUnits;
  return 10 ** (instrument.priceScale - instrument.displayDecimals);
}

/** One taker fill, as far as its cost depends on it. */
export interface TakerFill {
  lots: number;
  /** At the reference price, in quanta. */
  notional: number;
  referenceUnits: number;
  growsExposure: boolean;
  /** The fill's share of the bar's volume; 0 when the volume is not known. */
  volumeShare: number;
}

/**
 * What spread and slippage cost a taker, in quanta; never negative. The part given in ticks is exact money of those ticks, the part given as
 * a fraction is rounded half-even once.
 */
export function takerCost(spread: SpreadModel, slippage: SlippageModel, instrument: Instrument, fill: TakerFill): number {
  const spreadApplies = spread.applyTo === "both" ? 0.5 : fill.growsExposure ? 1 : 0;
  let ticks = 0;
  let fraction = 0;
  if (spread.kind === "ticks") ticks += spread.width * spreadApplies;
  else if (spread.kind === "fraction") fraction += spread.width * spreadApplies;
  if (slippage.kind === "ticks") ticks += slippage.amount;
  else if (slippage.kind !== "none")
    fraction += slippageRate(slippage, spreadWidthRate(spread, instrument, fill.referenceUnits), fill.volumeShare);
  let cost = 0;
  if (ticks > 0) {
    const { numerator, denominator } = instrument.notional;
    cost += mulDivHalfEven(Math.round(ticks * tickUnits(instrument)), fill.lots * numerator, denominator);
  }
  if (fraction > 0) cost += mulDivHalfEven(fill.notional, Math.round(fraction), BILLION);
  return cost;
}

/** The cost of both models as a fraction of the price: what the size of an order is worsened by before its fill is known. */
export function estimatedCostFraction(
  spread: SpreadModel,
  slippage: SlippageModel,
  instrument: Instrument,
  referenceUnits: number,
): number {
  if (spread.kind === "none" && slippage.kind === "none") return 0;
  const width = spreadWidthRate(spread, instrument, referenceUnits);
  const share = spread.applyTo === "both" ? width / 2 : width;
  const slip = slippage.kind === "ticks" ? ticksRate(slippage.amount, instrument, referenceUnits) : slippageRate(slippage, width, 0);
  return (share + slip) / BILLION;
}

function ticksRate(ticks: number, instrument: Instrument, referenceUnits: number): number {
  return (ticks * tickUnits(instrument) * BILLION) / referenceUnits;
}

function spreadWidthRate(spread: SpreadModel, instrument: Instrument, referenceUnits: number): number {
  if (spread.kind === "none") return 0;
  return spread.kind === "ticks" ? ticksRate(spread.width, instrument, referenceUnits) : spread.width;
}

function slippageRate(model: SlippageModel, spreadRate: number, volumeShare: number): number {
  switch (model.kind) {
    case "none":
    case "ticks":
      return 0;
    case "fraction":
      return model.amount;
    case "spread-fraction":
      return (model.amount * spreadRate) / BILLION;
    case "volume-share": {
      const share = Math.min(volumeShare, model.cap / BILLION);
      return model.amount * share * share;
    }
    case "square-root":
      return model.amount * Math.sqrt(volumeShare);
  }
}
