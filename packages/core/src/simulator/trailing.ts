import { mulDivCeil, mulDivFloor } from "../model/mul-div.ts";
import { BILLION } from "../model/rate.ts";
import type { Order } from "../orders/order.ts";

/** Begins to trail from `units`: the entry fill price, or the last visible close. Profit for the activation counts from `entryUnits`. */
export function startTrailing(order: Order, units: number, entryUnits: number, tickUnits: number): void {
  order.highWaterUnits = units;
  order.trailEntryUnits = entryUnits;
  order.trailActive = profitAt(order, units) >= activationUnits(order);
  order.touchFromBelow = order.side > 0;
  order.triggerUnits = trailsYet(order) ? stopFrom(order, units, tickUnits) : order.trailHolds ? stopFrom(order, entryUnits, tickUnits) : 0;
  order.touchUnits = order.triggerUnits === 0 ? unreachable(order) : order.triggerUnits;
}

/** Moves the stop of a trailing order after the price reached `units`; never back. True when it moved. */
export function ratchet(order: Order, units: number, tickUnits: number): boolean {
  const better = order.side < 0 ? units > order.highWaterUnits : units < order.highWaterUnits;
  if (!better) return false;
  order.highWaterUnits = units;
  if (!order.trailActive && profitAt(order, units) >= activationUnits(order)) order.trailActive = true;
  if (!trailsYet(order)) return false;
  return raiseStop(order, stopFrom(order, units, tickUnits));
}

/**
 * The pessimistic form for the bar of its own entry: the price moves just enough to arm the stop, then dives to the adverse
 * extreme. The stop stands at the worse of the two that the bar allows.
 */
export function ratchetPessimistically(order: Order, extreme: number, adverse: number, tickUnits: number): boolean {
  const armed = order.trailActivation === 0 ? order.trailEntryUnits : order.trailEntryUnits - order.side * activationUnits(order);
  const reachesArming = order.side < 0 ? extreme >= armed : extreme <= armed;
  if (!reachesArming) return ratchet(order, extreme, tickUnits);
  const wasActive = order.trailActive;
  order.trailActive = true;
  const finalStop = stopFrom(order, extreme, tickUnits);
  const wouldHit = order.side < 0 ? finalStop > adverse : finalStop < adverse;
  if (!wouldHit) {
    order.trailActive = wasActive;
    return ratchet(order, extreme, tickUnits);
  }
  order.highWaterUnits = extreme;
  const atArming = stopFrom(order, armed, tickUnits);
  return raiseStop(order, order.side < 0 ? Math.max(adverse, atArming) : Math.min(adverse, atArming));
}

/** Profit per unit in price units of the position that the order protects, at a price. */
function profitAt(order: Order, units: number): number {
  return order.side < 0 ? units - order.trailEntryUnits : order.trailEntryUnits - units;
}

/** Profit per unit in price units that starts the trailing. */
function activationUnits(order: Order): number {
  return order.trailIsRatio ? mulDivCeil(order.trailEntryUnits, order.trailActivation, BILLION) : order.trailActivation;
}

function trailsYet(order: Order): boolean {
  return order.trailActive || (order.trailDistanceAfter !== 0 && !order.trailHolds);
}

function raiseStop(order: Order, stop: number): boolean {
  const current = order.triggerUnits;
  const tighter = current === 0 || (order.side < 0 ? stop > current : stop < current);
  if (!tighter) return false;
  order.triggerUnits = stop;
  order.touchUnits = stop;
  return true;
}

/** The stop at the order's distance from `units`, on the tick grid, rounded away from the market. */
function stopFrom(order: Order, units: number, tickUnits: number): number {
  const distance = order.trailActive && order.trailDistanceAfter !== 0 ? order.trailDistanceAfter : order.trailDistance;
  if (order.side < 0) {
    const stop = order.trailIsRatio ? mulDivFloor(units, BILLION - distance, BILLION) : units - distance;
    return Math.max(tickUnits, Math.floor(stop / tickUnits) * tickUnits);
  }
  const stop = order.trailIsRatio ? mulDivCeil(units, BILLION + distance, BILLION) : units + distance;
  return Math.ceil(stop / tickUnits) * tickUnits;
}

function unreachable(order: Order): number {
  return order.side > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
