import type { Instrument } from "../model/instrument.ts";
import type { Order } from "../orders/order.ts";
import type { VenueBar } from "./simulated-venue.ts";
import { TriggerHeap } from "./trigger-heap.ts";

/** The simulated venue's own orders in one instrument: what rests above and below the price, and what waits for the next open. */
export class InstrumentBook {
  readonly instrument: Instrument;
  readonly index: number;
  readonly tickUnits: number;
  readonly above = new TriggerHeap(true);
  readonly below = new TriggerHeap(false);
  /** Market orders, and triggered ones with a rest, in order of arrival. */
  readonly market: Order[] = [];
  /** Orders that must see the next open whatever it is: immediate, post-only, day orders before their session is known. */
  readonly unoffered: Order[] = [];
  /** Trailing stops at work, resting or not yet armed. */
  readonly trailing: Order[] = [];
  /** Orders that may act from the next bar only. */
  readonly incoming: Order[] = [];
  /** Earliest expiry of any order; Infinity for none. */
  nextExpiryUs = Number.POSITIVE_INFINITY;
  /** Lots that may still fill in the current bar. */
  lotsLeft = Number.POSITIVE_INFINITY;
  /** Lots the current bar traded; 0 when not known. */
  barLots = 0;
  /** Range of the current bar in price units; 0 before the first. */
  barHigh = 0;
  barLow = 0;
  /** Close of the last bar that was begun. */
  barCloseUs = Number.NEGATIVE_INFINITY;

  constructor(instrument: Instrument, index: number) {
    this.instrument = instrument;
    this.index = index;
    this.tickUnits = instrument.tickKnown ? instrument.tickUnits : 1;
  }

  /** Price at or above which a bar needs this book's attention. */
  get upperUnits(): number {
    let upper = this.above.nearest;
    if (this.trailing.length === 0) return upper;
    for (const order of this.trailing) if (order.side < 0 && order.highWaterUnits < upper) upper = order.highWaterUnits;
    return upper;
  }

  /** Price at or below which a bar needs this book's attention. */
  get lowerUnits(): number {
    let lower = this.below.nearest;
    if (this.trailing.length === 0) return lower;
    for (const order of this.trailing) if (order.side > 0 && order.highWaterUnits > lower) lower = order.highWaterUnits;
    return lower;
  }

  /** True when a price may reach something: orders that rest, and trailing stops that may yet be armed. */
  get rests(): boolean {
    return this.above.size !== 0 || this.below.size !== 0 || this.trailing.length !== 0;
  }

  /** True when the next bar needs attention whatever its prices. */
  get needsNextOpen(): boolean {
    return this.market.length !== 0 || this.unoffered.length !== 0 || this.incoming.length !== 0;
  }

  /** Takes a bar's range and the share of its volume that own orders may fill. */
  beginBar(bar: VenueBar, participation: number): void {
    this.barLots = bar.volumeKnown ? bar.lots : 0;
    this.barHigh = bar.high;
    this.barLow = bar.low;
    this.barCloseUs = bar.closeUs;
    const isLimited = bar.volumeKnown && participation !== Number.POSITIVE_INFINITY;
    this.lotsLeft = isLimited ? Math.floor(bar.lots * participation) : Number.POSITIVE_INFINITY;
  }

  rest(order: Order): void {
    if (order.resting) return;
    order.resting = true;
    (order.touchFromBelow ? this.above : this.below).push(order);
  }

  unrest(order: Order): void {
    if (!order.resting) return;
    order.resting = false;
    (order.touchFromBelow ? this.above : this.below).remove(order);
  }

  /** Puts a resting order where its changed touch price belongs. */
  moved(order: Order): void {
    if (order.resting) (order.touchFromBelow ? this.above : this.below).update(order);
  }

  /** Takes an order out of every list that may hold it. */
  forget(order: Order): void {
    this.unrest(order);
    if (order.queued) {
      order.queued = false;
      if (this.market.length !== 0) remove(this.market, order);
      if (this.incoming.length !== 0) remove(this.incoming, order);
    }
    if (!order.offered) remove(this.unoffered, order);
    if (order.highWaterUnits !== 0) remove(this.trailing, order);
  }
}

/** Takes an order out of a list, whose memory stays for the next one: a splice would give it back. */
function remove(list: Order[], order: Order): void {
  const last = list.length - 1;
  const at = last >= 0 && list[last] === order ? last : list.indexOf(order);
  if (at < 0) return;
  for (let k = at; k < last; k += 1) list[k] = list[k + 1]!;
  list.pop();
}
