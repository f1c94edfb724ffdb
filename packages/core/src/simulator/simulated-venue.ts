import { causeCode } from "../model/event.ts";
import type { Instrument } from "../model/instrument.ts";
import { OrderRole, OrderType, TimeInForce } from "../model/order-terms.ts";
import type { Order } from "../orders/order.ts";
import type { Ambiguity } from "./ambiguity.ts";
import { BarWalk } from "./bar-walk.ts";
import { Executor, TAKES_ON_PATH } from "./executor.ts";
import { InstrumentBook } from "./instrument-book.ts";
import { isTouched, placeTouch, unitsOfTicks, waitsForTrigger } from "./touch.ts";
import { startTrailing } from "./trailing.ts";
import type { Execution, VenueAccount, VenueSink } from "./venue-port.ts";
import type { VenueTerms } from "./venue-terms.ts";

const CAUSE_EXPIRED = causeCode("expired");
const CAUSE_END = causeCode("end-of-data");

/** One bar as the venue sees it. Prices in price units, volume in lots (0 when not known). */
export interface VenueBar {
  openUs: number;
  closeUs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  lots: number;
  /** False when the data has no volume: participation is off then. */
  volumeKnown: boolean;
  /** False for a synthetic bar or one without volume in a series that has volume: nothing fills. */
  tradable: boolean;
}

/**
 * A venue that fills orders against bars. It accepts, rests, triggers, fills, cancels and expires; it reports every step to its
 * sink and asks its account what money allows. One instance serves all instruments of an account.
 */
export class SimulatedVenue {
  readonly terms: VenueTerms;
  readonly canAmend = true;
  readonly books: readonly InstrumentBook[];
  private readonly sink: VenueSink;
  private readonly account: VenueAccount;
  private readonly walk: BarWalk;
  private readonly executor: Executor;
  /** Orders that arrive while this book's bar is being walked act at once or wait, as their submitter says. */
  private walking: InstrumentBook | undefined;

  constructor(instruments: readonly Instrument[], terms: VenueTerms, sink: VenueSink, account: VenueAccount) {
    this.terms = terms;
    this.sink = sink;
    this.account = account;
    this.books = instruments.map((instrument, index) => new InstrumentBook(instrument, index));
    this.executor = new Executor(terms, sink, account);
    this.walk = new BarWalk(terms, sink, account, this.executor);
  }

  get counts(): Ambiguity["counts"] {
    return this.walk.ambiguity.counts;
  }

  get executionCounts(): Executor["counts"] {
    return this.executor.counts;
  }

  /**
   * Takes an order. `lastUnits` is the last visible price, from which a trailing stop starts; for a leg the fill price of its entry.
   * During a walk an order acts on the rest of it when `live`, otherwise from the next bar.
   */
  submit(order: Order, timeUs: number, lastUnits: number, live: boolean): void {
    const book = this.books[order.instrumentIndex]!;
    this.sink.accepted(order, timeUs);
    if (order.expireUs < book.nextExpiryUs) book.nextExpiryUs = order.expireUs;
    if (this.walking === book && !live) {
      order.queued = true;
      book.incoming.push(order);
      if (order.type === OrderType.trailingStop) this.beginTrailing(book, order, lastUnits);
      return;
    }
    this.place(book, order, lastUnits, this.walking === book ? 0 : lastUnits);
    // A leg that is live on the bar of its entry, and that the walk's price has already passed, acts before the walk goes on.
    if (this.walking === book && order.resting && isTouched(order, this.walk.priceUnits)) this.walk.bornTouched = true;
  }

