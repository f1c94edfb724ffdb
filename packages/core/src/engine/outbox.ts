import type { OrderCommand } from "../model/command.ts";
import { causeCode } from "../model/event.ts";
import { invariant } from "../model/failure.ts";
import { OrderRole, OrderType, TimeInForce } from "../model/order-terms.ts";
import { US_PER_DAY } from "../model/time.ts";
import type { Order } from "../orders/order.ts";
import type { Execution, VenueSink } from "../simulator/venue-port.ts";
import type { VenueTerms } from "../simulator/venue-terms.ts";
import type { AccountState } from "./account-state.ts";
import type { OrderVenue } from "./order-venue.ts";
import { limitsBeside, stopsBeside } from "./orders-beside.ts";
import { isAtOnce, SpotSizes } from "./spot-sizes.ts";

const CAUSE_EXPIRED = causeCode("expired");
const CAUSE_PARENT = causeCode("parent");

export type OutboxAccount = Pick<AccountState, "signedLots" | "instrument" | "marks" | "valueOf" | "isCash" | "portfolio">;

/** What is carried of an outbox whose commands were taken. */
export interface CarriedOutbox {
  readonly seq: number;
  /** Targets that wait for a bar to touch them, and exits that wait for stops to make way, by order. */
  readonly held: readonly number[];
  /** Of those, targets that were touched. */
  readonly touched: readonly number[];
  /** Stops that are asked to make way, each with the exit it is to make way for. */
  readonly yielding: readonly (readonly [stopId: number, exitId: number])[];
}

/**
 * The venue of a live engine: it sends nothing and knows nothing. Orders, cancels and amendments become commands, numbered in the order of
 * decision; the runtime carries each out once its facts are durable, and the answers come back as facts.
 *
 * A target beside a stop is held here: a spot venue would lock the same coins for both. It is sent when a bar touches it, after the stop's
 * cancel is proved. The stop itself rests at the venue, where it works without us. An exit at the market whose coins are locked by stops is held here too:
 * they make way for it, and what it leaves of the position gets another stop. Where a stop cannot make way, since its exit could not be sent, it stays:
 * the exit ends, a target waits for its next touch.
 */
export class Outbox implements OrderVenue {
  readonly terms: VenueTerms;
  readonly canAmend = false;
  private readonly sink: VenueSink;
  private readonly orders: { readonly first: Order | undefined; find(id: number): Order | undefined; orders(): readonly Order[] };
  private readonly account: OutboxAccount;
  private readonly sizes: SpotSizes;
  private commands: OrderCommand[] = [];
  private readonly held: Order[] = [];
  private readonly touched = new Set<number>();
  /** Stops that are asked to make way, with the exit each is to make way for. */
  private readonly yielding = new Map<number, number>();
  private seq = 0;

  constructor(terms: VenueTerms, sink: VenueSink, orders: Outbox["orders"], account: OutboxAccount) {
    this.terms = terms;
    this.sink = sink;
    this.orders = orders;
    this.account = account;
    this.sizes = new SpotSizes({ sink, account, working: () => orders.orders(), isHeld: (order) => this.holds(order) });
  }

  /** The commands since the last call, oldest first. */
  take(): readonly OrderCommand[] {
    const { commands } = this;
    this.commands = [];
    return commands;
  }

  get isEmpty(): boolean {
    return this.commands.length === 0;
  }

  carry(): CarriedOutbox {
    invariant(this.isEmpty, "commands that nobody has taken cannot be carried");
    return { seq: this.seq, held: this.held.map(({ id }) => id), touched: [...this.touched], yielding: [...this.yielding] };
  }

  /** After the orders were taken over. */
  resume(carried: CarriedOutbox): void {
    this.seq = carried.seq;
    for (const id of carried.held) this.held.push(this.orders.find(id)!);
    for (const id of carried.touched) this.touched.add(id);
    for (const [stopId, exitId] of carried.yielding) this.yielding.set(stopId, exitId);
  }

  submit(order: Order, timeUs: number): void {
    if (this.waitsForStops(order, timeUs)) return;
    if (this.touched.delete(order.id)) goAtMarket(order);
    if (!this.sizes.fit(order, timeUs)) return;
    // No spot venue knows days: the order lasts to the end of the one it was decided in.
    if (order.timeInForce === TimeInForce.day && order.expireUs === Number.POSITIVE_INFINITY)
      order.expireUs = (Math.floor(timeUs / US_PER_DAY) + 1) * US_PER_DAY;
    this.commands.push({
      ...this.head(order, timeUs),
      kind: "submit",
      side: order.side,
      type: order.type,
      timeInForce: order.timeInForce,
      flags: order.flags,
      lots: order.lots,
      limitUnits: order.limitUnits,
      triggerUnits: order.triggerUnits,
      parentId: order.parentId,
      ...(order.expireUs === Number.POSITIVE_INFINITY ? {} : { expireUs: order.expireUs }),
    });
  }

