import { causeCode } from "../model/event.ts";
import { OrderType, TimeInForce } from "../model/order-terms.ts";
import type { Order } from "../orders/order.ts";
import { type Executor, type FillManner, MAKES_AT_OPEN, MAKES_ON_PATH, TAKES_AT_OPEN, TAKES_ON_PATH } from "./executor.ts";
import type { InstrumentBook } from "./instrument-book.ts";
import { lowIsNearer, pathPoints } from "./path-model.ts";
import type { VenueBar } from "./simulated-venue.ts";
import { isTouched, placeTouch, restsAsLimit, unitsOfTicks } from "./touch.ts";
import { ratchet, ratchetPessimistically } from "./trailing.ts";
import type { VenueAccount, VenueSink } from "./venue-port.ts";
import type { VenueTerms } from "./venue-terms.ts";

const CAUSE_IOC = causeCode("ioc");
const CAUSE_WOULD_TAKE = causeCode("would-take");

/** Walks one bar of one instrument: the open, then the points of the path model, filling what each step touches. */
export class BarWalk {
  /** Bars and fills whose outcome depends on the walk that the bar does not tell. */
  readonly counts = { ambiguousBars: 0, ambiguousUs: [] as number[] };
  /** Where the walk stands, in price units. */
  priceUnits = 0;
  private readonly terms: VenueTerms;
  private readonly sink: VenueSink;
  private readonly account: VenueAccount;
  private readonly executor: Executor;
  private readonly points = new Float64Array(4);
  private readonly reached: Order[] = [];
  private readonly parked: Order[] = [];
  private pathFills = 0;
  private touchedUp = false;
  private touchedDown = false;
  private adverseUnits = 0;
  private bar: VenueBar | undefined;

  constructor(terms: VenueTerms, sink: VenueSink, account: VenueAccount, executor: Executor) {
    this.terms = terms;
    this.sink = sink;
    this.account = account;
    this.executor = executor;
  }

  run(book: InstrumentBook, bar: VenueBar): void {
    this.bar = bar;
    this.pathFills = 0;
    this.touchedUp = false;
    this.touchedDown = false;
    book.barLots = bar.lots;
    book.lotsLeft =
      bar.lots > 0 && this.terms.participation !== Number.POSITIVE_INFINITY
        ? Math.floor(bar.lots * this.terms.participation)
        : Number.POSITIVE_INFINITY;
    this.open(book, bar);
    this.expireAfterOpen(book, bar);
    this.walkPath(book, bar);
    for (const order of this.parked.splice(0)) if (order.isWorking) book.rest(order);
    this.judgeAmbiguity(book, bar);
  }

  /** Fills waiting market orders at one price: the open, or the close with `marketFill: "bar-close"`. */
  fillMarketAt(book: InstrumentBook, units: number, timeUs: number, reduceOnly?: boolean): void {
    // Children and groups may take orders out of the list while it is worked through.
    for (const order of Array.from(book.market)) {
      if (!order.isWorking || !order.queued) continue;
      if (reduceOnly !== undefined && order.isReduceOnly !== reduceOnly) continue;
      this.executor.execute(book, order, units, timeUs, TAKES_AT_OPEN);
      if (order.isWorking && order.timeInForce >= TimeInForce.ioc) this.cancel(book, order, CAUSE_IOC, timeUs);
    }
  }

  /** A group or a parent took this order out during the walk: it may have been touched in another walk of the same bar. */
  noteCanceled(order: Order): void {
    const bar = this.bar;
    if (bar === undefined) return;
    if (order.touchFromBelow && order.touchUnits <= bar.high) this.touchedUp = true;
    if (!order.touchFromBelow && order.touchUnits >= bar.low) this.touchedDown = true;
  }

  /** True when the current bar's range contains a price; NaN is nowhere. */
  barReaches(units: number): boolean {
    return this.bar !== undefined && units >= this.bar.low && units <= this.bar.high;
  }

  private open(book: InstrumentBook, bar: VenueBar): void {
    this.priceUnits = bar.open;
    if (book.market.length !== 0) this.fillMarketAt(book, bar.open, bar.openUs, true);
    this.collectReached(book, bar.open);
    for (const order of this.reached.splice(0)) {
      if (order.isWorking && order.resting && isTouched(order, bar.open)) this.touchAtOpen(book, order, bar);
    }
    if (book.market.length !== 0) this.fillMarketAt(book, bar.open, bar.openUs, false);
    this.liquidateAtOpen(book, bar);
    for (const order of Array.from(book.unoffered)) {
      if (order.isWorking && order.timeInForce >= TimeInForce.ioc && restsAsLimit(order)) this.cancel(book, order, CAUSE_IOC, bar.openUs);
      order.offered = true;
    }
  }

