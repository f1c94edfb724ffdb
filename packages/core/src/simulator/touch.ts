import type { Instrument } from "../model/instrument.ts";
import { OrderType, reachedFromBelow } from "../model/order-terms.ts";
import type { Order } from "../orders/order.ts";

/** True when the order rests as a limit: it was one, or its trigger has been reached. */
export function restsAsLimit(order: Order): boolean {
  return (
    order.type === OrderType.limit || ((order.type === OrderType.stopLimit || order.type === OrderType.limitIfTouched) && order.triggered)
  );
}

/** True when the order waits for its trigger: a stop, stop-limit or touch order that has not been triggered. Trailing stops have a rule of their own. */
export function waitsForTrigger(order: Order): boolean {
  return !order.triggered && order.type !== OrderType.market && order.type !== OrderType.limit && order.type !== OrderType.trailingStop;
}

/** Sets the price and the direction that touch a resting order. Trailing stops are placed by their own rule. */
export function placeTouch(order: Order, fillThroughUnits: number): void {
  order.touchFromBelow = reachedFromBelow(order.type, order.side, order.triggered);
  if (restsAsLimit(order)) {
    order.touchUnits = order.limitUnits - order.side * fillThroughUnits;
  } else {
    order.touchUnits = order.triggerUnits;
  }
}

/** True when a price at `units` touches the order. */
export function isTouched(order: Order, units: number): boolean {
  return order.touchFromBelow ? units >= order.touchUnits : units <= order.touchUnits;
}

/** Price units of a number of ticks; a tick that is only inferred counts as the smallest displayed step. */
export function unitsOfTicks(instrument: Instrument, ticks: number): number {
  if (ticks === 0) return 0;
  return ticks * (instrument.tickKnown ? instrument.tickUnits : 10 ** (instrument.priceScale - instrument.displayDecimals));
}
