import { OrderRole } from "../model/order-terms.ts";
import type { Order } from "../orders/order.ts";
import { isAtOnce } from "./spot-sizes.ts";

/** Stops of the same side that may still fill, oldest first. */
export function stopsBeside(order: Order, orders: readonly Order[]): Order[] {
  return orders.filter((other) => isBeside(other, order) && other.role === OrderRole.stopLoss);
}

/** Other limits of the same side that fill at their arrival or not at all, and have not ended: only their end says what is left to sell. */
export function limitsBeside(order: Order, orders: readonly Order[]): Order[] {
  return orders.filter((other) => other !== order && isBeside(other, order) && isAtOnce(other) && other.limitUnits !== 0);
}

function isBeside(other: Order, order: Order): boolean {
  return other.instrumentIndex === order.instrumentIndex && other.side === order.side && other.mayFill;
}