  private collectReached(book: InstrumentBook, units: number): void {
    if (book.above.nearest <= units) for (const order of book.above.orders()) if (order.touchUnits <= units) this.reached.push(order);
    if (book.below.nearest >= units) for (const order of book.below.orders()) if (order.touchUnits >= units) this.reached.push(order);
    if (this.reached.length > 1) this.reached.sort(atOpenOrder);
  }

  private touchAtOpen(book: InstrumentBook, order: Order, bar: VenueBar): void {
    if (restsAsLimit(order)) {
      if (order.isPostOnly && !order.offered) {
        book.forget(order);
        this.sink.rejected(order, CAUSE_WOULD_TAKE, bar.openUs);
        return;
      }
      this.fillResting(book, order, bar.open, bar.openUs, order.isPostOnly ? MAKES_AT_OPEN : TAKES_AT_OPEN);
      return;
    }
    this.trigger(book, order, bar.open, bar.openUs, true);
  }

  /** Stop, trailing stop and touch orders: triggered, then a market fill, a limit fill, or a rest as limit. */
  private trigger(book: InstrumentBook, order: Order, units: number, timeUs: number, atOpen: boolean): void {
    order.triggered = true;
    this.sink.triggered(order, units, timeUs);
    if (order.type === OrderType.stopLimit || order.type === OrderType.limitIfTouched) {
      book.unrest(order);
      placeTouch(order, unitsOfTicks(book.instrument, this.terms.fillThroughTicks));
      book.rest(order);
      const marketable = order.side > 0 ? units <= order.limitUnits : units >= order.limitUnits;
      if (marketable) this.fillResting(book, order, units, timeUs, atOpen ? TAKES_AT_OPEN : TAKES_ON_PATH);
      else if (order.timeInForce >= TimeInForce.ioc) this.cancel(book, order, CAUSE_IOC, timeUs);
      return;
    }
    book.unrest(order);
    this.executor.execute(book, order, units, timeUs, atOpen ? TAKES_AT_OPEN : TAKES_ON_PATH);
    if (!order.isWorking) return;
    if (order.timeInForce >= TimeInForce.ioc) this.cancel(book, order, CAUSE_IOC, timeUs);
    else if (!order.queued) {
      // What participation left over goes on as a market order at the next open.
      order.queued = true;
      book.market.push(order);
    }
  }

  private fillResting(book: InstrumentBook, order: Order, units: number, timeUs: number, how: FillManner): void {
    const filled = this.executor.execute(book, order, units, timeUs, how);
    if (!order.isWorking) return;
    if (order.timeInForce >= TimeInForce.ioc) this.cancel(book, order, CAUSE_IOC, timeUs);
    else if (order.resting && (!filled || book.lotsLeft === 0 || order.leftLots > 0)) {
      // The bar has nothing more for it; it waits out of the way until the bar ends.
      book.unrest(order);
      this.parked.push(order);
    }
  }

  private expireAfterOpen(book: InstrumentBook, bar: VenueBar): void {
    if (bar.closeUs <= book.nextExpiryUs) return;
    for (const heap of [book.above, book.below]) {
      for (const order of Array.from(heap.orders())) {
        // Inside this bar the walk has no clock, so an order that ends within it may fill at its open only.
        if (order.expireUs < bar.closeUs) {
          book.unrest(order);
          this.parked.push(order);
        }
      }
    }
  }

  private walkPath(book: InstrumentBook, bar: VenueBar): void {
    const liquidation = this.account.liquidationUnits(book.index);
    const idle = book.upperUnits > bar.high && book.lowerUnits < bar.low && !(liquidation >= bar.low && liquidation <= bar.high);
    if (idle) return;
    const adverseIsLow = this.chooseAdverse(book, bar);
    this.adverseUnits = adverseIsLow ? bar.low : bar.high;
    const count = pathPoints(this.terms.path, bar, adverseIsLow, this.points);
    for (let k = 0; k < count; k += 1) this.walkTo(book, bar, this.points[k]!);
  }

  private walkTo(book: InstrumentBook, bar: VenueBar, target: number): void {
    const rising = target > this.priceUnits;
    const heap = rising ? book.above : book.below;
    while (target !== this.priceUnits) {
      const order = heap.peek();
      const touches = order !== undefined && (rising ? order.touchUnits <= target : order.touchUnits >= target);
      const at = !touches ? target : rising ? Math.max(order.touchUnits, this.priceUnits) : Math.min(order.touchUnits, this.priceUnits);
      if (this.liquidateBefore(book, bar, at, rising, touches)) continue;
      if (!touches) break;
      this.priceUnits = at;
      if (rising) this.touchedUp = true;
      else this.touchedDown = true;
      this.pathFills += 1;
      if (restsAsLimit(order)) this.fillResting(book, order, order.limitUnits, bar.closeUs, MAKES_ON_PATH);
      else this.trigger(book, order, at, bar.closeUs, false);
      if (at === target) this.fillOthersAt(book, bar, heap, target, rising);
    }
    this.priceUnits = target;
    this.ratchetAll(book, target);
  }

