import { HOLES, Literal, type MessageForm } from "./message-form.ts";
import { POWERS_OF_TEN } from "./powers-of-ten.ts";

/** Longest message that is scanned, in bytes; a longer one is read the long way. */
const MOST_BYTES = 262_144;
/** Room behind the longest message for what is read in pieces. */
const SLACK = 16;

/**
 * Reads one message byte by byte in the order in which the venue writes it, into numbers and columns, without an object on the way. Each step says
 * false where something else stands than is expected exactly: then nothing was understood and the message has to be read the long way, which alone
 * decides what is wrong with it. Numbers are taken only where they are exact in a double and written without needless zeros in front.
 */
export class ByteScan {
  at = 0;
  private length = 0;
  private readonly bytes = new Uint8Array(MOST_BYTES + SLACK);
  private readonly view = new DataView(this.bytes.buffer);

  /** Begins with a message; false when it is too long. */
  begin(message: Uint8Array): boolean {
    const { length } = message;
    if (length > MOST_BYTES) return false;
    this.bytes.set(message);
    // No step goes over a zero, so none of them has to ask for the end.
    this.bytes[length] = 0;
    this.length = length;
    this.at = 0;
    return true;
  }

  get isAtEnd(): boolean {
    return this.at === this.length;
  }

  /** Whether the text stands here; goes behind it. */
  literal({ eights, lastEight, firstFour, lastFour, bytes: short, length }: Literal): boolean {
    const { at, bytes, view } = this;
    if (at + length > this.length) return false;
    if (length >= 8) {
      for (let k = 0; k < eights.length; k += 1) if (view.getFloat64(at + 8 * k, true) !== eights[k]!) return false;
      if (view.getFloat64(at + length - 8, true) !== lastEight) return false;
    } else if (length >= 4) {
      if (view.getInt32(at, true) !== firstFour || view.getInt32(at + length - 4, true) !== lastFour) return false;
    } else {
      for (let k = 0; k < length; k += 1) if (bytes[at + k] !== short[k]!) return false;
    }
    this.at = at + length;
    return true;
  }

  /** Whether this character stands here; goes behind it. */
  byte(code: number): boolean {
    if (this.bytes[this.at] !== code) return false;
    this.at += 1;
    return true;
  }

  /** Whether this character stands here; stays before it. */
  isNext(code: number): boolean {
    return this.bytes[this.at] === code;
  }

  /** True or false into `values[index]`, as one or zero. */
  flag(values: Float64Array, index: number): boolean {
    const isTrue = this.literal(TRUE);
    values[index] = isTrue ? 1 : 0;
    return isTrue || this.literal(FALSE);
  }

  /** Whether fields stand here as a form has them, each with what is behind it; then their values are in `values` and `decimals`. */
  fields(fields: MessageForm["fields"], values: Float64Array, decimals: Uint8Array): boolean {
    for (let k = 0; k < fields.length; k += 1) {
      const { kind, index, after } = fields[k]!;
      if (kind === HOLES.decimal) {
        if (!this.decimal(values, decimals, index)) return false;
      } else if (kind === HOLES.whole) {
        if (!this.whole(values, index)) return false;
      } else if (kind === HOLES.anyWhole) {
        if (!this.skipWhole()) return false;
      } else if (kind === HOLES.anyDecimal) this.skipDecimal();
      else if (!this.flag(values, index)) return false;
      if (!this.literal(after)) return false;
    }
    return true;
  }

  /** A whole number that nobody asks for; may be negative. */
  private skipWhole(): boolean {
    const { bytes } = this;
    let at = bytes[this.at] === MINUS ? this.at + 1 : this.at;
    const start = at;
    while ((bytes[at]! - 48) >>> 0 <= 9) at += 1;
    this.at = at;
    return at > start && (bytes[start] !== 48 || at === start + 1);
  }

  /** Digits and points that nobody asks for. */
  private skipDecimal(): void {
    const { bytes } = this;
    let { at } = this;
    while ((bytes[at]! - 48) >>> 0 <= 9 || bytes[at] === POINT) at += 1;
    this.at = at;
  }

