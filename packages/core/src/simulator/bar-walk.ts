import { causeCode } from "../model/event.ts";
import { OrderType, TimeInForce } from "../model/order-terms.ts";
import type { Order } from "../orders/order.ts";
import { adverseIsLow } from "./adverse-side.ts";
import { Ambiguity } from "./ambiguity.ts";
import { type Executor, type FillManner, MAKES_AT_OPEN, MAKES_ON_PATH, TAKES_AT_OPEN, TAKES_ON_PATH } from "./executor.ts";
import type { InstrumentBook } from "./instrument-book.ts";
import { pathPoints } from "./path-model.ts";
import type { VenueBar } from "./simulated-venue.ts";
import { isTouched, placeTouch, restsAsLimit, unitsOfTicks } from "./touch.ts";
import { ratchet, ratchetPessimistically } from "./trailing.ts";
import { isStopLike } from "./trigger-heap.ts";
import type { VenueAccount, VenueSink } from "./venue-port.ts";
import type { VenueTerms } from "./venue-terms.ts";

const CAUSE_IOC = causeCode("ioc");
const CAUSE_FOK = causeCode("fok");
const CAUSE_WOULD_TAKE = causeCode("would-take");

/** Walks one bar of one instrument: the open, then the points of the path model, filling what each step touches. */
export class BarWalk {
  readonly ambiguity = new Ambiguity();
  /** Where the walk stands, in price units. */
  priceUnits = 0;
  /** Set when a leg is born that the price has already passed. */
  bornTouched = false;
  private readonly terms: VenueTerms;
  private readonly sink: VenueSink;
  private readonly account: VenueAccount;
  private readonly executor: Executor;
  private readonly points = new Float64Array(4);
  private readonly reached: Order[] = [];
  private readonly parked: Order[] = [];
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
    this.ambiguity.begin();
    book.beginBar(bar, this.terms.participation);
    this.open(book, bar);
    if (bar.closeUs > book.nextExpiryUs) this.expireAfterOpen(book, bar);
    if (book.rests || !this.account.isCash) this.walkPath(book, bar);
    if (this.parked.length !== 0) for (const order of this.parked.splice(0)) if (order.isWorking) book.rest(order);
    this.ambiguity.judge(book, bar);
  }

  /** Fills waiting market orders at one price: the open, or the close with `marketFill: "bar-close"`. */
  fillMarketAt(book: InstrumentBook, units: number, timeUs: number, reduceOnly?: boolean): void {
    // Children and groups may take orders out of the list while it is worked through, so several are walked in a copy.
    const { market } = book;
    if (market.length === 1) {
      this.fillOneAt(book, market[0]!, units, timeUs, reduceOnly);
      return;
    }
    for (const order of Array.from(market)) this.fillOneAt(book, order, units, timeUs, reduceOnly);
  }

  private fillOneAt(book: InstrumentBook, order: Order, units: number, timeUs: number, reduceOnly: boolean | undefined): void {
    if (!order.isWorking || !order.queued) return;
    if (reduceOnly !== undefined && order.isReduceOnly !== reduceOnly) return;
    this.executor.execute(book, order, units, timeUs, TAKES_AT_OPEN);
    if (order.isWorking && order.timeInForce >= TimeInForce.ioc) this.endImmediate(book, order, timeUs);
  }

  /** An order that rests was taken out during the walk. */
  noteCanceled(order: Order): void {
    if (this.bar !== undefined) this.ambiguity.canceled(order, this.bar);
  }

  /** True when the current bar's range contains a price; NaN is nowhere. */
  barReaches(units: number): boolean {
    return this.bar !== undefined && units >= this.bar.low && units <= this.bar.high;
  }

  private open(book: InstrumentBook, bar: VenueBar): void {
    this.priceUnits = bar.open;
    if (book.market.length !== 0) this.fillMarketAt(book, bar.open, bar.openUs, true);
    if (book.rests) {
      this.collectReached(book, bar.open);
      if (this.reached.length !== 0) this.actOnReached(book, bar);
    }
    if (book.market.length !== 0) this.fillMarketAt(book, bar.open, bar.openUs, false);
    if (this.bornTouched) this.actOnBornTouched(book, bar.openUs, true);
    if (!this.account.isCash) this.liquidateAtOpen(book, bar);
    if (book.unoffered.length === 0) return;
    for (const order of Array.from(book.unoffered)) {
      if (order.isWorking && order.timeInForce >= TimeInForce.ioc && restsAsLimit(order)) this.endImmediate(book, order, bar.openUs);
      order.offered = true;
    }
  }

  private collectReached(book: InstrumentBook, units: number): void {
    if (book.above.nearest <= units) for (const order of book.above.orders()) if (order.touchUnits <= units) this.reached.push(order);
    if (book.below.nearest >= units) for (const order of book.below.orders()) if (order.touchUnits >= units) this.reached.push(order);
    for (const order of book.unoffered) if (order.touchedAtSubmit && !isTouched(order, units)) this.reached.push(order);
    if (this.reached.length > 1) this.reached.sort(atOpenOrder);
  }

  private actOnReached(book: InstrumentBook, bar: VenueBar): void {
    const reached = this.reached.splice(0);
    for (let k = 0; k < reached.length; k += 1) {
      const order = reached[k]!;
      // Of two orders of one group that the same jump touched, the stop acts first.
      if (order.groupId !== 0 && !isStopLike(order)) {
        for (let j = k + 1; j < reached.length; j += 1) {
          const other = reached[j]!;
          if (other.groupId === order.groupId && isStopLike(other)) this.touchAtOpen(book, other, bar);
        }
      }
      this.touchAtOpen(book, order, bar);
    }
  }

  /** Legs whose price had already been passed when their entry filled: the stop triggers and the target fills at the price of the walk. */
  private actOnBornTouched(book: InstrumentBook, timeUs: number, atOpen: boolean): void {
    const units = this.priceUnits;
    this.bornTouched = false;
    const legs: Order[] = [];
    for (const heap of [book.above, book.below]) {
      for (const order of heap.orders()) if (order.parentId !== 0 && isTouched(order, units)) legs.push(order);
    }
    for (const leg of legs.sort(atOpenOrder)) {
      if (!leg.isWorking || !leg.resting) continue;
      if (restsAsLimit(leg)) this.fillResting(book, leg, units, timeUs, atOpen ? TAKES_AT_OPEN : TAKES_ON_PATH);
      else this.trigger(book, leg, units, timeUs, atOpen);
    }
  }

  private touchAtOpen(book: InstrumentBook, order: Order, bar: VenueBar): void {
    if (!order.isWorking || !order.resting || !(order.touchedAtSubmit || isTouched(order, bar.open))) return;
    if (restsAsLimit(order)) {
      if (order.isPostOnly && !order.offered) {
        this.refuseTaking(book, order, bar.openUs);
        return;
      }
      // A post-only order that the open jumps over stood in the book before: it fills as maker, at its own price and never better.
      if (order.isPostOnly) this.fillResting(book, order, order.limitUnits, bar.openUs, MAKES_AT_OPEN);
      else this.fillResting(book, order, bar.open, bar.openUs, TAKES_AT_OPEN);
      return;
    }
    this.trigger(book, order, bar.open, bar.openUs, true);
  }

  /** Stop, trailing stop and touch orders: triggered, then a market fill, a limit fill, or a rest as limit. */
  private trigger(book: InstrumentBook, order: Order, units: number, timeUs: number, atOpen: boolean): void {
    order.triggered = true;
    order.touchedAtSubmit = false;
    this.sink.triggered(order, units, timeUs);
    if (order.type === OrderType.stopLimit || order.type === OrderType.limitIfTouched) {
      book.unrest(order);
      placeTouch(order, unitsOfTicks(book.instrument, this.terms.fillThroughTicks));
      book.rest(order);
      const marketable = order.side > 0 ? units <= order.limitUnits : units >= order.limitUnits;
      if (marketable && order.isPostOnly) this.refuseTaking(book, order, timeUs);
      else if (marketable) this.fillResting(book, order, units, timeUs, atOpen ? TAKES_AT_OPEN : TAKES_ON_PATH);
      else if (order.timeInForce >= TimeInForce.ioc) this.endImmediate(book, order, timeUs);
      return;
    }
    book.unrest(order);
    this.executor.execute(book, order, units, timeUs, atOpen ? TAKES_AT_OPEN : TAKES_ON_PATH);
    if (!order.isWorking) return;
    if (order.timeInForce >= TimeInForce.ioc) this.endImmediate(book, order, timeUs);
    else if (!order.queued) {
      // What participation left over goes on as a market order at the next open.
      order.queued = true;
      book.market.push(order);
    }
  }

  private fillResting(book: InstrumentBook, order: Order, units: number, timeUs: number, how: FillManner): void {
    const filled = this.executor.execute(book, order, units, timeUs, how);
    if (!order.isWorking) return;
    if (order.timeInForce >= TimeInForce.ioc) this.endImmediate(book, order, timeUs);
    else if (order.resting && (!filled || book.lotsLeft === 0 || order.leftLots > 0)) {
      // The bar has nothing more for it; it waits out of the way until the bar ends.
      book.unrest(order);
      this.parked.push(order);
    }
  }

  private expireAfterOpen(book: InstrumentBook, bar: VenueBar): void {
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
    const lowHurts = adverseIsLow(book, bar, this.account.signedLots(book.index));
    this.adverseUnits = lowHurts ? bar.low : bar.high;
    const count = pathPoints(this.terms.path, bar, lowHurts, this.points);
    // The open is the first point of the path: a stop that trails moves there too, after the open tested it as it stood before.
    this.ratchetAll(book, bar, bar.open);
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
      this.ambiguity.touched(order, rising, bar);
      if (restsAsLimit(order)) this.fillResting(book, order, order.limitUnits, bar.closeUs, MAKES_ON_PATH);
      else this.trigger(book, order, at, bar.closeUs, false);
      if (at === target) this.fillOthersAt(book, bar, heap, target, rising);
      if (this.bornTouched) this.actOnBornTouched(book, bar.closeUs, false);
    }
    this.priceUnits = target;
    // The loop ends where an order stood at the target itself: the position may have to be liquidated at that very price.
    this.liquidateBefore(book, bar, target, rising, false);
    this.ratchetAll(book, bar, target);
  }

  /** The loop above ends once the price stands at the target; orders touched by that very price still act. */
  private fillOthersAt(book: InstrumentBook, bar: VenueBar, heap: InstrumentBook["above"], target: number, rising: boolean): void {
    for (let order = heap.peek(); order !== undefined && order.touchUnits === target; order = heap.peek()) {
      this.ambiguity.touched(order, rising, bar);
      if (restsAsLimit(order)) this.fillResting(book, order, order.limitUnits, bar.closeUs, MAKES_ON_PATH);
      else this.trigger(book, order, target, bar.closeUs, false);
    }
  }

  private ratchetAll(book: InstrumentBook, bar: VenueBar, units: number): void {
    for (const order of book.trailing) {
      // Not yet live, already on its way as a market order, or past its last open.
      if (order.queued || order.triggered || order.expireUs < bar.closeUs) continue;
      const bornHere = order.submittedUs >= bar.openUs && order.parentId !== 0;
      const moved =
        bornHere && this.terms.path === "worst-case"
          ? ratchetPessimistically(order, units, this.adverseUnits, book.tickUnits)
          : ratchet(order, units, book.tickUnits);
      if (!moved) continue;
      if (order.resting) book.moved(order);
      else if (!this.parked.includes(order)) book.rest(order);
    }
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

  /** A post-only order that would trade at once is rejected; one that has filled in part before it was amended can only be canceled. */
  private refuseTaking(book: InstrumentBook, order: Order, timeUs: number): void {
    book.forget(order);
    if (order.filledLots === 0) this.sink.rejected(order, CAUSE_WOULD_TAKE, timeUs);
    else this.sink.canceled(order, CAUSE_WOULD_TAKE, timeUs);
  }

  /** What an immediate-or-cancel or fill-or-kill order could not fill at its instant ends. */
  private endImmediate(book: InstrumentBook, order: Order, timeUs: number): void {
    this.cancel(book, order, order.timeInForce === TimeInForce.fok ? CAUSE_FOK : CAUSE_IOC, timeUs);
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
