import { ShapeError } from "./schema.ts";

/** Prices are compared as whole counts of 10^-8, exact below 90 million. */
const SCALE = 8;

/** A price as a count of 10^-8; -1 when the text is no plain decimal above zero that fits. Written out because books take a hundred of them a message. */
export function priceKey(text: string): number {
  let count = 0;
  let decimals = -1;
  const { length } = text;
  if (length === 0 || length > 24) return -1;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 46) {
      if (decimals >= 0 || at === 0) return -1;
      decimals = 0;
    } else {
      const digit = code - 48;
      if (digit < 0 || digit > 9) return -1;
      if (decimals >= SCALE) {
        // Finer than we count: only zeros may stand here.
        if (digit !== 0) return -1;
      } else {
        count = count * 10 + digit;
        if (decimals >= 0) decimals += 1;
      }
    }
  }
  for (let k = Math.max(0, decimals); k < SCALE; k += 1) count *= 10;
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

/** One side of a book, sorted with the best price last, where changes are frequent and cheap. Prices and sizes stay the venue's own texts. */
export class DepthSide {
  readonly isBid: boolean;
  #keys: number[] = [];
  #levels: Level[] = [];

  constructor(isBid: boolean) {
    this.isBid = isBid;
  }

  get count(): number {
    return this.#keys.length;
  }

  /** Key of the best price; -1 when the side is empty. */
  get bestKey(): number {
    return this.#keys.at(-1) ?? -1;
  }

  /** Counted from the best; `undefined` beyond the last. */
  level(fromBest: number): Level | undefined {
    return this.#levels[this.#levels.length - 1 - fromBest];
  }

  clear(): void {
    this.#keys = [];
    this.#levels = [];
  }

  /** Sets the size at a price, or takes the level out. The level was checked by {@link checkLevels}. */
  set(level: Level): void {
    const key = priceKey(level[0]);
    const at = this.#find(key);
    const isThere = this.#keys[at] === key;
    if (isNothing(level[1])) {
      if (!isThere) return;
      this.#keys.splice(at, 1);
      this.#levels.splice(at, 1);
    } else if (isThere) {
      this.#levels[at] = level;
    } else {
      this.#keys.splice(at, 0, key);
      this.#levels.splice(at, 0, level);
    }
  }

  /** Where the key is or would be: bids rise towards the end, asks fall. */
  #find(key: number): number {
    const keys = this.#keys;
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const before = this.isBid ? keys[middle]! < key : keys[middle]! > key;
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
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