  submitLeg(leg: Order, _entry: Order, _execution: Execution, stopUnits: number, timeUs: number): void {
    if (leg.role === OrderRole.takeProfit && !Number.isNaN(stopUnits)) {
      this.held.push(leg);
      return;
    }
    this.submit(leg, timeUs);
  }

  /** Asks for a cancel; the order works until the cancel is proved. An order that was never sent ends at once. */
  cancel(order: Order, cause: number, timeUs: number): void {
    const at = this.held.indexOf(order);
    if (at >= 0) {
      this.held.splice(at, 1);
      if (this.touched.delete(order.id)) goAtMarket(order);
      this.sink.canceled(order, cause, timeUs);
      return;
    }
    // A stop that would stay if its exit could not be sent is to go in any case now.
    if (order.pendingCancel && !this.yielding.delete(order.id)) return;
    order.pendingCancel = true;
    this.commands.push({ ...this.head(order, timeUs), kind: "cancel" });
  }

  /** A stop is to go for an exit that waits for its coins. */
  private makeWay(stop: Order, exit: Order, timeUs: number): void {
    if (stop.pendingCancel) return;
    stop.pendingCancel = true;
    this.yielding.set(stop.id, exit.id);
    this.commands.push({ ...this.head(stop, timeUs), kind: "cancel", makesWayFor: exit.id });
  }

  /** An order that was to be canceled stays. The exit that it was to make way for ends; those that waited beside it ask for themselves. */
  onCancelFailed(order: Order, cause: number, timeUs: number): void {
    order.pendingCancel = false;
    const exit = this.held.find(({ id }) => id === this.yielding.get(order.id));
    if (!this.yielding.delete(order.id)) return;
    if (exit?.role === OrderRole.takeProfit) this.touched.delete(exit.id);
    else if (exit !== undefined) {
      this.held.splice(this.held.indexOf(exit), 1);
      this.sink.rejected(exit, cause, timeUs);
    }
    this.releaseExits(order.instrumentIndex, timeUs);
  }

