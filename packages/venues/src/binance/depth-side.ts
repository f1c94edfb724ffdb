import { decimalText } from "./decimal-text.ts";
import { POWERS_OF_TEN } from "./powers-of-ten.ts";
import { ShapeError } from "./schema.ts";
import { PRICE_SCALE, type SideChanges } from "./side-changes.ts";

/** Longest text of a price that is taken. */
const PRICE_LENGTH = 24;

/** A price as a count of 10^-8; -1 when the text is no plain decimal above zero that fits. Written out because books take a hundred of them a message. */
export function priceKey(text: string): number {
  let count = 0;
  let decimals = -1;
  const { length } = text;
  if (length === 0 || length > PRICE_LENGTH) return -1;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 46) {
      if (decimals >= 0 || at === 0) return -1;
      decimals = 0;
    } else {
      const digit = code - 48;
      if (digit < 0 || digit > 9) return -1;
      if (decimals >= PRICE_SCALE) {
        // Finer than we count: only zeros may stand here.
        if (digit !== 0) return -1;
      } else {
        count = count * 10 + digit;
        if (decimals >= 0) decimals += 1;
      }
    }
  }
  for (let k = Math.max(0, decimals); k < PRICE_SCALE; k += 1) count *= 10;
  return count > 0 && count <= Number.MAX_SAFE_INTEGER ? count : -1;
}

/** A quantity of nothing: the level goes. */
function isNothing(size: string): boolean {
  for (let at = 0; at < size.length; at += 1) {
    const code = size.charCodeAt(at);
    if (code !== 48 && code !== 46) return false;
  }
  return true;
}

/** Whether a text is a plain decimal, zero included. */
function isSize(size: unknown): size is string {
  if (typeof size !== "string" || size.length === 0 || size.length > 40) return false;
  let points = 0;
  for (let at = 0; at < size.length; at += 1) {
    const code = size.charCodeAt(at);
    if (code === 46) points += 1;
    else if (code < 48 || code > 57) return false;
  }
  return points === 0 || (points === 1 && !size.startsWith(".") && !size.endsWith("."));
}

/** Price and size, as the venue wrote them. */
export type Level = readonly [price: string, size: string];

const START = 1_024;
/** A level whose texts are kept beside the columns, because its numbers do not say how they were written. */
const AS_TEXT = 0xffff;
/** How far to either side an empty place is looked for before levels are moved as far as the best. */
const REACH = 24;
/** Places that are looked at one after the other before the steps grow. */
const NEAR = 8;

/**
 * One side of a book, sorted with the best price last, where changes are frequent and cheap. Its levels are columns of exact numbers; a level can
 * always be read as the texts that the venue wrote. A level that is taken out leaves its place empty, since the same price often comes back, and
 * a new one moves its neighbours only as far as the next empty place.
 */
export class DepthSide {
  readonly isBid: boolean;
  /** Levels that there are. */
  count = 0;
  /** Places in use, empty ones included; the last one is never empty. */
  #length = 0;
  /** Prices as counts of 10^-8, negative on the side of the asks: so both sides rise towards the best. */
  #keys = new Float64Array(START);
  /** Sizes in units of their last decimal; zero in an empty place. */
  #sizes = new Float64Array(START);
  /** Decimals of the price above eight bits of decimals of the size; or {@link AS_TEXT}. */
  #forms = new Uint16Array(START);
  readonly #texts = new Map<number, Level>();

  constructor(isBid: boolean) {
    this.isBid = isBid;
  }

  /** Key of the best price; -1 when the side is empty. */
  get bestKey(): number {
    return this.#length === 0 ? -1 : Math.abs(this.#keys[this.#length - 1]!);
  }

