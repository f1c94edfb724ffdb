import { causeCode, EventKind } from "../model/event.ts";
import { OrderRole, OrderType } from "../model/order-terms.ts";
import { OrderState } from "../orders/lifecycle.ts";
import { LegForm, type Order } from "../orders/order.ts";
import type { OrderLedger } from "../orders/order-ledger.ts";
import { LedgerAccount, LedgerCause } from "../portfolio/ledger.ts";
import type { SimulatedVenue } from "../simulator/simulated-venue.ts";
import type { Execution, VenueSink } from "../simulator/venue-port.ts";
import type { AccountState } from "./account-state.ts";
import { legPriceUnits } from "./bracket-legs.ts";
import type { EventLog } from "./event-log.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { OrderVenue } from "./order-venue.ts";

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
 * groups cancel, legs open and grow, reduce-only orders of a closed position end.
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

  constructor(parts: FillDeskParts) {
    this.parts = parts;
  }

  /** Those who are made after this one, since they report to it: the venue orders go to, and the simulated one, which alone liquidates. */
  connect(desk: OrderDesk, venue: OrderVenue, simulation: SimulatedVenue): void {
    this.desk = desk;
    this.venue = venue;
    this.simulation = simulation;
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
    this.protect(order, execution, keptLots, log.events.tagOf(order.id), timeUs);
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
    this.protect(order, execution, keptLots, "", timeUs);
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
    // Not by our wish: refused, or ended by the venue. What it protected has no stop any more; nor has what a touched target was to sell in its place.
    const isExit = order.role === OrderRole.stopLoss || (order.role === OrderRole.takeProfit && order.type === OrderType.market);
    if (isExit && !order.pendingCancel && !this.venue.canAmend) {
      const position = this.parts.account.portfolio.position(order.instrumentIndex);
      position.bareLots += order.leftLots;
      position.bareEntryId = order.parentId;
    }
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

  /** Opens or grows the legs of an entry for what a fill has opened, and for what earlier fills left without. */
  private protect(entry: Order, execution: Execution, keptLots: number, tag: string, timeUs: number): void {
    if (entry.stopForm === LegForm.none && entry.targetForm === LegForm.none) return;
    const held = this.parts.account.signedLots(entry.instrumentIndex);
    if (held === 0 || held > 0 !== entry.side > 0) return;
    if (this.venue.canAmend || entry.stopForm === LegForm.none) {
      this.openLegs(entry, execution, Math.min(execution.lots - keptLots, Math.abs(held)), tag, timeUs);
      return;
    }
    const position = this.parts.account.portfolio.position(entry.instrumentIndex);
    const wanted = execution.lots - keptLots + position.bareLots;
    const lots = Math.min(wanted, this.freeLots(entry.instrumentIndex));
    position.bareEntryId = entry.id;
    position.bareLots = wanted - Math.max(0, lots);
    if (lots > 0) this.openLegs(entry, execution, lots, tag, timeUs);
  }

  /**
   * A bar closed: what has no stop gets one as soon as its venue would take it. When the price has passed the stop meanwhile, it would have fired, and
   * the lots go at the market.
   */
  protectBare(index: number, timeUs: number): void {
    const { account, orders, log } = this.parts;
    const position = account.portfolio.position(index);
    if (position.bareLots === 0) return;
    const entry = orders.find(position.bareEntryId);
    const isHeld = entry !== undefined && position.signedLots !== 0 && position.signedLots > 0 === entry.side > 0;
    position.bareLots = isHeld ? Math.max(0, Math.min(position.bareLots, this.uncoveredLots(index))) : 0;
    const lots = this.bareLots(index);
    if (entry === undefined || lots <= 0) return;
    const { notional } = account.instrument(index);
    const entryUnits = (entry.filledNotional * notional.denominator) / (entry.filledLots * notional.numerator);
    const stopUnits = legPriceUnits(entry, "stop", entryUnits, account.instrument(index));
    const markUnits = account.marks[index]!;
    const hasPassed = entry.side > 0 ? markUnits <= stopUnits : markUnits >= stopUnits;
    // A trailing stop is nothing that a spot venue takes; its refusal was told.
    if (Number.isNaN(stopUnits) || this.venue.takes?.(index, lots, hasPassed ? markUnits : stopUnits) !== true) return;
    // Texts of an order that has ended are not kept.
    const tag = entry.mayFill ? log.events.tagOf(entry.id) : "";
    const leg = this.desk.opener.leg(entry, OrderRole.stopLoss, stopUnits, lots, 0, tag, timeUs);
    if (hasPassed) {
      leg.type = OrderType.market;
      leg.triggerUnits = 0;
    }
    const before = position.bareLots;
    this.venue.submit(leg, timeUs, markUnits, true);
    position.bareLots = leg.isWorking ? before - leg.lots : before;
  }

  /** Lots that should have a stop, have none, and are not for sale by another order. */
  bareLots(index: number): number {
    return Math.max(0, Math.min(this.parts.account.portfolio.position(index).bareLots, this.freeLots(index)));
  }

  /** Lots of a position that no stop at work will sell; one that makes way is none any more. */
  private uncoveredLots(index: number): number {
    let lots = Math.abs(this.parts.account.signedLots(index));
    for (let order = this.parts.orders.first; order !== undefined; order = order.next)
      if (order.instrumentIndex === index && order.role === OrderRole.stopLoss && order.mayFill && !order.pendingCancel)
        lots -= order.leftLots;
    return lots;
  }

  /** Lots of a position that no order at work will sell: a spot venue locks them for each of those. A target beside a stop waits here. */
  private freeLots(index: number): number {
    const held = this.parts.account.signedLots(index);
    let lots = Math.abs(held);
    for (let order = this.parts.orders.first; order !== undefined; order = order.next) {
      const isExit = order.instrumentIndex === index && order.side > 0 !== held > 0 && order.mayFill;
      if (isExit && !(order.role === OrderRole.takeProfit && order.siblingId !== 0)) lots -= order.leftLots;
    }
    return lots;
  }

  /** Legs exist for what has filled and opened something: made with the first fill of the entry, grown with later ones. */
  private openLegs(entry: Order, execution: Execution, lots: number, tag: string, timeUs: number): void {
    const { account, orders, log } = this.parts;
    const { desk, venue } = this;
    const instrument = account.instrument(entry.instrumentIndex);
    const stop = entry.stopChildId === 0 ? undefined : orders.find(entry.stopChildId);
    const target = entry.targetChildId === 0 ? undefined : orders.find(entry.targetChildId);
    // Where legs cannot grow, every fill gets legs of its own.
    if ((stop !== undefined || target !== undefined) && this.venue.canAmend) {
      for (const leg of [stop, target]) {
        if (leg === undefined) continue;
        leg.lots += lots;
        log.amended(leg, timeUs);
      }
      return;
    }
    const fillUnits = (execution.notional * instrument.notional.denominator) / (execution.lots * instrument.notional.numerator);
    const stopUnits = legPriceUnits(entry, "stop", fillUnits, instrument);
    const targetUnits = legPriceUnits(entry, "target", fillUnits, instrument);
    const hasStop = !Number.isNaN(stopUnits) || entry.stopForm === LegForm.trail;
    const stopLeg = !hasStop ? undefined : desk.opener.leg(entry, OrderRole.stopLoss, stopUnits, lots, 0, tag, timeUs);
    const targetLeg = Number.isNaN(targetUnits)
      ? undefined
      : desk.opener.leg(entry, OrderRole.takeProfit, targetUnits, lots, stopLeg?.id ?? 0, tag, timeUs);
    if (stopLeg !== undefined) {
      stopLeg.siblingId = targetLeg?.id ?? 0;
      entry.stopChildId = stopLeg.id;
      const { bareLots } = account.portfolio.position(entry.instrumentIndex);
      venue.submitLeg(stopLeg, entry, execution, 0, timeUs);
      if (!venue.canAmend) {
        // Too little for the venue, or cut to a whole step: the next stop is so much larger.
        const position = account.portfolio.position(entry.instrumentIndex);
        position.bareLots = bareLots + (stopLeg.isWorking ? lots - stopLeg.lots : lots);
      }
    }
    if (targetLeg !== undefined) {
      entry.targetChildId = targetLeg.id;
      // A trailing stop knows its first price once it has been submitted.
      venue.submitLeg(targetLeg, entry, execution, stopLeg === undefined ? Number.NaN : stopLeg.triggerUnits, timeUs);
    }
  }
}
