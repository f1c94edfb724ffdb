import { causeCode } from "../model/event.ts";
import type { ExternalFact, OrderFact, TransferFact, TrustFact } from "../model/fact.ts";
import { NumberRows } from "../model/number-rows.ts";
import { OrderRole } from "../model/order-terms.ts";
import { OrderState } from "../orders/lifecycle.ts";
import type { Order } from "../orders/order.ts";
import type { OrderLedger } from "../orders/order-ledger.ts";
import { LedgerAccount, LedgerCause } from "../portfolio/ledger.ts";
import type { PreTradeRisk } from "../risk/risk-view.ts";
import type { Execution } from "../simulator/venue-port.ts";
import type { AccountState } from "./account-state.ts";
import type { EventLog } from "./event-log.ts";
import type { FillDesk } from "./fill-desk.ts";
import type { Outbox } from "./outbox.ts";
import type { ProtectionDesk } from "./protection-desk.ts";
import { isAtOnce } from "./spot-sizes.ts";

const CAUSE_EXPIRED = causeCode("expired");
const CAUSE_HAS_PASSED = causeCode("has-passed");

export interface FactParts {
  readonly account: AccountState;
  readonly orders: OrderLedger;
  readonly log: EventLog;
  readonly fillDesk: FillDesk;
  readonly protection: ProtectionDesk;
  readonly outbox: Outbox;
  readonly risk: PreTradeRisk | undefined;
}

/** What was counted while facts were applied: each is a number that should stay small. */
export interface FactCounts {
  /** Fills seen before: the same trade of the same instrument. */
  duplicateFills: number;
  /** Fills of orders that had already ended. Legal: the venue filled before it canceled. */
  lateFills: number;
  /** News that would have moved an order backwards. */
  staleNews: number;
  /** News of orders that are not ours. */
  foreignNews: number;
  /** Fills beyond the ordered quantity. Each halts trading. */
  overfills: number;
}

/** What is carried of the facts applied so far. */
export interface CarriedFacts {
  readonly counts: FactCounts;
  readonly feeLots: readonly number[];
  /** Fills that were applied, three numbers each: instrument, trade id, order. */
  readonly applied: Float64Array;
  /** Orders of unknown outcome by instrument. */
  readonly unknown: readonly (readonly [instrumentIndex: number, orders: number])[];
  readonly untrusted: readonly number[];
}

/**
 * Applies what a venue or the reconciliation says. Fills count exactly once, by (instrument, trade id, order); the state of an order
 * only moves forward; unknown is left by evidence alone, and until then the order keeps its reservation and its instrument takes no new risk.
 */
export class FactApplier {
  readonly counts: FactCounts = { duplicateFills: 0, lateFills: 0, staleNews: 0, foreignNews: 0, overfills: 0 };
  private readonly parts: FactParts;
  /** Lots kept by the venue as fees, by instrument. */
  readonly feeLots: number[] = [];
  private readonly seen = new Set<string>();
  /** The same fills as numbers, three each. */
  private readonly applied = new NumberRows();
  private readonly unknown = new Map<number, number>();
  private readonly untrusted = new Set<number>();
  private readonly execution: Execution = { lots: 0, notional: 0, fee: 0, slippage: 0, isMaker: false, referenceUnits: 0, atOpen: false };

  constructor(parts: FactParts) {
    this.parts = parts;
  }

  /** True when an instrument may take new risk: its data is trusted and none of its orders has an unknown outcome. */
  mayTakeRisk(instrumentIndex: number): boolean {
    return !this.untrusted.has(-1) && !this.untrusted.has(instrumentIndex) && (this.unknown.get(instrumentIndex) ?? 0) === 0;
  }

  order(fact: OrderFact): void {
    const order = this.parts.orders.find(fact.orderId);
    if (order === undefined) {
      this.counts.foreignNews += 1;
      return;
    }
    switch (fact.event) {
      case "accepted":
        this.accepted(order, fact);
        return;
      case "unknown":
        if (this.move(order, OrderState.unknown)) this.blocked(order, 1);
        return;
      case "filled":
        this.filled(order, fact);
        return;
      case "rejected":
      case "canceled":
      case "expired":
        this.ended(order, fact);
        return;
      case "cancel-failed":
        this.parts.outbox.onCancelFailed(order, fact.cause, fact.timeUs);
        this.parts.protection.protectBare(order.instrumentIndex, fact.timeUs);
        return;
      case "amended":
      case "amend-failed":
        order.pendingAmend = false;
        return;
    }
  }

  external(fact: ExternalFact): void {
    // Two orders of somebody else may have met each other: one trade, two sides.
    if (this.wasSeen(fact.instrumentIndex, fact.tradeId, fact.side > 0 ? 0 : -1)) return;
    const { account, log } = this.parts;
    account.portfolio.applyFill(fact.instrumentIndex, fact.side, fact.lots, fact.notional, fact.fee, fact.timeUs);
    if (fact.feeLots !== 0) account.portfolio.takeLots(fact.instrumentIndex, fact.feeLots);
    this.countFee(fact.instrumentIndex, fact);
    log.external(fact, account.signedLots(fact.instrumentIndex));
  }

  transfer(fact: TransferFact): void {
    const cause = fact.quanta >= 0 ? LedgerCause.deposit : LedgerCause.withdrawal;
    this.parts.account.portfolio.postCash(LedgerAccount.capital, fact.quanta, cause);
    this.parts.log.ledger(LedgerAccount.capital, fact.quanta, cause, 0, fact.timeUs);
  }

  trust(fact: TrustFact): void {
    if (fact.isTrusted) this.untrusted.delete(fact.instrumentIndex);
    else this.untrusted.add(fact.instrumentIndex);
  }

