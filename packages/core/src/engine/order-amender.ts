import { EventKind } from "../model/event.ts";
import { gridUnits, lotsOf } from "../model/instrument.ts";
import type { Order } from "../orders/order.ts";
import type { Intent } from "../strategy/intent.ts";
import type { DeskParts } from "./order-desk.ts";
import { orderReserve, proposalOf } from "./order-money.ts";
import type { Refusals } from "./refusals.ts";

/** Changes working orders: price or quantity, judged by risk like a new order. */
export class OrderAmender {
  private readonly parts: DeskParts;
  private readonly refusals: Refusals;

  constructor(parts: DeskParts, refusals: Refusals) {
    this.parts = parts;
    this.refusals = refusals;
  }

  /** A price is changed only where the order has one; a quantity must stay above what has filled. */
  amend(order: Order, intent: Intent, index: number, timeUs: number): void {
    const instrument = this.parts.account.instrument(order.instrumentIndex);
    const { offTick } = this.parts.options;
    const limit = Number.isNaN(intent.limit) ? 0 : gridUnits(instrument, intent.limit, order.side, "limit", offTick);
    const stop = Number.isNaN(intent.stop) ? 0 : gridUnits(instrument, intent.stop, order.side, "trigger", offTick);
    const lots = Number.isNaN(intent.size) ? order.lots : lotsOf(instrument, intent.size);
    const lacks = (limit !== 0 && order.limitUnits === 0) || (stop !== 0 && (order.triggerUnits === 0 || order.triggered));
    // Terms that only we knew would be worse than none: the venue goes on with what it was sent.
    if (!this.parts.venue.canAmend) this.refusals.about(EventKind.amendRefused, order.id, index, "venue", 0, 0, timeUs);
    else if (limit < 0 || stop < 0 || lacks) this.refusals.about(EventKind.amendRefused, order.id, index, "price", 0, 0, timeUs);
    else if (!(lots > order.filledLots)) {
      this.refusals.about(EventKind.amendRefused, order.id, index, "size", lots, order.filledLots, timeUs);
    } else this.apply(order, limit, stop, lots, timeUs);
  }

  /** Writes the new terms; risk judges them as if the order were new, and the old ones return when it refuses. */
  private apply(order: Order, limit: number, stop: number, lots: number, timeUs: number): void {
    const { account, log, options, riskView } = this.parts;
    const venue = this.parts.venue;
    const { limitUnits, triggerUnits } = order;
    if (limit !== 0) order.limitUnits = limit;
    if (stop !== 0) order.triggerUnits = stop;
    const proposal = options.risk?.checkAmend === undefined ? undefined : proposalOf(order, lots - order.filledLots, account, options.risk);
    const refusal = proposal === undefined ? undefined : options.risk?.checkAmend?.(order.id, proposal, riskView);
    if (refusal !== undefined) {
      order.limitUnits = limitUnits;
      order.triggerUnits = triggerUnits;
      this.refusals.amend(order, refusal.cause, refusal.present, refusal.limit, lots, timeUs);
      return;
    }
    order.lots = lots;
    const mark = account.marks[order.instrumentIndex]!;
    if (order.reserved !== 0) {
      const reserved = orderReserve(order, order.leftLots, account, venue.terms);
      account.reserved += reserved - order.reserved;
      order.reserved = reserved;
    }
    venue.amended(order, mark);
    log.amended(order, timeUs);
  }
}
