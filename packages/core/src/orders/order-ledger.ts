import { InvariantViolation } from "../model/failure.ts";
import { assertTransition, isTerminal, type OrderState } from "./lifecycle.ts";
import { Order } from "./order.ts";

/**
 * All orders of an engine that are not finished, in order of their ids. Ids are whole numbers from 1, per run.
 * A finished order leaves the ledger; its story stays in the event list. Its object is used again, so that a long run allocates none.
 */
export class OrderLedger {
  /** By id; a finished order leaves a gap. */
  private readonly byId: (Order | undefined)[] = [undefined];
  private readonly spare: Order[] = [];
  private readonly released: Order[] = [];
  private nextId = 1;
  /** True keeps finished orders findable: a live venue may still report a fill of one. */
  private readonly retains: boolean;
  private count = 0;
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
    this.byId.push(order);
    this.count += 1;
    order.previous = this.newest;
    order.next = undefined;
    if (this.newest === undefined) this.oldest = order;
    else this.newest.next = order;
    this.newest = order;
    return order;
  }

  /** The order of that id; `undefined` when it never was, or is finished and not retained. */
  find(id: number): Order | undefined {
    return this.byId[id];
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
    order.state = to;
    if (isTerminal(to)) this.remove(order);
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

  private remove(order: Order): void {
    if (this.byId[order.id] !== order || (order.previous === undefined && this.oldest !== order))
      throw new InvariantViolation(`order ${order.id} finished twice`);
    if (!this.retains) this.byId[order.id] = undefined;
    this.count -= 1;
    if (order.previous === undefined) this.oldest = order.next;
    else order.previous.next = order.next;
    if (order.next === undefined) this.newest = order.previous;
    else order.next.previous = order.previous;
    order.previous = undefined;
    order.next = undefined;
    if (!this.retains) this.released.push(order);
  }
}