  /** The loop above ends once the price stands at the target; orders touched by that very price still act. */
  private fillOthersAt(book: InstrumentBook, bar: VenueBar, heap: InstrumentBook["above"], target: number, rising: boolean): void {
    for (let order = heap.peek(); order !== undefined && order.touchUnits === target; order = heap.peek()) {
      if (rising) this.touchedUp = true;
      else this.touchedDown = true;
      if (restsAsLimit(order)) this.fillResting(book, order, order.limitUnits, bar.closeUs, MAKES_ON_PATH);
      else this.trigger(book, order, target, bar.closeUs, false);
    }
  }

  private ratchetAll(book: InstrumentBook, units: number): void {
    for (const order of book.trailing) {
      if (order.queued && order.type === OrderType.trailingStop && !order.resting && book.incoming.includes(order)) continue;
      const bornHere = order.submittedUs >= this.bar!.openUs && order.parentId !== 0;
      const moved =
        bornHere && this.terms.path === "worst-case"
          ? ratchetPessimistically(order, units, this.adverseUnits, book.tickUnits)
          : ratchet(order, units, book.tickUnits);
      if (!moved) continue;
      if (order.resting) book.moved(order);
      else if (!this.parked.includes(order)) book.rest(order);
    }
  }

  /** Which extreme is against us: by the position held, or when flat by the first order that the walk would fill. */
  private chooseAdverse(book: InstrumentBook, bar: VenueBar): boolean {
    const held = this.account.signedLots(book.index);
    if (held !== 0) return held > 0;
    const nearLow = lowIsNearer(bar.open, bar.high, bar.low, bar.close);
    const lowFirst = this.firstSide(book, bar, true);
    const highFirst = this.firstSide(book, bar, false);
    const lowConsistent = lowFirst > 0;
    const highConsistent = highFirst < 0;
    if (lowConsistent === highConsistent) return nearLow;
    return lowConsistent;
  }

  /** Side of the first order that a walk over the low (or the high) first would touch; 0 for none. */
  private firstSide(book: InstrumentBook, bar: VenueBar, lowFirst: boolean): number {
    const low = book.below.peek();
    const high = book.above.peek();
    const touchesLow = low !== undefined && low.touchUnits >= bar.low;
    const touchesHigh = high !== undefined && high.touchUnits <= bar.high;
    if (lowFirst) return touchesLow ? low.side : touchesHigh ? high.side : 0;
    return touchesHigh ? high.side : touchesLow ? low.side : 0;
  }

  private liquidateAtOpen(book: InstrumentBook, bar: VenueBar): void {
    const liquidation = this.account.liquidationUnits(book.index);
    if (Number.isNaN(liquidation)) return;
    const held = this.account.signedLots(book.index);
    if (held > 0 ? bar.open <= liquidation : bar.open >= liquidation) this.sink.liquidated(book.index, bar.open, bar.openUs);
  }

  /** Liquidates when its price comes before `at` on this leg. A stop at the same price goes first. */
  private liquidateBefore(book: InstrumentBook, bar: VenueBar, at: number, rising: boolean, touches: boolean): boolean {
    const liquidation = this.account.liquidationUnits(book.index);
    if (Number.isNaN(liquidation)) return false;
    const held = this.account.signedLots(book.index);
    if (held > 0 === rising) return false;
    const comesFirst = rising ? (touches ? liquidation < at : liquidation <= at) : touches ? liquidation > at : liquidation >= at;
    if (!comesFirst) return false;
    this.priceUnits = rising ? Math.max(liquidation, this.priceUnits) : Math.min(liquidation, this.priceUnits);
    this.sink.liquidated(book.index, this.priceUnits, bar.closeUs);
    return true;
  }

  private judgeAmbiguity(book: InstrumentBook, bar: VenueBar): void {
    if (this.pathFills === 0) return;
    const up = this.touchedUp || book.above.nearest <= bar.high;
    const down = this.touchedDown || book.below.nearest >= bar.low;
    if (!up || !down) return;
    this.counts.ambiguousBars += 1;
    if (this.counts.ambiguousUs.length < 1_000) this.counts.ambiguousUs.push(bar.openUs);
  }

  private cancel(book: InstrumentBook, order: Order, cause: number, timeUs: number): void {
    book.forget(order);
    this.sink.canceled(order, cause, timeUs);
  }
}

function atOpenOrder(a: Order, b: Order): number {
  if (a.isReduceOnly !== b.isReduceOnly) return a.isReduceOnly ? -1 : 1;
  return a.id - b.id;
}