  /**
   * Takes a protective leg of an entry that just filled. What of it is live on the rest of the bar follows `fillBarChildren`: after an
   * entry by market at the open everything; else by default the stop alone, and the target of a stop entry whose stop the bar does not reach.
   * `stopUnits` is the other leg's stop when this leg is the target; NaN when there is none.
   */
  submitLeg(leg: Order, entry: Order, execution: Execution, stopUnits: number, timeUs: number): void {
    const { numerator, denominator } = this.books[leg.instrumentIndex]!.instrument.notional;
    const fillUnits = Math.round((execution.notional * denominator) / (execution.lots * numerator));
    this.submit(leg, timeUs, fillUnits, this.isLegLive(leg, entry, execution, stopUnits));
  }

  private isLegLive(leg: Order, entry: Order, execution: Execution, stopUnits: number): boolean {
    if (this.walking === undefined) return true;
    if (entry.type === OrderType.market && execution.atOpen) return true;
    if (this.terms.fillBarChildren !== "stop-only") return this.terms.fillBarChildren === "path";
    if (leg.role === OrderRole.stopLoss) return true;
    const entersByStop = entry.type === OrderType.stop;
    return entersByStop && !this.walk.barReaches(stopUnits);
  }

  cancel(order: Order, cause: number, timeUs: number): void {
    const book = this.books[order.instrumentIndex]!;
    if (this.walking === book && order.resting) this.walk.noteCanceled(order);
    book.forget(order);
    this.sink.canceled(order, cause, timeUs);
  }

  /** Follows a change of price or quantity that the desk made in `order`. It is judged anew at the next open, as if it had just come. */
  amended(order: Order, lastUnits: number): void {
    const book = this.books[order.instrumentIndex]!;
    if (!order.resting) return;
    book.unrest(order);
    placeTouch(order, unitsOfTicks(book.instrument, this.terms.fillThroughTicks));
    book.rest(order);
    order.touchedAtSubmit = waitsForTrigger(order) && lastUnits > 0 && isTouched(order, lastUnits);
    if (order.offered && (order.isPostOnly || order.touchedAtSubmit)) this.awaitOffer(book, order);
  }

  /** Fills what the bar allows: expiries, the open, the path, expiries again. */
  processBar(instrumentIndex: number, bar: VenueBar): void {
    const book = this.books[instrumentIndex]!;
    this.walking = book;
    // Most bars bring one thing or nothing: each step is asked for before it is called.
    if (book.unoffered.length !== 0) this.setSessions(book, bar);
    if (bar.openUs >= book.nextExpiryUs) this.expire(book, bar.openUs);
    if (bar.tradable) {
      this.walk.run(book, bar);
      if (book.unoffered.length !== 0) book.unoffered.length = 0;
    }
    this.walking = undefined;
    if (book.incoming.length !== 0) this.admitIncoming(book, bar.close);
    if (bar.closeUs >= book.nextExpiryUs) this.expire(book, bar.closeUs);
  }

  /**
   * With `marketFill: "bar-close"`: fills waiting market orders at the close of the bar that decided them, from what participation has
   * left of its volume. On a bar that cannot trade they wait for the next open.
   */
  fillAtClose(instrumentIndex: number, bar: VenueBar): void {
    const book = this.books[instrumentIndex]!;
    if (book.market.length === 0 || !bar.tradable) return;
    if (book.barCloseUs !== bar.closeUs) book.beginBar(bar, this.terms.participation);
    this.walk.fillMarketAt(book, bar.close, bar.closeUs);
  }

  /** At the end of the data: closes a position at the close of its last bar, with costs. */
  fillAtEnd(order: Order, bar: VenueBar, timeUs: number): void {
    this.books[order.instrumentIndex]!.beginBar(bar, this.terms.participation);
    this.fillNow(order, bar.close, timeUs);
  }

  /** Closes a position at a price with costs, whatever the volume. */
  fillNow(order: Order, units: number, timeUs: number): void {
    const book = this.books[order.instrumentIndex]!;
    const { lotsLeft } = book;
    this.sink.accepted(order, timeUs);
    book.lotsLeft = Number.POSITIVE_INFINITY;
    this.executor.execute(book, order, units, timeUs, TAKES_ON_PATH);
    book.lotsLeft = lotsLeft;
  }

