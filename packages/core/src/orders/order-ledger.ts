import { InvariantViolation } from "../model/failure.ts";
import { assertTransition, isTerminal, OrderState } from "./lifecycle.ts";
import { Order } from "./order.ts";

/**
 * All orders of an engine that are not finished, in order of their ids. Ids are whole numbers from 1, per run.
 * A finished order leaves the ledger; its story stays in the event list. Its object is used again, so that a long run allocates none.
 */
export class OrderLedger {
  /** By the low bits of the id, chained through `sameSlot`: ids run to millions, unfinished orders are few. */
  private slots: (Order | undefined)[] = emptySlots(64);
  private readonly spare: Order[] = [];
  private readonly released: Order[] = [];
  private finished: Order[] = [];
  private late: Order[] = [];
  private nextId = 1;
  /** True keeps finished orders that were sent findable: a live venue may still report a fill of one. */
  private readonly retains: boolean;
  private count = 0;
  /** Orders that can be found: the unfinished, and with `retain` all. */
  private findable = 0;
  /** Working orders as a list linked through themselves, oldest first. */
  private oldest: Order | undefined;
  private newest: Order | undefined;

  constructor(options: { readonly retain?: boolean } = {}) {
    this.retains = options.retain === true;
  }

  get size(): number {
    return this.count;
  }

  get lastId(): number {
    return this.nextId - 1;
  }

  /** The oldest order; follow `next` to the newest. */
  get first(): Order | undefined {
    return this.oldest;
  }

  /** A fresh order with the next id, in state `initialized`. */
  open(): Order {
    const order = this.spare.pop() ?? new Order();
    order.id = this.nextId;
    this.nextId += 1;
    if (this.findable >= this.slots.length) this.widen();
    this.findable += 1;
    this.count += 1;
    const slot = order.id & (this.slots.length - 1);
    order.sameSlot = this.slots[slot];
    this.slots[slot] = order;
    order.previous = this.newest;
    order.next = undefined;
    if (this.newest === undefined) this.oldest = order;
    else this.newest.next = order;
    this.newest = order;
    return order;
  }

  /** The order of that id; `undefined` when it never was, or is finished and not retained. */
  find(id: number): Order | undefined {
    let order = this.slots[id & (this.slots.length - 1)];
    while (order !== undefined && order.id !== id) order = order.sameSlot;
    return order;
  }

  /** A copy of the list, oldest first: safe to walk while orders finish. */
  orders(): Order[] {
    const orders: Order[] = [];
    for (let order = this.oldest; order !== undefined; order = order.next) orders.push(order);
    return orders;
  }

  /** Moves an order to another state; a terminal one takes it out of the ledger. */
  transition(order: Order, to: OrderState): void {
    assertTransition(order.id, order.state, to);
    // Refused before it was sent: no venue can ever report anything of it.
    const wasSent = order.state !== OrderState.initialized;
    order.state = to;
    if (isTerminal(to)) this.remove(order, this.retains && wasSent);
  }

  /** Orders that were sent and have finished since the last call, in that order, and those that filled all the same after it. Of a ledger that retains. */
  takeFinished(): { readonly finished: readonly Order[]; readonly late: readonly Order[] } {
    const { finished, late } = this;
    this.finished = [];
    this.late = [];
    return { finished, late };
  }

  /** An order that had finished filled all the same. */
  noteLate(order: Order): void {
    this.late.push(order);
  }

  /** Takes over an order of another ledger, in any state. Called by rising ids, on a ledger that has opened none. */
  adopt(id: number, write: (order: Order) => void): Order {
    const { nextId } = this;
    this.nextId = id;
    const order = this.open();
    this.nextId = nextId;
    write(order);
    if (isTerminal(order.state)) this.unlink(order);
    return order;
  }

  /** The next order gets a number above this one. */
  resumeAfter(lastId: number): void {
    this.nextId = lastId + 1;
  }

  /** Makes the objects of finished orders available again. Called when nobody on the stack holds one any more. */
  recycle(): void {
    // Popped one by one: setting the length to zero would give the memory back.
    for (let order = this.released.pop(); order !== undefined; order = this.released.pop()) {
      order.reset();
      this.spare.push(order);
    }
  }

  get hasReleased(): boolean {
    return this.released.length !== 0;
  }

  private remove(order: Order, isKept: boolean): void {
    if (order.previous === undefined && this.oldest !== order) throw new InvariantViolation(`order ${order.id} finished twice`);
    if (!isKept) this.forget(order);
    this.unlink(order);
    if (!this.retains) this.released.push(order);
    else if (isKept) this.finished.push(order);
  }

  /** Out of the list of unfinished orders. */
  private unlink(order: Order): void {
    this.count -= 1;
    if (order.previous === undefined) this.oldest = order.next;
    else order.previous.next = order.next;
    if (order.next === undefined) this.newest = order.previous;
    else order.next.previous = order.previous;
    order.previous = undefined;
    order.next = undefined;
  }

  /** Takes an order out of its chain. */
  private forget(order: Order): void {
    const slot = order.id & (this.slots.length - 1);
    let at = this.slots[slot];
    if (at === order) this.slots[slot] = order.sameSlot;
    else {
      while (at !== undefined && at.sameSlot !== order) at = at.sameSlot;
      if (at === undefined) throw new InvariantViolation(`order ${order.id} finished twice`);
      at.sameSlot = order.sameSlot;
    }
    order.sameSlot = undefined;
    this.findable -= 1;
  }

  /** Twice the slots, so that chains stay short. */
  private widen(): void {
    const old = this.slots;
    const slots = emptySlots(old.length * 2);
    for (const first of old) {
      for (let order = first; order !== undefined; ) {
        const next = order.sameSlot;
        const slot = order.id & (slots.length - 1);
        order.sameSlot = slots[slot];
        slots[slot] = order;
        order = next;
      }
    }
    this.slots = slots;
  }
}

/** A power of two of empty slots. */
function emptySlots(count: number): (Order | undefined)[] {
  return Array.from({ length: count }, () => undefined);
}
