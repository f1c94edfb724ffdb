import { OrderType } from "../model/order-terms.ts";
import type { Order } from "../orders/order.ts";

/**
 * Resting orders of one direction, nearest first: an indexed binary heap. Orders far from the price cost nothing until the
 * price comes near. At one price stops come before limits, reduce-only first, then the smaller id.
 */
export class TriggerHeap {
  /** True when a rising price reaches these orders, so the lowest is the nearest. */
  readonly fromBelow: boolean;
  private readonly items: Order[] = [];

  constructor(fromBelow: boolean) {
    this.fromBelow = fromBelow;
  }

  get size(): number {
    return this.items.length;
  }

  peek(): Order | undefined {
    return this.items[0];
  }

  /** Touch price of the nearest order; an infinity that no price reaches when there is none. */
  get nearest(): number {
    const first = this.items[0];
    if (first !== undefined) return first.touchUnits;
    return this.fromBelow ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  push(order: Order): void {
    order.heapIndex = this.items.length;
    this.items.push(order);
    this.siftUp(order.heapIndex);
  }

  remove(order: Order): void {
    const at = order.heapIndex;
    const last = this.items.pop()!;
    order.heapIndex = -1;
    if (last === order) return;
    this.items[at] = last;
    last.heapIndex = at;
    this.siftUp(at);
    this.siftDown(last.heapIndex);
  }

  /** Restores the order after a touch price changed. */
  update(order: Order): void {
    this.siftUp(order.heapIndex);
    this.siftDown(order.heapIndex);
  }

  /** All resting orders, in no particular order. */
  orders(): readonly Order[] {
    return this.items;
  }

  private before(a: Order, b: Order): boolean {
    if (a.touchUnits !== b.touchUnits) return this.fromBelow ? a.touchUnits < b.touchUnits : a.touchUnits > b.touchUnits;
    return actsFirst(a, b);
  }

  private siftUp(start: number): void {
    const items = this.items;
    let at = start;
    const order = items[at]!;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = items[parentAt]!;
      if (!this.before(order, parent)) break;
      items[at] = parent;
      parent.heapIndex = at;
      at = parentAt;
    }
    items[at] = order;
    order.heapIndex = at;
  }

  private siftDown(start: number): void {
    const items = this.items;
    const count = items.length;
    let at = start;
    const order = items[at]!;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= count) break;
      if (childAt + 1 < count && this.before(items[childAt + 1]!, items[childAt]!)) childAt += 1;
      const child = items[childAt]!;
      if (!this.before(child, order)) break;
      items[at] = child;
      child.heapIndex = at;
      at = childAt;
    }
    items[at] = order;
    order.heapIndex = at;
  }
}

/** Who acts first of two orders that one price touches: stops before limits, reduce-only first, then the smaller id. */
export function actsFirst(a: Order, b: Order): boolean {
  const aStop = isStopLike(a);
  if (aStop !== isStopLike(b)) return aStop;
  if (a.isReduceOnly !== b.isReduceOnly) return a.isReduceOnly;
  return a.id < b.id;
}

/** True for what protects by the market: stops before their trigger, and trailing stops. */
export function isStopLike(order: Order): boolean {
  return order.type === OrderType.stop || order.type === OrderType.trailingStop || (order.type === OrderType.stopLimit && !order.triggered);
}
