import { OrderType } from "../model/order-terms.ts";
import type { Order } from "../orders/order.ts";
import type { InstrumentBook } from "./instrument-book.ts";
import type { VenueBar } from "./simulated-venue.ts";

/** Most bars that are named; all are counted. */
const NAMED_BARS = 1_000;

/**
 * Counts the bars whose fills depend on a walk that the bar does not tell: one permitted walk (open-high-low-close or open-low-high-close)
 * gives another order of fills or another price than the other. Judged without walking twice, on the safe side: a fill on the path is
 * ambiguous when orders on both sides of the walk are within the bar, or when it is a trailing stop that the bar's other extreme moves.
 */
export class Ambiguity {
  readonly counts = { ambiguousBars: 0, ambiguousUs: [] as number[] };
  private filled = false;
  private touchedUp = false;
  private touchedDown = false;
  private trailed = false;

  begin(): void {
    this.filled = false;
    this.touchedUp = false;
    this.touchedDown = false;
    this.trailed = false;
  }

  /** An order was reached on the path, by a rising or a falling price. */
  touched(order: Order, rising: boolean, bar: VenueBar): void {
    this.filled = true;
    if (rising) this.touchedUp = true;
    else this.touchedDown = true;
    if (order.type === OrderType.trailingStop && trailsWithin(order, bar)) this.trailed = true;
  }

  /** A group or a parent took this order out during the walk: another walk of the same bar might have reached it first. */
  canceled(order: Order, bar: VenueBar): void {
    if (order.touchFromBelow && order.touchUnits <= bar.high) this.touchedUp = true;
    if (!order.touchFromBelow && order.touchUnits >= bar.low) this.touchedDown = true;
  }

  judge(book: InstrumentBook, bar: VenueBar): void {
    if (!this.filled) return;
    const up = this.touchedUp || book.above.nearest <= bar.high;
    const down = this.touchedDown || book.below.nearest >= bar.low;
    if (!(up && down) && !this.trailed) return;
    this.counts.ambiguousBars += 1;
    if (this.counts.ambiguousUs.length < NAMED_BARS) this.counts.ambiguousUs.push(bar.openUs);
  }
}

/** True when the bar's favourable extreme lies beyond the open: walked first it moves the stop, walked last it does not. */
function trailsWithin(order: Order, bar: VenueBar): boolean {
  return order.side < 0 ? bar.high > bar.open && bar.high >= order.highWaterUnits : bar.low < bar.open && bar.low <= order.highWaterUnits;
}
