import { causeCode, EventKind } from "../model/event.ts";
import { OrderRole } from "../model/order-terms.ts";
import { OrderState } from "../orders/lifecycle.ts";
import type { Order } from "../orders/order.ts";
import type { OrderLedger } from "../orders/order-ledger.ts";
import { LedgerAccount, LedgerCause } from "../portfolio/ledger.ts";
import type { SimulatedVenue } from "../simulator/simulated-venue.ts";
import type { Execution, VenueSink } from "../simulator/venue-port.ts";
import type { AccountState } from "./account-state.ts";
import type { EventLog } from "./event-log.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { OrderVenue } from "./order-venue.ts";
import type { ProtectionDesk } from "./protection-desk.ts";

const CAUSE_OCO = causeCode("oco");
const CAUSE_FLAT = causeCode("flat");
const CAUSE_LIQUIDATION = causeCode("liquidation");
const CAUSE_PARENT = causeCode("parent");

/** One fill as it waits to be told to the strategy. */
export interface FillNotice {
  readonly orderId: number;
  readonly instrumentIndex: number;
  readonly side: 1 | -1;
  readonly lots: number;
  readonly notional: number;
  readonly fee: number;
  readonly timeUs: number;
  readonly isEntry: boolean;
  readonly isComplete: boolean;
}

export interface FillDeskParts {
  readonly account: AccountState;
  readonly orders: OrderLedger;
  readonly log: EventLog;
  /** True when the strategy wants to hear of fills. */
  wantsFills(): boolean;
  /** After every fill: registers, risk. */
  onFilled(order: Order, execution: Execution, timeUs: number): void;
}

/**
 * Books what the venue reports: money, position, order state, events; then what follows from a fill at the same instant:
 * groups cancel, reduce-only orders of a closed position end, what it opened is protected.
 */
export class FillDesk implements VenueSink {
  /** Fills since the strategy was last told. */
  readonly notices: FillNotice[] = [];
  fills = 0;
  liquidations = 0;
  private readonly parts: FillDeskParts;
  lastTradeId = 0;
  private desk!: OrderDesk;
  private venue!: OrderVenue;
  private simulation!: SimulatedVenue;
  private protection!: ProtectionDesk;

  constructor(parts: FillDeskParts) {
    this.parts = parts;
  }

  /** Those who are made after this one, since they report to it: the venue orders go to, and the simulated one, which alone liquidates. */
  connect(desk: OrderDesk, venue: OrderVenue, simulation: SimulatedVenue, protection: ProtectionDesk): void {
    this.desk = desk;
    this.venue = venue;
    this.simulation = simulation;
    this.protection = protection;
  }

  accepted(order: Order, timeUs: number): void {
    this.parts.orders.transition(order, OrderState.accepted);
    this.parts.log.accepted(order, timeUs);
  }

  rejected(order: Order, cause: number, timeUs: number): void {
    this.end(order, OrderState.rejected, EventKind.rejected, cause, timeUs);
  }

  triggered(order: Order, units: number, timeUs: number): void {
    this.parts.log.triggered(order, units, timeUs);
  }

  canceled(order: Order, cause: number, timeUs: number): void {
    this.end(order, OrderState.canceled, EventKind.canceled, cause, timeUs);
  }

  expired(order: Order, cause: number, timeUs: number): void {
    this.end(order, OrderState.expired, EventKind.expired, cause, timeUs);
  }

  shrunk(order: Order, wantedLots: number, timeUs: number): void {
    this.parts.log.shrunk(order, wantedLots, timeUs);
  }

  sized(order: Order, timeUs: number): void {
    this.parts.log.amended(order, timeUs);
  }

  /** `keptLots` is what the venue kept of the fill as its fee: no stop can sell it. */
  filled(order: Order, execution: Execution, timeUs: number, keptLots = 0): void {
    const { account, orders, log } = this.parts;
    const index = order.instrumentIndex;
    const before = account.signedLots(index);
    account.portfolio.applyFill(index, order.side, execution.lots, execution.notional, execution.fee, timeUs);
    if (keptLots !== 0) account.portfolio.takeLots(index, keptLots);
    account.portfolio.slippagePaid += execution.slippage;
    order.filledLots += execution.lots;
    order.filledNotional += execution.notional;
    order.feePaid += execution.fee;
    this.releaseReserve(order, execution.lots);
    const isComplete = order.filledLots >= order.lots;
    orders.transition(order, isComplete ? OrderState.filled : OrderState.partiallyFilled);
    this.lastTradeId += 1;
    this.fills += 1;
    const held = account.signedLots(index);
    log.filled(order, execution, this.lastTradeId, held, timeUs);
    this.parts.onFilled(order, execution, timeUs);
    if (this.parts.wantsFills()) {
      this.notices.push({
        orderId: order.id,
        instrumentIndex: index,
        side: order.side,
        lots: execution.lots,
        notional: execution.notional,
        fee: execution.fee,
        timeUs,
        isEntry: !order.isReduceOnly,
        isComplete,
      });
    }
    if (order.siblingId !== 0) this.reduceOther(order.siblingId, order, execution.lots, isComplete, timeUs);
    if (order.groupId !== 0) this.reduceGroup(order, execution.lots, isComplete, timeUs);
    // A position that ended, flat or turned over, takes with it the orders that would only have reduced it.
    if (before !== 0 && (held === 0 || held > 0 !== before > 0)) this.endReduceOnly(index, before > 0 ? -1 : 1, timeUs);
    this.protection.protect(order, execution, keptLots, log.events.tagOf(order.id), timeUs);
  }

