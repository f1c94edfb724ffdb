import { OrderFlag, OrderRole, OrderSource, OrderType } from "../model/order-terms.ts";
import { OrderState } from "../orders/lifecycle.ts";
import { LegForm, type Order } from "../orders/order.ts";
import type { OrderLedger } from "../orders/order-ledger.ts";
import type { AccountState } from "./account-state.ts";
import type { EventLog } from "./event-log.ts";

/** Opens orders: numbers them, and tells that they were submitted. */
export class OrderOpener {
  private readonly account: AccountState;
  private readonly orders: OrderLedger;
  private readonly log: EventLog;
  private readonly strategyId: number;

  constructor(account: AccountState, orders: OrderLedger, log: EventLog, strategyId: number) {
    this.account = account;
    this.orders = orders;
    this.log = log;
    this.strategyId = strategyId;
  }

  /** A market order with a number of its own, not yet announced. */
  blank(index: number, side: 1 | -1, lots: number, timeUs: number): Order {
    const order = this.orders.open();
    order.instrumentIndex = index;
    order.accountId = 1;
    order.strategyId = this.strategyId;
    order.side = side;
    order.type = OrderType.market;
    order.lots = lots;
    order.submittedUs = timeUs;
    return order;
  }

  announce(order: Order, reason: string, tag: string, timeUs: number): void {
    this.log.events.setTexts(order.id, reason, tag);
    this.orders.transition(order, OrderState.submitted);
    this.log.submitted(order, timeUs);
  }

  /** A protective leg of `entry`, for what has filled of it. It says by its reason which leg it is. */
  leg(
    entry: Order,
    role: typeof OrderRole.stopLoss | typeof OrderRole.takeProfit,
    units: number,
    lots: number,
    siblingId: number,
    tag: string,
    timeUs: number,
  ): Order {
    const order = this.blank(entry.instrumentIndex, entry.side > 0 ? -1 : 1, lots, timeUs);
    order.role = role;
    order.parentId = entry.id;
    order.siblingId = siblingId;
    order.flags = OrderFlag.reduceOnly;
    let reason = "take profit";
    if (role === OrderRole.stopLoss && entry.stopForm === LegForm.trail) {
      reason = "trailing stop";
      order.type = OrderType.trailingStop;
      order.trailIsRatio = entry.trailIsRatio;
      order.trailDistance = entry.trailDistance;
      order.trailDistanceAfter = entry.trailDistanceAfter;
      order.trailHolds = entry.trailHolds;
      order.trailActivation = entry.trailActivation;
    } else if (role === OrderRole.stopLoss) {
      reason = "stop loss";
      order.type = OrderType.stop;
      order.triggerUnits = units;
    } else {
      order.type = OrderType.limit;
      order.limitUnits = units;
    }
    this.announce(order, reason, tag, timeUs);
    return order;
  }

  /** A market order of the engine itself that closes a position: liquidation, the end of the data, an operator's flatten. */
  forced(instrumentIndex: number, role: OrderRole, reason: string, timeUs: number, source: OrderSource = OrderSource.risk): Order {
    const held = this.account.signedLots(instrumentIndex);
    const order = this.blank(instrumentIndex, held > 0 ? -1 : 1, Math.abs(held), timeUs);
    order.source = source;
    order.role = role;
    order.flags = OrderFlag.reduceOnly;
    this.announce(order, reason, "", timeUs);
    return order;
  }
}
