import { powerOfTen } from "@tradepulse/core";

/** Decimals of the finest tick that is inferred. */
const MOST_DECIMALS = 9;
const USUAL_SCALE = 8;
/** A price and its product with a power of ten are each off by half a last bit; up to this count, rounding still finds the right one. */
const LARGEST_COUNT = 2 ** 50;
/** Moving a price onto its unit may change it by no more than this fraction. */
const LARGEST_MOVE = 1e-4;
/** Below this fraction a price is the same number: its last digits are noise of a computation. */
const NOISE = 1e-9;

/** The unit that prices of a dataset are counted in, 10^-scale, and how many decimals show them all. */
export interface PriceUnit {
  readonly scale: number;
  readonly displayDecimals: number;
  /** Prices that are not whole counts of the unit and have to be moved onto it. */
  readonly offUnit: number;
  /** The largest relative change that moves them. */
  readonly largestMove: number;
}

/**
 * The price unit of a dataset: 10^-8, or 10^-9 where its prices need it, or coarser where they are too large to be
 * counted so finely. Displayed is the largest power of ten from 1 down to 10^-9 that holds every price; prices that none holds
 * are noise of a computation (49.27333450317383) and are moved onto the unit. `digits` bounds the digits after the point,
 * as written; `Infinity` when it is not known. `"too-small"` or `"too-large"` when no unit can hold the prices.
 */
export function priceUnitOf(columns: readonly Float64Array[], digits: number): PriceUnit | "too-small" | "too-large" {
  const largest = columns.reduce((most, column) => Math.max(most, greatest(column)), 0);
  let finest = MOST_DECIMALS;
  while (finest > 0 && largest * powerOfTen(finest) > LARGEST_COUNT) finest -= 1;
  if (largest > LARGEST_COUNT) return "too-large";
  const decimals = digits <= finest ? fewestDecimals(columns, digits) : decimalsOf(columns, finest);
  if (decimals !== undefined) {
    return { scale: Math.max(decimals, Math.min(USUAL_SCALE, finest)), displayDecimals: decimals, offUnit: 0, largestMove: 0 };
  }
  let scale = Math.min(USUAL_SCALE, finest);
  let moved = movement(columns, scale);
  if (moved.largestMove > NOISE && scale < finest) {
    scale = finest;
    moved = movement(columns, scale);
  }
  return moved.largestMove > LARGEST_MOVE ? "too-small" : { scale, displayDecimals: scale, ...moved };
}

/** Moves every price of a column to the nearest whole count of 10^-scale, in place. */
export function snapToUnit(column: Float64Array, scale: number): void {
  const power = powerOfTen(scale);
  for (let row = 0; row < column.length; row += 1) column[row] = Math.round(column[row]! * power) / power;
}

/** The largest value of a column; 0 for an empty one. */
export function greatest(column: Float64Array): number {
  let most = 0;
  for (let row = 0; row < column.length; row += 1) most = Math.max(most, column[row]!);
  return most;
}

/** Steps down from a bound that holds all prices; nearly always the first few prices stop it. */
function fewestDecimals(columns: readonly Float64Array[], bound: number): number {
  let decimals = bound;
  while (decimals > 0 && columns.every((column) => firstOff(column, decimals - 1, 0) === column.length)) decimals -= 1;
  return decimals;
}

/** The fewest decimals, at most `most`, that hold every price; `undefined` when none do. */
function decimalsOf(columns: readonly Float64Array[], most: number): number | undefined {
  let decimals = 0;
  for (const column of columns) {
    for (let row = firstOff(column, decimals, 0); row < column.length; row = firstOff(column, decimals, row)) {
      decimals += 1;
      if (decimals > most) return undefined;
    }
  }
  return decimals;
}

/** The first row from `start` on whose price is no whole count of 10^-decimals; the length when there is none. */
function firstOff(column: Float64Array, decimals: number, start: number): number {
  const power = powerOfTen(decimals);
  for (let row = start; row < column.length; row += 1) {
    if (Math.round(column[row]! * power) / power !== column[row]) return row;
  }
  return column.length;
}

function movement(columns: readonly Float64Array[], scale: number): { offUnit: number; largestMove: number } {
  const power = powerOfTen(scale);
  let offUnit = 0;
  let largestMove = 0;
  for (const column of columns) {
    for (let row = 0; row < column.length; row += 1) {
      const price = column[row]!;
      const snapped = Math.round(price * power) / power;
      if (snapped === price) continue;
      offUnit += 1;
      largestMove = Math.max(largestMove, Math.abs(snapped - price) / price);
    }
  }
  return { offUnit, largestMove };
}
