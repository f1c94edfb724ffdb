import { invariant } from "../model/failure.ts";
import { assertTransition, isTerminal, type OrderState } from "./lifecycle.ts";
import { Order } from "./order.ts";

/**
 * All orders of an engine that are not finished, in order of their ids. Ids are whole numbers from 1, per run.
 * A finished order leaves the ledger; its story stays in the event list. Its object is used again, so that a long run allocates none.
 */
export class OrderLedger {
  private readonly working = new Map<number, Order>();
  private readonly spare: Order[] = [];
  private released: Order[] = [];
  private nextId = 1;

  get size(): number {
    return this.working.size;
  }

  get lastId(): number {
    return this.nextId - 1;
  }

  /** A fresh order with the next id, in state `initialized`. */
  open(): Order {
    const order = this.spare.pop() ?? new Order();
    order.id = this.nextId;
    this.nextId += 1;
    this.working.set(order.id, order);
    return order;
  }

  /** The working order of that id; `undefined` when it is finished or never was. */
  find(id: number): Order | undefined {
    return this.working.get(id);
  }

  orders(): IterableIterator<Order> {
    return this.working.values();
  }

  /** Moves an order to another state; a terminal one takes it out of the ledger. */
  transition(order: Order, to: OrderState): void {
    assertTransition(order.id, order.state, to);
    order.state = to;
    if (isTerminal(to)) {
      invariant(this.working.delete(order.id), `order ${order.id} finished twice`);
      this.released.push(order);
    }
  }

  /** Makes the objects of finished orders available again. Called when nobody on the stack holds one any more. */
  recycle(): void {
    for (const order of this.released) this.spare.push(resetOrder(order));
    this.released.length = 0;
  }

  get hasReleased(): boolean {
    return this.released.length !== 0;
  }
}

const BLANK = new Order();

function resetOrder(order: Order): Order {
  order.filledLots = 0;
  order.filledNotional = 0;
  order.feePaid = 0;
  order.limitUnits = 0;
  order.triggerUnits = 0;
  order.flags = 0;
  order.role = BLANK.role;
  order.timeInForce = BLANK.timeInForce;
  order.source = BLANK.source;
  order.state = BLANK.state;
  order.triggered = false;
  order.pendingCancel = false;
  order.pendingAmend = false;
  order.expireUs = Number.POSITIVE_INFINITY;
  order.parentId = 0;
  order.groupId = 0;
  order.siblingId = 0;
  order.reserved = 0;
  order.trailDistance = 0;
  order.trailIsRatio = false;
  order.trailActivation = 0;
  order.trailDistanceAfter = 0;
  order.highWaterUnits = 0;
  order.trailActive = false;
  order.trailEntryUnits = 0;
  order.stopForm = BLANK.stopForm;
  order.stopValue = 0;
  order.targetForm = BLANK.targetForm;
  order.targetValue = 0;
  order.stopChildId = 0;
  order.targetChildId = 0;
  order.budget = 0;
  order.fractionAtFill = 0;
  order.offered = false;
  order.touchUnits = 0;
  order.heapIndex = -1;
  order.resting = false;
  order.queued = false;
  return order;
}