  /** When the next order expires that nobody has asked to cancel yet; Infinity when none does. */
  get nextExpiryUs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (let order = this.orders.first; order !== undefined; order = order.next)
      if (order.expireUs < next && order.mayFill && !order.pendingCancel) next = order.expireUs;
    return next;
  }

  /** The venue's clock has passed this instant. It knows no expiry, so what is due is canceled, and works until that is proved. */
  expire(dueUs: number, timeUs: number): void {
    for (const order of this.orders.orders()) if (order.expireUs <= dueUs && order.mayFill) this.cancel(order, CAUSE_EXPIRED, timeUs);
  }

  amended(order: Order): void {
    if (this.held.includes(order)) return;
    order.pendingAmend = true;
    const { lots, limitUnits, triggerUnits } = order;
    this.commands.push({ ...this.head(order, order.submittedUs), kind: "amend", lots, limitUnits, triggerUnits });
  }

  /** A bar closed: held targets that it touched ask for the cancel of their stop. */
  onBar(instrumentIndex: number, highUnits: number, lowUnits: number, timeUs: number): void {
    this.releaseExits(instrumentIndex, timeUs);
    for (const target of this.held.slice()) {
      if (target.instrumentIndex !== instrumentIndex || !this.isTarget(target)) continue;
      const isTouched = target.side < 0 ? highUnits >= target.limitUnits : lowUnits <= target.limitUnits;
      if (isTouched) this.release(target, timeUs);
    }
  }

  /**
   * An order ended: a held target whose stop is gone may go out, unless the stop filled and the desk cancels it; so may an exit that its stops kept back.
   * True for a stop that made way and that no exit is left to follow.
   */
  onEnded(order: Order, timeUs: number): boolean {
    const madeWay = this.yielding.delete(order.id);
    const isAwaited = this.hasExit(order.instrumentIndex);
    this.releaseTarget(order, madeWay, timeUs);
    this.releaseExits(order.instrumentIndex, timeUs);
    return madeWay && !isAwaited;
  }

  private releaseTarget(order: Order, madeWay: boolean, timeUs: number): void {
    if (order.siblingId === 0 || !order.pendingCancel) return;
    const target = this.held.find((each) => each.id === order.siblingId);
    if (target === undefined) return;
    // The stop made way for an exit, which may have been taken back: the target waits on for the bar that touches it.
    if (this.isTarget(target) && (madeWay || this.hasExit(order.instrumentIndex))) return;
    this.held.splice(this.held.indexOf(target), 1);
    if (order.filledLots > 0 && target.lots <= order.filledLots) {
      this.touched.delete(target.id);
      this.sink.canceled(target, CAUSE_PARENT, timeUs);
    } else this.submit(target, timeUs);
  }

  /** Exits of an instrument go out when the stops that made way for them are gone. */
  private releaseExits(instrumentIndex: number, timeUs: number): void {
    for (const exit of this.held.slice()) {
      if (exit.instrumentIndex !== instrumentIndex || this.isTarget(exit)) continue;
      const isBlocked = this.hasLimitOnItsWay(exit) || stopsBeside(exit, this.orders.orders()).some((stop) => stop.pendingCancel);
      if (isBlocked) continue;
      this.held.splice(this.held.indexOf(exit), 1);
      this.submit(exit, timeUs);
    }
  }

  /**
   * True for an exit at once that has to wait: a spot venue has locked for stops what it is to sell. As many of them as it needs are asked to make way,
   * the newest first; what they protected counts as without a stop from then on.
   */
  private waitsForStops(order: Order, timeUs: number): boolean {
    const { instrumentIndex: index, side, role } = order;
    const held = this.account.signedLots(index) * -side;
    if (!this.isAtOnce(order) || held <= 0 || role === OrderRole.stopLoss) return false;
    let free = held;
    for (const other of this.orders.orders())
      if (other !== order && other.instrumentIndex === index && other.side === side && other.mayFill && !this.held.includes(other))
        free -= other.leftLots;
    const most = Math.min(order.lots, held);
    // In whole steps, as it will be sent: no other stop makes way for what fees have left between two of them.
    const wanted = most - (most % this.account.instrument(index).stepLots);
    const stops = stopsBeside(order, this.orders.orders()).toReversed();
    // What is too little for the venue ends at once, and takes no stop away before.
    const units = order.limitUnits === 0 || this.touched.has(order.id) ? this.account.marks[index]! : order.limitUnits;
    const waits = stops.length > 0 || this.hasLimitOnItsWay(order);
    if (free >= wanted || !waits || !this.takes(index, wanted, units)) return false;
    const position = this.account.portfolio.position(index);
    for (const stop of stops) {
      if (free >= wanted) break;
      free += stop.leftLots;
      if (stop.pendingCancel) continue;
      position.bareLots += stop.leftLots;
      position.bareEntryId = stop.parentId;
      this.makeWay(stop, order, timeUs);
    }
    this.held.push(order);
    return true;
  }

  private hasLimitOnItsWay(exit: Order): boolean {
    return limitsBeside(exit, this.orders.orders()).some((limit) => !this.holds(limit));
  }

  private isAtOnce(order: Order): boolean {
    return isAtOnce(order) || this.touched.has(order.id);
  }

  private hasExit(instrumentIndex: number): boolean {
    return this.held.some((each) => each.instrumentIndex === instrumentIndex && !this.isTarget(each));
  }

  holds(order: Order): boolean {
    return this.held.includes(order);
  }

  takes(instrumentIndex: number, lots: number, units: number): boolean {
    return this.sizes.takes(instrumentIndex, lots, units);
  }

  private release(target: Order, timeUs: number): void {
    const stop = this.orders.find(target.siblingId);
    this.touched.add(target.id);
    if (stop?.isWorking === true) {
      this.makeWay(stop, target, timeUs);
      return;
    }
    this.held.splice(this.held.indexOf(target), 1);
    this.submit(target, timeUs);
  }

  /** Of what is held: a target that waits for a bar to touch it. Everything else, a touched target too, is an exit that waits for stops. */
  private isTarget(order: Order): boolean {
    return order.role === OrderRole.takeProfit && !this.touched.has(order.id);
  }

  private head(order: Order, timeUs: number) {
    this.seq += 1;
    const { id: orderId, instrumentIndex, accountId, strategyId, source } = order;
    return { seq: this.seq, timeUs, orderId, instrumentIndex, accountId, strategyId, source } as const;
  }
}

/** It was touched: a limit could be left behind without any stop. */
function goAtMarket(target: Order): void {
  target.type = OrderType.market;
  target.limitUnits = 0;
}
