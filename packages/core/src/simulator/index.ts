export {
  NO_SLIPPAGE,
  NO_SPREAD,
  type SlippageModel,
  type SpreadModel,
  slippageFraction,
  slippageOfSpread,
  slippageSquareRoot,
  slippageTicks,
  slippageVolumeShare,
  spreadFraction,
  spreadTicks,
} from "./cost-model.ts";
export { type FeeOptions, type FeeSchedule, feeSchedule } from "./fee-model.ts";
export { PATH_MODELS, type PathModel } from "./path-model.ts";
export { type FillBarChildren, type VenueTerms, venueTerms } from "./venue-terms.ts";
