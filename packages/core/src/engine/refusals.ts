import { type CauseName, causeCode, EventKind } from "../model/event.ts";
import { OrderSource } from "../model/order-terms.ts";
import { OrderState } from "../orders/lifecycle.ts";
import type { Order } from "../orders/order.ts";
import type { OrderLedger } from "../orders/order-ledger.ts";
import type { Intent } from "../strategy/intent.ts";
import type { EventLog } from "./event-log.ts";

/** Events of a wish that was not carried out. */
export type RefusalKind = typeof EventKind.refused | typeof EventKind.cancelRefused | typeof EventKind.amendRefused;

/** Says no: every wish that became nothing is an event with its cause, the present value and the limit. */
export class Refusals {
  count = 0;
  private readonly log: EventLog;
  private readonly orders: OrderLedger;
  private readonly strategyId: number;

  constructor(log: EventLog, orders: OrderLedger, strategyId: number) {
    this.log = log;
    this.orders = orders;
    this.strategyId = strategyId;
  }

  /** A wish that became no order. */
  wish(instrumentIndex: number, cause: CauseName, present: number, limit: number, timeUs: number): void {
    this.about(EventKind.refused, 0, instrumentIndex, cause, present, limit, timeUs);
  }

  /** A cancel or an amend, of an order or, with 0, of one that is not there. */
  about(
    kind: RefusalKind,
    orderId: number,
    instrumentIndex: number,
    cause: CauseName,
    present: number,
    limit: number,
    timeUs: number,
  ): void {
    this.count += 1;
    const about = { orderId, instrumentIndex, strategyId: this.strategyId, source: OrderSource.strategy };
    this.log.refused(kind, about, causeCode(cause), present, limit, 0, timeUs);
  }

  /** An amend that risk refused. */
  amend(order: Order, cause: number, present: number, limit: number, lots: number, timeUs: number): void {
    this.count += 1;
    this.log.refused(EventKind.amendRefused, aboutOrder(order), cause, present, limit, order.side * lots, timeUs);
  }

  /** An order that got its number, so that its refusal can be told, and was never sent. */
  order(order: Order, intent: Intent, cause: number, present: number, limit: number, timeUs: number): void {
    this.count += 1;
    this.log.events.setTexts(order.id, intent.reason, intent.tag);
    this.log.refused(EventKind.refused, aboutOrder(order), cause, present, limit, order.side * order.lots, timeUs);
    this.orders.transition(order, OrderState.rejected);
  }
}

function aboutOrder(order: Order): { orderId: number; instrumentIndex: number; strategyId: number; source: number } {
  return { orderId: order.id, instrumentIndex: order.instrumentIndex, strategyId: order.strategyId, source: order.source };
}