  /** A fill of an order that had ended: the venue filled before it canceled. It counts; the order stays ended. */
  filledLate(order: Order, execution: Execution, timeUs: number, keptLots = 0): void {
    const { account, log } = this.parts;
    account.portfolio.applyFill(order.instrumentIndex, order.side, execution.lots, execution.notional, execution.fee, timeUs);
    if (keptLots !== 0) account.portfolio.takeLots(order.instrumentIndex, keptLots);
    order.filledLots += execution.lots;
    order.filledNotional += execution.notional;
    order.feePaid += execution.fee;
    this.parts.orders.noteLate(order);
    this.lastTradeId += 1;
    this.fills += 1;
    log.filled(order, execution, this.lastTradeId, account.signedLots(order.instrumentIndex), timeUs);
    this.parts.onFilled(order, execution, timeUs);
    // Texts of an order that has ended are not kept.
    this.protection.protect(order, execution, keptLots, "", timeUs);
  }

  liquidated(instrumentIndex: number, units: number, timeUs: number): void {
    const { account, log } = this.parts;
    this.liquidations += 1;
    log.liquidation(instrumentIndex, units, account.signedLots(instrumentIndex), timeUs);
    this.cancelWorking(CAUSE_LIQUIDATION, timeUs);
    const order = this.desk.opener.forced(instrumentIndex, OrderRole.liquidation, "liquidation", timeUs);
    this.simulation.fillNow(order, units, timeUs);
    if (account.equity > 0) return;
    account.isRuined = true;
    this.payDeficit(instrumentIndex, timeUs);
  }

  /** Margin is shared by the whole account, so a liquidation takes back every working order of it. */
  private cancelWorking(cause: number, timeUs: number): void {
    for (const order of this.parts.orders.orders()) if (order.isWorking) this.venue.cancel(order, cause, timeUs);
  }

  /** With insurance the venue's fund pays what the account owes once nothing is open any more. */
  private payDeficit(instrumentIndex: number, timeUs: number): void {
    const { account, log } = this.parts;
    const { ledger } = account.portfolio;
    if (!account.terms.insurance || ledger.cash >= 0 || account.grossExposure !== 0) return;
    const quanta = -ledger.cash;
    account.portfolio.postCash(LedgerAccount.profit, quanta, LedgerCause.insurance);
    log.ledger(LedgerAccount.profit, quanta, LedgerCause.insurance, instrumentIndex, timeUs);
  }

  private end(
    order: Order,
    state: OrderState,
    kind: typeof EventKind.canceled | typeof EventKind.expired | typeof EventKind.rejected,
    cause: number,
    timeUs: number,
  ): void {
    this.parts.log.ended(kind, order, cause, timeUs);
    this.parts.account.reserved -= order.reserved;
    order.reserved = 0;
    if (order.groupId !== 0) this.desk.groups.remove(order.groupId, order.id);
    this.protection.lose(order);
    this.parts.orders.transition(order, state);
  }

  private releaseReserve(order: Order, lots: number): void {
    if (order.reserved === 0) return;
    const left = Math.max(0, order.leftLots);
    const kept = left === 0 ? 0 : (order.reserved * left) / (left + lots);
    this.parts.account.reserved -= order.reserved - kept;
    order.reserved = kept;
    if (this.parts.orders.size <= 1 && kept === 0) this.parts.account.reserved = 0;
  }

  private reduceOther(otherId: number, order: Order, lots: number, isComplete: boolean, timeUs: number): void {
    const other = this.parts.orders.find(otherId);
    if (other === undefined || other === order || !other.isWorking) return;
    if (isComplete || other.leftLots <= lots) {
      this.venue.cancel(other, CAUSE_OCO, timeUs);
      return;
    }
    // Where it cannot be made smaller it stays whole, and counts whole, until this one has filled.
    if (!this.venue.canAmend) return;
    other.lots -= lots;
    this.parts.log.amended(other, timeUs);
  }

  private reduceGroup(order: Order, lots: number, isComplete: boolean, timeUs: number): void {
    const { groups } = this.desk;
    for (const id of groups.membersOf(order.groupId)) this.reduceOther(id, order, lots, isComplete, timeUs);
    if (isComplete) groups.remove(order.groupId, order.id);
  }

  private endReduceOnly(instrumentIndex: number, side: number, timeUs: number): void {
    let toEnd: Order[] | undefined;
    for (let order = this.parts.orders.first; order !== undefined; order = order.next) {
      if (order.instrumentIndex === instrumentIndex && order.isReduceOnly && order.side === side && order.isWorking) {
        if (toEnd === undefined) toEnd = [order];
        else toEnd.push(order);
      }
    }
    if (toEnd === undefined) return;
    for (const order of toEnd) if (order.isWorking) this.venue.cancel(order, order.parentId === 0 ? CAUSE_FLAT : CAUSE_PARENT, timeUs);
  }
}