  /** Counted from the best; `undefined` beyond the last. */
  level(fromBest: number): Level | undefined {
    if (!(fromBest >= 0 && fromBest < this.count)) return undefined;
    let at = this.#length - 1;
    for (let before = fromBest; ; at -= 1) {
      if (this.#sizes[at] === 0) continue;
      if (before === 0) return this.#textsAt(at);
      before -= 1;
    }
  }

  /** All levels, or so many of the best, best first. */
  top(most = this.count): Levels {
    const levels: Level[] = [];
    for (let at = this.#length - 1; at >= 0 && levels.length < most; at -= 1) if (this.#sizes[at] !== 0) levels.push(this.#textsAt(at));
    return levels;
  }

  clear(): void {
    this.count = 0;
    this.#length = 0;
    this.#texts.clear();
  }

  /** Sets the size at a price, or takes the level out. The level was checked by {@link checkLevels}. */
  set(level: Level): void {
    const key = priceKey(level[0]);
    if (isNothing(level[1])) {
      this.#put(key, 0, 0, this.#length);
      return;
    }
    this.#put(key, 1, AS_TEXT, this.#length);
    this.#texts.set(key, level);
  }

  /** Sets or takes out what was scanned. */
  apply({ count, prices, priceDecimals, sizes, sizeDecimals }: SideChanges): void {
    // The venue writes them from the best on, so each is looked for behind the one before it.
    let from = this.#length;
    for (let at = 0; at < count; at += 1) from = this.#put(prices[at]!, sizes[at]!, (priceDecimals[at]! << 8) | sizeDecimals[at]!, from);
  }

  #textsAt(at: number): Level {
    const key = Math.abs(this.#keys[at]!);
    const form = this.#forms[at]!;
    if (form === AS_TEXT) return this.#texts.get(key)!;
    const scale = form >>> 8;
    return [decimalText(key / POWERS_OF_TEN[PRICE_SCALE - scale]!, scale), decimalText(this.#sizes[at]!, form & 0xff)];
  }

  /** Sets or takes out one level, looked for from `from` on; returns where it is or would be. */
  #put(key: number, size: number, form: number, from: number): number {
    const signed = this.isBid ? key : -key;
    const at = this.#find(signed, from);
    if (at < this.#length && this.#keys[at] === signed) {
      const before = this.#sizes[at]!;
      if (before !== 0 && this.#forms[at] === AS_TEXT) this.#texts.delete(key);
      this.#sizes[at] = size;
      this.#forms[at] = form;
      if (size === 0) {
        if (before !== 0) this.count -= 1;
        if (at === this.#length - 1) this.#trim();
      } else if (before === 0) this.count += 1;
      return at;
    }
    if (size === 0) return at;
    const free = this.#open(at, signed);
    this.#keys[free] = signed;
    this.#sizes[free] = size;
    this.#forms[free] = form;
    this.count += 1;
    return free;
  }

  /** Where the key is or would be, looked for below `from` when it is there, else from the best on: most changes are near it. */
  #find(key: number, from: number): number {
    const keys = this.#keys;
    let high = from < this.#length && keys[from]! >= key ? from : this.#length;
    // A step at a time first: where the next change is near, its distance is all that has to be guessed.
    for (const near = Math.max(0, high - NEAR); high > near; high -= 1) if (keys[high - 1]! < key) return high;
    let step = 1;
    while (step <= high && keys[high - step]! >= key) {
      high -= step;
      step *= 2;
    }
    let low = step > high ? 0 : high - step + 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Opens a place for a key that would be at `at`, and says which. */
  #open(at: number, key: number): number {
    const sizes = this.#sizes;
    const length = this.#length;
    const above = Math.min(length, at + REACH);
    for (let k = at; k < above; k += 1) {
      if (sizes[k] !== 0) continue;
      this.#moveUp(at, k);
      return at;
    }
    const below = Math.max(0, at - REACH);
    for (let k = at - 1; k >= below; k -= 1) {
      if (sizes[k] !== 0) continue;
      this.#moveDown(k, at - 1);
      return at - 1;
    }
    if (length === this.#keys.length) {
      if (2 * this.count > length) this.#grow();
      else {
        this.#closeUp();
        return this.#open(this.#find(key, this.#length), key);
      }
    }
    if (length - at <= REACH) this.#moveUp(at, length);
    else {
      this.#keys.copyWithin(at + 1, at, length);
      this.#sizes.copyWithin(at + 1, at, length);
      this.#forms.copyWithin(at + 1, at, length);
    }
    this.#length += 1;
    return at;
  }

  /** Moves the levels of `[from, to)` one place up; what was at `to` is lost. */
  #moveUp(from: number, to: number): void {
    const keys = this.#keys;
    const sizes = this.#sizes;
    const forms = this.#forms;
    for (let k = to; k > from; k -= 1) {
      keys[k] = keys[k - 1]!;
      sizes[k] = sizes[k - 1]!;
      forms[k] = forms[k - 1]!;
    }
  }

  /** Moves the levels of `(from, to]` one place down; what was at `from` is lost. */
  #moveDown(from: number, to: number): void {
    const keys = this.#keys;
    const sizes = this.#sizes;
    const forms = this.#forms;
    for (let k = from; k < to; k += 1) {
      keys[k] = keys[k + 1]!;
      sizes[k] = sizes[k + 1]!;
      forms[k] = forms[k + 1]!;
    }
  }

  /** The best level went: the empty places behind the next one go with it. */
  #trim(): void {
    while (this.#length > 0 && this.#sizes[this.#length - 1] === 0) this.#length -= 1;
  }

  /** Takes the empty places out. */
  #closeUp(): void {
    let to = 0;
    for (let from = 0; from < this.#length; from += 1) {
      if (this.#sizes[from] === 0) continue;
      this.#keys[to] = this.#keys[from]!;
      this.#sizes[to] = this.#sizes[from]!;
      this.#forms[to] = this.#forms[from]!;
      to += 1;
    }
    this.#length = to;
  }

  #grow(): void {
    const room = 2 * this.#keys.length;
    const keys = new Float64Array(room);
    const sizes = new Float64Array(room);
    const forms = new Uint16Array(room);
    keys.set(this.#keys);
    sizes.set(this.#sizes);
    forms.set(this.#forms);
    this.#keys = keys;
    this.#sizes = sizes;
    this.#forms = forms;
  }
}

export type Levels = readonly Level[];

/** Checks a whole list before any of it is applied. */
export function checkLevels(value: unknown, path: string, most: number): Levels {
  if (!Array.isArray(value)) throw new ShapeError(path, "is no list of levels");
  if (value.length > most) throw new ShapeError(path, `has ${value.length} levels, allowed are ${most}`);
  for (let at = 0; at < value.length; at += 1) {
    const level: unknown = value[at];
    if (!Array.isArray(level) || typeof level[0] !== "string" || priceKey(level[0]) < 0 || !isSize(level[1])) {
      throw new ShapeError(`${path}[${at}]`, "is no pair of price and size");
    }
  }
  return value as Levels;
}
