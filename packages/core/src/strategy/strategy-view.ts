import type { TimeUs } from "../model/time.ts";

/** The position in one instrument, as a strategy sees it. Decimal views of exact counts. */
export interface PositionView {
  /** True also for a rest below the venue's order step, which cannot be traded. */
  readonly isFlat: boolean;
  readonly isLong: boolean;
  readonly isShort: boolean;
  /** Base units, signed. */
  readonly quantity: number;
  /** Average entry price; NaN when flat. */
  readonly averagePrice: number;
  /** Profit of the open quantity at the last price, before exit costs. */
  readonly unrealized: number;
  /** Profit of closed quantity since the start, before fees. */
  readonly realized: number;
  /** When it was opened from flat; NaN when flat. */
  readonly openedUs: TimeUs;
  /** Closed bars of the instrument's finest series since the entry fill; 0 on the bar of the fill, -1 when flat. */
  readonly barsHeld: number;
}

/** A working order of the strategy. */
export interface WorkingOrderView {
  readonly id: number;
  readonly tag: string;
  readonly side: "buy" | "sell";
  readonly type: string;
  readonly quantity: number;
  readonly filledQuantity: number;
  /** Limit price; NaN for none. */
  readonly limit: number;
  /** Stop or touch price; NaN for none. */
  readonly trigger: number;
  readonly isReduceOnly: boolean;
  readonly input: string;
}

/**
 * What a strategy may see of its account at a reaction. One object, used again: keep numbers, not the view.
 * Every member may be taken out by destructuring. `Name` is the union of the strategy's input names.
 */
export interface StrategyView<Name extends string = string> {
  readonly nowUs: TimeUs;
  /** The position in the instrument of the bar (of the first input in `onBars`, `onStart` and `onTimer`). */
  readonly position: PositionView;
  /** The position in the instrument of an input. An unknown name throws `TP_STRATEGY_INPUT_UNKNOWN`. */
  positionOf(this: void, input: Name): PositionView;
  /** Cash plus positions at the last prices. */
  readonly equity: number;
  readonly cash: number;
  /** Working orders of this strategy, oldest first. */
  readonly orders: readonly WorkingOrderView[];
  /** True while an order with this tag works. */
  isWorking(this: void, tag: string): boolean;
}

/** A fill of one of the strategy's own orders. */
export interface FillView {
  readonly orderId: number;
  readonly tag: string;
  readonly input: string;
  readonly side: "buy" | "sell";
  readonly quantity: number;
  readonly price: number;
  readonly fee: number;
  readonly timeUs: TimeUs;
  readonly isEntry: boolean;
  /** True when the order is now filled completely. */
  readonly isComplete: boolean;
}
