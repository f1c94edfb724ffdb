import { daysFromCivil, US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from "@tradepulse/core";
import type { IsoShape } from "./iso-shape.ts";

/** A whole number: nanoseconds are cut to the digits of their microseconds. */
export interface EpochShape {
  /** Most leading digits that are read, at most 18. */
  readonly keptDigits: number;
  /** Digits that must follow them and are dropped. */
  readonly droppedDigits: 0 | 3;
}

/** Where the fields of a row go. Made once per file. */
export interface RowPlan {
  readonly delimiterByte: number;
  readonly fieldCount: number;
  readonly timeField: number;
  /** Fixed-width date and time, or a number. */
  readonly time: IsoShape | EpochShape;
  /** Per field the column it is written to; `undefined` skips the field. */
  readonly targets: readonly (Float64Array | undefined)[];
  /** Per field the most digits seen after the point; raised by the scan. */
  readonly fractionDigits: Int32Array;
}

/** Where a scan stands: the next byte to read and the next row to write. */
export interface ScanCursor {
  at: number;
  row: number;
}

const ZERO = 48;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const POINT_DIGIT = 46 ^ ZERO;
const QUOTE = 34;
const TWO_53 = 2 ** 53;
/** Two 32-bit loops of nine digits each. */
const MOST_DIGITS = 18;
export const ALL_DIGITS: EpochShape = { keptDigits: MOST_DIGITS, droppedDigits: 0 };
/** A nanosecond number has 19 digits since September 2001, of which 16 are microseconds. */
export const NANOSECOND_DIGITS: EpochShape = { keptDigits: 16, droppedDigits: 3 };

/** Powers of ten that a double holds exactly and that 9 digits can need. */
const TENS = Float64Array.of(
  1,
  1e1,
  1e2,
  1e3,
  1e4,
  1e5,
  1e6,
  1e7,
  1e8,
  1e9,
  1e10,
  1e11,
  1e12,
  1e13,
  1e14,
  1e15,
  1e16,
  1e17,
  1e18,
  1e19,
  1e20,
  1e21,
  1e22,
);

/**
 * Reads plain rows of `bytes[cursor.at, to)` into the columns, as many as fit below `capacity`, and leaves the cursor at the first row that
 * needs the slower reader: one with quotes, signs, exponents, spaces, an empty field, a wrong number of fields, another form
 * of time, or more digits than are exact. `bytes[to - 1]` is a line feed, which ends every loop below without a bounds check.
 *
 * A number is read as one whole number of at most 53 bits and divided once by a power of ten of at most 10^22. Both are
 * exact, so the quotient is the double nearest to the text, the one `Number(text)` gives (W. D. Clinger, "How to read
 * floating point numbers accurately", 1990).
 */
export function scanPlainRows(plan: RowPlan, bytes: Uint8Array, to: number, capacity: number, cursor: ScanCursor): void {
  const { delimiterByte, fieldCount, timeField, targets, fractionDigits } = plan;
  const iso = "dateSeparator" in plan.time ? plan.time : undefined;
  const { keptDigits, droppedDigits } = "keptDigits" in plan.time ? plan.time : ALL_DIGITS;
  const timeColumn = targets[timeField]!;
  const lastField = fieldCount - 1;
  let lastDate = -1;
  let lastDayUs = 0;
  let row = cursor.row;
  let at = cursor.at;
  let rowStart = at;
  rows: while (at < to && row < capacity) {
    rowStart = at;
    for (let field = 0; field < fieldCount; field += 1) {
      if (field === timeField) {
        if (iso === undefined) {
          const start = at;
          const split = start + 9;
          let high = 0;
          let digit = bytes[at]! ^ ZERO;
          while (digit < 10 && at < split) {
            high = ((((high << 2) + high) << 1) + digit) | 0;
            at += 1;
            digit = bytes[at]! ^ ZERO;
          }
          const middle = at;
          const kept = start + keptDigits;
          let low = 0;
          while (digit < 10 && at < kept) {
            low = ((((low << 2) + low) << 1) + digit) | 0;
            at += 1;
            digit = bytes[at]! ^ ZERO;
          }
          const value = high * TENS[at - middle]! + low;
          if (at === start || value >= TWO_53) break rows;
          if (droppedDigits > 0) {
            if (at !== kept || (bytes[at]! ^ ZERO) > 9 || (bytes[at + 1]! ^ ZERO) > 9 || (bytes[at + 2]! ^ ZERO) > 9) break rows;
            at += 3;
          } else if (digit < 10 || digit === POINT_DIGIT) break rows;
          timeColumn[row] = value;
        } else {
          const date =
            (((bytes[at]! ^ ZERO) * 10 + (bytes[at + 1]! ^ ZERO)) * 100 + (bytes[at + 2]! ^ ZERO) * 10 + (bytes[at + 3]! ^ ZERO)) * 10_000 +
            ((bytes[at + 5]! ^ ZERO) * 10 + (bytes[at + 6]! ^ ZERO)) * 100 +
            (bytes[at + 8]! ^ ZERO) * 10 +
            (bytes[at + 9]! ^ ZERO);
          if (bytes[at + 4] !== iso.dateSeparator || bytes[at + 7] !== iso.dateSeparator) break rows;
          if (date !== lastDate) {
            const dayUs = dayUsOf(bytes, at);
            if (dayUs === undefined) break rows;
            lastDate = date;
            lastDayUs = dayUs;
          } else if (!allDigits(bytes, at)) break rows;
          at += 10;
          let timeUs = lastDayUs;
          if (iso.clockSeparator !== 0) {
            const h1 = bytes[at + 1]! ^ ZERO;
            const h0 = bytes[at + 2]! ^ ZERO;
            const m1 = bytes[at + 4]! ^ ZERO;
            const m0 = bytes[at + 5]! ^ ZERO;
            const hour = h1 * 10 + h0;
            if (bytes[at] !== iso.clockSeparator || bytes[at + 3] !== 58 || h1 > 2 || h0 > 9 || hour > 23 || m1 > 5 || m0 > 9) break rows;
            timeUs += hour * US_PER_HOUR + (m1 * 10 + m0) * US_PER_MINUTE;
            at += 6;
            if (iso.hasSeconds) {
              const s1 = bytes[at + 1]! ^ ZERO;
              const s0 = bytes[at + 2]! ^ ZERO;
              if (bytes[at] !== 58 || s1 > 5 || s0 > 9) break rows;
              timeUs += (s1 * 10 + s0) * US_PER_SECOND;
              at += 3;
              if (iso.fractionDigits > 0) {
                if (bytes[at] !== 46) break rows;
                let fraction = 0;
                for (let i = 1; i <= iso.fractionDigits; i += 1) {
                  const digit = bytes[at + i]! ^ ZERO;
                  if (digit > 9) break rows;
                  if (i <= 6) fraction = fraction * 10 + digit;
                }
                timeUs += fraction * iso.fractionScale;
                at += 1 + iso.fractionDigits;
              }
            }
          }
          const { suffix } = iso;
          for (let i = 0; i < suffix.length; i += 1) if (bytes[at + i] !== suffix[i]) break rows;
          at += suffix.length;
          timeColumn[row] = timeUs - iso.offsetUs;
        }
      } else {
        const target = targets[field];
        if (target === undefined) {
          let byte = bytes[at]!;
          while (byte !== delimiterByte && byte !== LINE_FEED && byte !== QUOTE) byte = bytes[++at]!;
          if (byte === QUOTE) break rows;
          // A skipped last field may have run over the carriage return in front of the line feed; both are outside it.
          if (field === lastField && bytes[at - 1] === CARRIAGE_RETURN) at -= 1;
        } else {
          const start = at;
          let whole = 0;
          let digit = bytes[at]! ^ ZERO;
          while (digit < 10) {
            whole = ((((whole << 2) + whole) << 1) + digit) | 0;
            at += 1;
            digit = bytes[at]! ^ ZERO;
          }
          const wholeDigits = at - start;
          if (digit === POINT_DIGIT) {
            at += 1;
            const point = at;
            let part = 0;
            digit = bytes[at]! ^ ZERO;
            while (digit < 10) {
              part = ((((part << 2) + part) << 1) + digit) | 0;
              at += 1;
              digit = bytes[at]! ^ ZERO;
            }
            const places = at - point;
            if (wholeDigits + places === 0) break rows;
            let count = whole * TENS[places]! + part;
            // Nine digits fit the 32-bit loops above; more are read again, wider.
            if (wholeDigits > 9 || places > 9) {
              count = wideCount(bytes, start, at);
              if (places > 22) break rows;
            }
            if (!(count < TWO_53)) break rows;
            target[row] = count / TENS[places]!;
            if (places > fractionDigits[field]!) fractionDigits[field] = places;
          } else {
            if (wholeDigits === 0) break rows;
            if (wholeDigits > 9) {
              const count = wideCount(bytes, start, at);
              if (!(count < TWO_53)) break rows;
              target[row] = count;
            } else target[row] = whole;
          }
        }
      }
      if (field < lastField) {
        if (bytes[at] !== delimiterByte) break rows;
        at += 1;
      } else {
        if (bytes[at] === CARRIAGE_RETURN) at += 1;
        if (bytes[at] !== LINE_FEED) break rows;
        at += 1;
      }
    }
    row += 1;
    rowStart = at;
  }
  cursor.at = rowStart;
  cursor.row = row;
}

/** The digits of `bytes[from, to)` as one number, the point left out. At or above 2^53 when it is not exact. */
function wideCount(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i += 1) {
    const digit = bytes[i]! ^ ZERO;
    if (digit < 10) count = count * 10 + digit;
  }
  return count;
}

