import { POWERS_OF_TEN } from "./powers-of-ten.ts";

/** Prices are compared as whole counts of 10^-8, exact below 90 million. */
export const PRICE_SCALE = 8;

const START = 64;
/** As many levels as a list may have. */
export const MOST_LEVELS = 20_000;

/** Changes of one side of a book in columns that are used again and again. A size of zero takes the level out. */
export class SideChanges {
  count = 0;
  /** While they are read, in units of their last decimal; afterwards whole counts of 10^-8. */
  prices = new Float64Array(START);
  priceDecimals = new Uint8Array(START);
  /** Whole counts of the size's last decimal. */
  sizes = new Float64Array(START);
  sizeDecimals = new Uint8Array(START);

  get capacity(): number {
    return this.prices.length;
  }

  /** Makes room for more; false when there is as much as may be. */
  grow(): boolean {
    const { capacity } = this;
    if (capacity >= MOST_LEVELS) return false;
    const room = Math.min(MOST_LEVELS, 4 * capacity);
    this.prices = grown(this.prices, new Float64Array(room));
    this.priceDecimals = grown(this.priceDecimals, new Uint8Array(room));
    this.sizes = grown(this.sizes, new Float64Array(room));
    this.sizeDecimals = grown(this.sizeDecimals, new Uint8Array(room));
    return true;
  }

  /** Brings a price that was read to a count of 10^-8; false when that is none above zero, or has no such count. */
  toKey(at: number): boolean {
    const scale = this.priceDecimals[at]!;
    if (scale > PRICE_SCALE) return false;
    const key = this.prices[at]! * POWERS_OF_TEN[PRICE_SCALE - scale]!;
    this.prices[at] = key;
    return key > 0 && key <= Number.MAX_SAFE_INTEGER;
  }
}

function grown<T extends Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