  /** Ends every order with the given cause. */
  expireAll(timeUs: number): void {
    for (const book of this.books) {
      for (const order of this.ordersOf(book)) {
        book.forget(order);
        this.sink.expired(order, CAUSE_END, timeUs);
      }
    }
  }

  private ordersOf(book: InstrumentBook): Order[] {
    const all = new Set([
      ...book.above.orders(),
      ...book.below.orders(),
      ...book.market,
      ...book.incoming,
      ...book.unoffered,
      ...book.trailing,
    ]);
    return [...all].sort((a, b) => a.id - b.id);
  }

  /** Puts an order where it belongs. A trailing stop starts at `fromUnits`; a trigger that `lastUnits` has passed acts at the next open. */
  private place(book: InstrumentBook, order: Order, fromUnits: number, lastUnits: number): void {
    if (order.type === OrderType.market) {
      order.queued = true;
      book.market.push(order);
      if (order.timeInForce === TimeInForce.day) this.awaitOffer(book, order);
      else order.offered = true;
      return;
    }
    if (order.type === OrderType.trailingStop) {
      this.beginTrailing(book, order, fromUnits);
      if (Number.isFinite(order.touchUnits)) book.rest(order);
    } else {
      placeTouch(order, unitsOfTicks(book.instrument, this.terms.fillThroughTicks));
      book.rest(order);
      if (waitsForTrigger(order) && lastUnits > 0 && isTouched(order, lastUnits)) order.touchedAtSubmit = true;
    }
    const mustSeeOpen = order.timeInForce >= TimeInForce.day || order.isPostOnly || order.touchedAtSubmit;
    if (mustSeeOpen) this.awaitOffer(book, order);
    else order.offered = true;
  }

  private awaitOffer(book: InstrumentBook, order: Order): void {
    order.offered = false;
    book.unoffered.push(order);
  }

  private beginTrailing(book: InstrumentBook, order: Order, lastUnits: number): void {
    if (order.highWaterUnits !== 0) return;
    const held = this.account.signedLots(book.index);
    const protects = held !== 0 && held > 0 !== order.side > 0;
    const entryUnits = protects && order.parentId === 0 ? Math.round(this.account.entryUnits(book.index)) : lastUnits;
    startTrailing(order, lastUnits, entryUnits, book.tickUnits);
    book.trailing.push(order);
  }

  private admitIncoming(book: InstrumentBook, closeUnits: number): void {
    for (const order of book.incoming.splice(0)) {
      order.queued = false;
      if (order.isWorking) this.place(book, order, order.highWaterUnits, closeUnits);
    }
  }

  /** A day order learns when its session ends from the first bar it meets: the end of that UTC day, or of a longer bar. */
  private setSessions(book: InstrumentBook, bar: VenueBar): void {
    for (const order of book.unoffered) {
      if (order.timeInForce !== TimeInForce.day || order.expireUs !== Number.POSITIVE_INFINITY) continue;
      const endOfDay = (Math.floor(bar.openUs / US_PER_DAY) + 1) * US_PER_DAY;
      order.expireUs = Math.max(endOfDay, bar.closeUs - bar.openUs >= US_PER_DAY ? bar.closeUs : endOfDay);
      if (order.expireUs < book.nextExpiryUs) book.nextExpiryUs = order.expireUs;
    }
  }

  private expire(book: InstrumentBook, nowUs: number): void {
    let next = Number.POSITIVE_INFINITY;
    for (const order of this.ordersOf(book)) {
      if (order.expireUs <= nowUs) {
        book.forget(order);
        this.sink.expired(order, CAUSE_EXPIRED, order.expireUs);
      } else if (order.expireUs < next) next = order.expireUs;
    }
    book.nextExpiryUs = next;
  }
}

const US_PER_DAY = 86_400_000_000;
