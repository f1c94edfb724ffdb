/** Columns of prices and volume as scanned; wide closes give one column four times. */
export interface PriceColumns {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** `undefined` when the file has none. */
  readonly volume: Float64Array | undefined;
}

/** The first row that no bar may look like. */
export interface BadBar {
  readonly row: number;
  readonly problem: "not-positive" | "negative-volume" | "high-below-low";
  readonly part: "open" | "high" | "low" | "close" | "volume";
}

/** What the rows that may stay look like. */
export interface BarCounts {
  /** Bars whose open or close lies outside low to high by more than 10^-9 of the price. */
  readonly outsideRange: number;
  readonly firstOutsideRange: number;
  readonly zeroVolume: number;
}

const RANGE_SLACK = 1e-9;

/** Finds the first bar with a price at or below zero, a negative volume, or a high below its low; else counts oddities. */
export function checkBars(columns: PriceColumns): BadBar | BarCounts {
  const { open, high, low, close, volume } = columns;
  let outsideRange = 0;
  let firstOutsideRange = -1;
  let zeroVolume = 0;
  for (let row = 0; row < close.length; row += 1) {
    const o = open[row]!;
    const h = high[row]!;
    const l = low[row]!;
    const c = close[row]!;
    if (!(l > 0 && o > 0 && c > 0 && h >= l)) return badBar(row, o, h, l, c);
    if ((o > h || c > h || o < l || c < l) && Math.max(o - h, c - h, l - o, l - c) > RANGE_SLACK * h) {
      if (outsideRange === 0) firstOutsideRange = row;
      outsideRange += 1;
    }
  }
  if (volume !== undefined) {
    for (let row = 0; row < volume.length; row += 1) {
      const v = volume[row]!;
      if (v > 0) continue;
      if (v < 0) return { row, problem: "negative-volume", part: "volume" };
      zeroVolume += 1;
    }
  }
  return { outsideRange, firstOutsideRange, zeroVolume };
}

function badBar(row: number, open: number, high: number, low: number, close: number): BadBar {
  const parts = { open, high, low, close };
  for (const part of ["open", "high", "low", "close"] as const) {
    if (!(parts[part] > 0)) return { row, problem: "not-positive", part };
  }
  return { row, problem: "high-below-low", part: "high" };
}

/** The first row whose time is not after the one above it; -1 when all are. */
export function firstOutOfOrder(timeUs: Float64Array): number {
  for (let row = 1; row < timeUs.length; row += 1) if (!(timeUs[row]! > timeUs[row - 1]!)) return row;
  return -1;
}