  carry(isBorrowed: boolean): CarriedFacts {
    return {
      counts: { ...this.counts },
      feeLots: Array.from(this.feeLots, (lots) => lots ?? 0),
      applied: isBorrowed ? this.applied.view : this.applied.view.slice(),
      unknown: [...this.unknown],
      untrusted: [...this.untrusted],
    };
  }

  resume(carried: CarriedFacts): void {
    Object.assign(this.counts, carried.counts);
    this.feeLots.push(...carried.feeLots);
    const { applied } = carried;
    for (let at = 0; at < applied.length; at += 3) this.seen.add(keyOf(applied[at]!, applied[at + 1]!, applied[at + 2]!));
    this.applied.append(applied);
    for (const [instrumentIndex, orders] of carried.unknown) this.unknown.set(instrumentIndex, orders);
    for (const instrumentIndex of carried.untrusted) this.untrusted.add(instrumentIndex);
  }

  private accepted(order: Order, fact: OrderFact): void {
    // An acknowledgement that arrives after the first fill says nothing new.
    if (order.state !== OrderState.submitted && order.state !== OrderState.unknown) {
      this.counts.staleNews += 1;
      return;
    }
    this.leaveUnknown(order);
    this.parts.fillDesk.accepted(order, fact.timeUs);
  }

  private filled(order: Order, fact: OrderFact): void {
    if (this.wasSeen(order.instrumentIndex, fact.tradeId, order.id)) return;
    if (order.filledLots + fact.lots > order.lots) {
      this.counts.overfills += 1;
      this.parts.risk?.restrict?.("halted", `order ${order.id} filled beyond its quantity`, fact.timeUs);
    }
    const { execution } = this;
    execution.lots = fact.lots;
    execution.notional = fact.notional;
    execution.fee = fact.fee;
    execution.isMaker = fact.isMaker;
    const { notional } = this.parts.account.instrument(order.instrumentIndex);
    execution.referenceUnits = Math.round((fact.notional * notional.denominator) / (fact.lots * notional.numerator));
    this.leaveUnknown(order);
    if (!order.mayFill) {
      this.counts.lateFills += 1;
      this.parts.fillDesk.filledLate(order, execution, fact.timeUs, fact.feeLots);
      this.countFee(order.instrumentIndex, fact);
      return;
    }
    this.parts.fillDesk.filled(order, execution, fact.timeUs, fact.feeLots);
    this.countFee(order.instrumentIndex, fact);
    if (!order.mayFill) this.afterEnd(order, fact.timeUs);
  }

  private afterEnd(order: Order, timeUs: number): void {
    const madeWayForNothing = this.parts.outbox.onEnded(order, timeUs);
    // What an exit has left, for which a stop had made way, has its stop again at once, and so has what a stop guarded whose exit is gone. A stop that is
    // refused waits for the next bar, or it would be placed and refused as fast as the venue answers.
    if (madeWayForNothing || (isAtOnce(order) && order.role !== OrderRole.stopLoss))
      this.parts.protection.protectBare(order.instrumentIndex, timeUs);
  }

  /** A fee in the base: the lots left the position at no price, their cost stays in the basis of the rest. */
  private countFee(instrumentIndex: number, fact: OrderFact | ExternalFact): void {
    if (fact.feeLots !== 0) this.feeLots[instrumentIndex] = (this.feeLots[instrumentIndex] ?? 0) + fact.feeLots;
  }

  private ended(order: Order, fact: OrderFact): void {
    if (!order.mayFill) {
      this.counts.staleNews += 1;
      return;
    }
    this.leaveUnknown(order);
    const { fillDesk } = this.parts;
    // A cancel after its last instant is how an order expires at a venue that knows no expiry.
    const event = fact.event === "canceled" && order.expireUs <= fact.timeUs ? "expired" : fact.event;
    // What has filled in part was accepted, whatever it is called when the rest of it ends.
    if (event === "rejected" && order.filledLots === 0) fillDesk.rejected(order, fact.cause, fact.timeUs);
    else if (event !== "expired") fillDesk.canceled(order, fact.cause, fact.timeUs);
    else fillDesk.expired(order, CAUSE_EXPIRED, fact.timeUs);
    this.afterEnd(order, fact.timeUs);
    // A stop that the price has passed would have fired: what it was to guard goes now, and not when a bar tells the same.
    if (order.role === OrderRole.stopLoss && order.triggerUnits !== 0 && fact.cause === CAUSE_HAS_PASSED)
      this.parts.protection.protectBare(order.instrumentIndex, fact.timeUs, order);
  }

  private move(order: Order, to: OrderState): boolean {
    if (order.state === OrderState.unknown || !order.isWorking) {
      this.counts.staleNews += 1;
      return false;
    }
    this.parts.orders.transition(order, to);
    return true;
  }

  private leaveUnknown(order: Order): void {
    if (order.state === OrderState.unknown) this.blocked(order, -1);
  }

  private blocked(order: Order, by: 1 | -1): void {
    this.unknown.set(order.instrumentIndex, (this.unknown.get(order.instrumentIndex) ?? 0) + by);
  }

  private wasSeen(instrumentIndex: number, tradeId: number, orderId: number): boolean {
    // Some venues reuse trade ids across orders, so the order belongs to the key.
    const key = keyOf(instrumentIndex, tradeId, orderId);
    if (this.seen.has(key)) {
      this.counts.duplicateFills += 1;
      return true;
    }
    this.seen.add(key);
    for (const part of [instrumentIndex, tradeId, orderId]) this.applied.push(part);
    return false;
  }
}

function keyOf(instrumentIndex: number, tradeId: number, orderId: number): string {
  return `${instrumentIndex}/${tradeId}/${orderId}`;
}
