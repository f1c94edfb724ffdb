export type { BarView } from "./bar-view.ts";
export { strategyCodes } from "./codes.ts";
export { crossedAbove, crossedBelow } from "./crossing.ts";
export {
  type BoundStrategy,
  defineStrategy,
  type Reactions,
  type Strategy,
  type StrategySpec,
  type Timer,
  type Tools,
  type Wish,
} from "./define-strategy.ts";
export type { IndicatorHandle } from "./indicator-handle.ts";
export { type BarsInput, bars, type InputSpecs } from "./inputs.ts";
export {
  amend,
  bracket,
  buy,
  cancel,
  cancelAll,
  close,
  type Intent,
  type LegPrice,
  type OrderOptions,
  oneCancelsOther,
  type SizeOptions,
  type StopPrice,
  sell,
  type Trail,
  target,
} from "./intent.ts";
export type { Line } from "./line.ts";
export { nearestName } from "./nearest-name.ts";
export { describeParam, type ParamSpec, type ParamSpecs, type ParamValues, param } from "./param.ts";
export type { SavedValue } from "./saved-value.ts";
export type { SeriesHandle } from "./series-handle.ts";
export type { FillView, PositionView, StrategyView, WorkingOrderView } from "./strategy-view.ts";