  /** {@link hashOf} of the message. */
  hash(from: number): number {
    return hashOf(this.bytes, from, this.length);
  }

  /** A whole number of zero or more, up to 2^53 - 1, into `values[index]`. */
  whole(values: Float64Array, index: number): boolean {
    const { bytes, view } = this;
    let { at } = this;
    const start = at;
    let value = 0;
    for (let four = fourDigits(view.getInt32(at, true)); four >= 0; four = fourDigits(view.getInt32(at, true))) {
      value = value * 10_000 + four;
      at += 4;
    }
    for (let digit = bytes[at]! - 48; digit >>> 0 <= 9; digit = bytes[at]! - 48) {
      value = value * 10 + digit;
      at += 1;
    }
    const digits = at - start;
    // Beyond 2^53 the sum is rounded, but never to below it.
    if (digits === 0 || digits > 16 || value > Number.MAX_SAFE_INTEGER || (bytes[start] === 48 && digits > 1)) return false;
    values[index] = value;
    this.at = at;
    return true;
  }

  /**
   * A decimal of zero or more: the count of its last decimal into `values[index]`, how many decimals it has into `decimals[index]`. At most 15
   * decimals and a count of 2^53 - 1.
   */
  decimal(values: Float64Array, decimals: Uint8Array, index: number): boolean {
    const { bytes, view } = this;
    let { at } = this;
    const start = at;
    let count = 0;
    let digit = bytes[at]! - 48;
    // Nine digits at most fit the arithmetic of small numbers.
    for (const end = at + 9; digit >>> 0 <= 9 && at < end; digit = bytes[at]! - 48) {
      count = (Math.imul(count, 10) + digit) | 0;
      at += 1;
    }
    let large: number = count;
    for (; digit >>> 0 <= 9; digit = bytes[at]! - 48) {
      large = large * 10 + digit;
      at += 1;
    }
    const digits = at - start;
    if (digits === 0 || digits > 16 || (bytes[start] === 48 && digits > 1)) return false;
    let scale = 0;
    if (digit === -2) {
      at += 1;
      const high = fourDigits(view.getInt32(at, true));
      const low = fourDigits(view.getInt32(at + 4, true));
      // The venue writes eight decimals nearly always.
      if (high >= 0 && low >= 0 && (bytes[at + 8]! - 48) >>> 0 > 9) {
        scale = 8;
        large = large * 100_000_000 + (high * 10_000 + low);
        at += 8;
      } else {
        const point = at;
        let fraction = 0;
        for (digit = bytes[at]! - 48; digit >>> 0 <= 9; digit = bytes[at]! - 48) {
          fraction = fraction * 10 + digit;
          at += 1;
        }
        scale = at - point;
        if (scale === 0 || scale > 15) return false;
        large = large * POWERS_OF_TEN[scale]! + fraction;
      }
    }
    if (large > Number.MAX_SAFE_INTEGER) return false;
    values[index] = large;
    decimals[index] = scale;
    this.at = at;
    return true;
  }
}

/** A number of 30 bits that stands for the bytes from `from` up to the next quotation mark; the same for the same bytes. */
export function hashOf(bytes: Uint8Array, from: number, to = bytes.length): number {
  let hash = 0;
  for (let at = from; at < to && bytes[at] !== QUOTE; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash & 0x3fffffff;
}

const MINUS = 45;
const POINT = 46;
const QUOTE = 34;
const TRUE = new Literal("true");
const FALSE = new Literal("false");

/** Four characters, the first in the lowest byte, as a number; -1 when one of them is no digit. */
function fourDigits(word: number): number {
  const digits = word ^ 0x30303030;
  if (((digits | (digits + 0x06060606)) & 0xf0f0f0f0) !== 0) return -1;
  const pairs = (Math.imul(digits, 10) + (digits >>> 8)) & 0x00ff00ff;
  return (pairs & 0xff) * 100 + (pairs >>> 16);
}
