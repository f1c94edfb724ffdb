import { EventKind } from "../model/event.ts";
import type { ExternalFact } from "../model/fact.ts";
import { OrderSource } from "../model/order-terms.ts";
import type { Order } from "../orders/order.ts";
import type { Execution } from "../simulator/venue-port.ts";
import type { EventList } from "./event-list.ts";

/** Codes of the packed word f5 of a fill: `liquidity + 2 * role + 16 * atOpen`. */
export const FillBits = { taker: 1, role: 2, atOpen: 64 } as const;

/** Writes the events of orders, one function a kind, so that the meaning of every word stands in one place. */
export class EventLog {
  readonly events: EventList;

  constructor(events: EventList) {
    this.events = events;
  }

  submitted(order: Order, timeUs: number): void {
    const words = this.begin(EventKind.submitted, order, timeUs);
    const at = this.events.offset;
    words[at] = order.type + 8 * order.timeInForce + 64 * order.flags + 256 * order.role;
    words[at + 1] = order.side * order.lots;
    words[at + 2] = order.limitUnits;
    words[at + 3] = order.triggerUnits;
    words[at + 4] = order.parentId;
    words[at + 5] = order.groupId;
    words[at + 6] = Number.isFinite(order.expireUs) ? order.expireUs : 0;
    words[at + 7] = order.trailIsRatio ? -order.trailDistance : order.trailDistance;
  }

  accepted(order: Order, timeUs: number): void {
    this.begin(EventKind.accepted, order, timeUs);
  }

  triggered(order: Order, units: number, timeUs: number): void {
    this.begin(EventKind.triggered, order, timeUs)[this.events.offset] = units;
  }

  filled(order: Order, execution: Execution, tradeId: number, positionAfter: number, timeUs: number): void {
    const words = this.begin(EventKind.filled, order, timeUs);
    const at = this.events.offset;
    words[at] = tradeId;
    words[at + 1] = order.side * execution.lots;
    words[at + 2] = execution.notional;
    words[at + 3] = execution.fee;
    words[at + 4] = execution.slippage;
    words[at + 5] =
      (execution.isMaker ? 0 : FillBits.taker) + FillBits.role * fillCauseCode(order) + (execution.atOpen ? FillBits.atOpen : 0);
    words[at + 6] = positionAfter;
    words[at + 7] = execution.referenceUnits;
  }

  ended(
    kind: typeof EventKind.canceled | typeof EventKind.expired | typeof EventKind.rejected,
    order: Order,
    cause: number,
    timeUs: number,
  ): void {
    const words = this.begin(kind, order, timeUs);
    words[this.events.offset] = cause;
    words[this.events.offset + 1] = order.side * order.leftLots;
  }

  amended(order: Order, timeUs: number): void {
    const words = this.begin(EventKind.amended, order, timeUs);
    const at = this.events.offset;
    words[at] = order.side * order.lots;
    words[at + 1] = order.limitUnits;
    words[at + 2] = order.triggerUnits;
  }

  shrunk(order: Order, wantedLots: number, timeUs: number): void {
    const words = this.begin(EventKind.shrunk, order, timeUs);
    words[this.events.offset] = order.side * wantedLots;
    words[this.events.offset + 1] = order.side * order.lots;
  }

  /** A wish that became no order, or a cancel or amend that found none. */
  refused(
    kind: typeof EventKind.refused | typeof EventKind.cancelRefused | typeof EventKind.amendRefused,
    about: { readonly orderId: number; readonly instrumentIndex: number; readonly strategyId: number; readonly source: number },
    cause: number,
    present: number,
    limit: number,
    signedLots: number,
    timeUs: number,
  ): void {
    const words = this.events.begin(kind, timeUs, about.orderId, about.instrumentIndex, 1, about.strategyId, about.source);
    const at = this.events.offset;
    words[at] = cause;
    words[at + 1] = present;
    words[at + 2] = limit;
    words[at + 3] = signedLots;
  }

  tradingState(state: number, cause: number, timeUs: number): void {
    const words = this.events.begin(EventKind.tradingState, timeUs, 0, 0, 1, 0, 1);
    words[this.events.offset] = state;
    words[this.events.offset + 1] = cause;
  }

  liquidation(instrumentIndex: number, units: number, lots: number, timeUs: number): void {
    const words = this.events.begin(EventKind.liquidation, timeUs, 0, instrumentIndex, 1, 0, 1);
    words[this.events.offset] = units;
    words[this.events.offset + 1] = lots;
  }

  external(fact: ExternalFact, positionAfter: number): void {
    const words = this.events.begin(EventKind.external, fact.timeUs, 0, fact.instrumentIndex, 1, 0, OrderSource.external);
    const at = this.events.offset;
    words[at] = fact.tradeId;
    words[at + 1] = fact.side * fact.lots;
    words[at + 2] = fact.notional;
    words[at + 3] = fact.fee;
    words[at + 6] = positionAfter;
  }

  ledger(account: number, quanta: number, cause: number, instrumentIndex: number, timeUs: number): void {
    const words = this.events.begin(EventKind.ledger, timeUs, 0, instrumentIndex, 1, 0, 1);
    words[this.events.offset] = account;
    words[this.events.offset + 1] = quanta;
    words[this.events.offset + 2] = cause;
  }

  private begin(kind: EventKind, order: Order, timeUs: number): Float64Array {
    return this.events.begin(kind, timeUs, order.id, order.instrumentIndex, order.accountId, order.strategyId, order.source);
  }
}

/** Names of the causes of a fill, by the code in f5. */
export const FILL_CAUSES = ["order", "stop", "target", "liquidation", "end-of-data", "trailing-stop"] as const;

function fillCauseCode(order: Order): number {
  // Roles 0 to 4 are named in the same order; a trailing stop says so, whatever its role.
  return order.type === 4 ? 5 : order.role;
}