function allDigits(bytes: Uint8Array, at: number): boolean {
  return (
    (bytes[at]! ^ ZERO) < 10 &&
    (bytes[at + 1]! ^ ZERO) < 10 &&
    (bytes[at + 2]! ^ ZERO) < 10 &&
    (bytes[at + 3]! ^ ZERO) < 10 &&
    (bytes[at + 5]! ^ ZERO) < 10 &&
    (bytes[at + 6]! ^ ZERO) < 10 &&
    (bytes[at + 8]! ^ ZERO) < 10 &&
    (bytes[at + 9]! ^ ZERO) < 10
  );
}

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Midnight of the ten bytes `YYYY-MM-DD`; `undefined` when they are no date. */
function dayUsOf(bytes: Uint8Array, at: number): number | undefined {
  if (!allDigits(bytes, at)) return undefined;
  const two = (i: number): number => (bytes[at + i]! ^ ZERO) * 10 + (bytes[at + i + 1]! ^ ZERO);
  const year = two(0) * 100 + two(2);
  const month = two(5);
  const day = two(8);
  const longest = DAYS_IN_MONTH[month - 1];
  if (longest === undefined || day < 1 || day > longest) return undefined;
  if (month === 2 && day === 29 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))) return undefined;
  return daysFromCivil(year, month, day) * US_PER_DAY;
}
