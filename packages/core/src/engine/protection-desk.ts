import { OrderRole, OrderType } from "../model/order-terms.ts";
import { LegForm, type Order } from "../orders/order.ts";
import type { OrderLedger } from "../orders/order-ledger.ts";
import type { Execution } from "../simulator/venue-port.ts";
import type { AccountState } from "./account-state.ts";
import { legPriceUnits } from "./bracket-legs.ts";
import type { EventLog } from "./event-log.ts";
import type { OrderOpener } from "./order-opener.ts";
import type { OrderVenue } from "./order-venue.ts";

export interface ProtectionParts {
  readonly account: AccountState;
  readonly orders: OrderLedger;
  readonly log: EventLog;
  readonly opener: OrderOpener;
  readonly venue: OrderVenue;
}

/**
 * Sees to it that a position has the stops and targets that its entries asked for: legs open and grow with the fills of an entry, and what could not
 * get a stop, or lost it, is counted as bare and tried again.
 */
export class ProtectionDesk {
  private readonly parts: ProtectionParts;

  constructor(parts: ProtectionParts) {
    this.parts = parts;
  }

  /** Opens or grows the legs of an entry for what a fill has opened, and for what earlier fills left without. `keptLots` is what the venue kept as its fee. */
  protect(entry: Order, execution: Execution, keptLots: number, tag: string, timeUs: number): void {
    if (entry.stopForm === LegForm.none && entry.targetForm === LegForm.none) return;
    const held = this.parts.account.signedLots(entry.instrumentIndex);
    if (held === 0 || held > 0 !== entry.side > 0) return;
    if (this.parts.venue.canAmend || entry.stopForm === LegForm.none) {
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

  /** An order ends with `leftLots` open. What protected a position and goes without our wish, refused or ended by the venue, leaves it bare. */
  lose(order: Order): void {
    // What a touched target was to sell has no stop either: the target went in its place.
    const isExit = order.role === OrderRole.stopLoss || (order.role === OrderRole.takeProfit && order.type === OrderType.market);
    if (!isExit || order.pendingCancel || this.parts.venue.canAmend) return;
    const position = this.parts.account.portfolio.position(order.instrumentIndex);
    position.bareLots += order.leftLots;
    position.bareEntryId = order.parentId;
  }

  /** A bar closed, or time has passed: what has no stop is tried again. */
  protectAll(timeUs: number): void {
    for (let index = 0; index < this.parts.account.portfolio.instruments.length; index += 1) this.protectBare(index, timeUs);
  }

  /**
   * What has no stop gets one as soon as its venue would take it. When the price has passed the stop meanwhile, by the last bar or because the venue refused
   * `passed` for it, it would have fired, and its lots go at the market.
   */
  protectBare(index: number, timeUs: number, passed?: Order): void {
    const { account, orders, log, opener, venue } = this.parts;
    const position = account.portfolio.position(index);
    if (position.bareLots === 0) return;
    const entry = orders.find(position.bareEntryId);
    const isHeld = entry !== undefined && position.signedLots !== 0 && position.signedLots > 0 === entry.side > 0;
    position.bareLots = isHeld ? Math.max(0, Math.min(position.bareLots, this.uncoveredLots(index))) : 0;
    const lots = Math.min(this.bareLots(index), passed?.leftLots ?? Number.POSITIVE_INFINITY);
    if (entry === undefined || lots <= 0) return;
    const { notional } = account.instrument(index);
    const entryUnits = (entry.filledNotional * notional.denominator) / (entry.filledLots * notional.numerator);
    const stopUnits = legPriceUnits(entry, "stop", entryUnits, account.instrument(index));
    const markUnits = account.marks[index]!;
    const hasPassed = passed !== undefined || (entry.side > 0 ? markUnits <= stopUnits : markUnits >= stopUnits);
    // A trailing stop is nothing that a spot venue takes; its refusal was told.
    if (Number.isNaN(stopUnits) || venue.takes?.(index, lots, hasPassed ? markUnits : stopUnits) !== true) return;
    // Texts of an order that has ended are not kept.
    const tag = entry.mayFill ? log.events.tagOf(entry.id) : "";
    const leg = opener.leg(entry, OrderRole.stopLoss, stopUnits, lots, 0, tag, timeUs);
    if (hasPassed) {
      leg.type = OrderType.market;
      leg.triggerUnits = 0;
    }
    const before = position.bareLots;
    venue.submit(leg, timeUs, markUnits, true);
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

  /** Lots of a position that no order at work will sell: a spot venue locks them for each of those. What is kept back, a target or an exit, is to sell what a stop still guards. */
  private freeLots(index: number): number {
    const held = this.parts.account.signedLots(index);
    let lots = Math.abs(held);
    for (let order = this.parts.orders.first; order !== undefined; order = order.next) {
      const isExit = order.instrumentIndex === index && order.side > 0 !== held > 0 && order.mayFill;
      if (isExit && this.parts.venue.holds?.(order) !== true) lots -= order.leftLots;
    }
    return lots;
  }

  /** Legs exist for what has filled and opened something: made with the first fill of the entry, grown with later ones. */
  private openLegs(entry: Order, execution: Execution, lots: number, tag: string, timeUs: number): void {
    const { account, orders, log, opener, venue } = this.parts;
    const instrument = account.instrument(entry.instrumentIndex);
    const stop = entry.stopChildId === 0 ? undefined : orders.find(entry.stopChildId);
    const target = entry.targetChildId === 0 ? undefined : orders.find(entry.targetChildId);
    // Where legs cannot grow, every fill gets legs of its own.
    if ((stop !== undefined || target !== undefined) && venue.canAmend) {
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
    const stopLeg = !hasStop ? undefined : opener.leg(entry, OrderRole.stopLoss, stopUnits, lots, 0, tag, timeUs);
    const targetLeg = Number.isNaN(targetUnits)
      ? undefined
      : opener.leg(entry, OrderRole.takeProfit, targetUnits, lots, stopLeg?.id ?? 0, tag, timeUs);
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
