import type { BarColumns } from "@tradepulse/core";

const UNIT = 1e8;
const MINUTE_US = 60_000_000;

/** xorshift64 (Marsaglia) on two 32-bit halves; the seed and the shifts 13, 7, 17 are those of the reference work. */
class Xorshift64 {
  private hi = Number(88_172_645_463_325_252n >> 32n) | 0;
  private lo = Number(88_172_645_463_325_252n & 0xffff_ffffn) | 0;

  /** A double in [0, 1) from the upper 53 bits. */
  next(): number {
    let { hi, lo } = this;
    hi ^= (hi << 13) | (lo >>> 19);
    lo ^= lo << 13;
    lo ^= (lo >>> 7) | (hi << 25);
    hi ^= hi >>> 7;
    hi ^= (hi << 17) | (lo >>> 15);
    lo ^= lo << 17;
    this.hi = hi;
    this.lo = lo;
    return ((hi >>> 0) * 2_097_152 + (lo >>> 11)) / 9_007_199_254_740_992;
  }

  normal(): number {
    const u = this.next();
    const v = this.next();
    return Math.sqrt(-2 * Math.log(u + 1e-300)) * Math.cos(6.283185307179586 * v);
  }
}

/**
 * The data of goal P1: minute bars of a mean-reverting logarithmic walk around 100, four steps a bar. Prices are rounded to 10^-8 once, so
 * that the engine and the C reference read the same numbers.
 */
export function referenceBars(length: number): BarColumns {
  const column = (): Float64Array => new Float64Array(new SharedArrayBuffer(length * 8));
  const columns = { openUs: column(), closeUs: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
  const random = new Xorshift64();
  const price = (x: number): number => Math.round(100 * Math.exp(x) * UNIT) / UNIT;
  let x = 0;
  for (let i = 0; i < length; i += 1) {
    const start = x;
    let high = x;
    let low = x;
    for (let k = 0; k < 4; k += 1) {
      x += -1e-6 * x + 0.00025 * random.normal();
      if (x > high) high = x;
      if (x < low) low = x;
    }
    columns.openUs[i] = i * MINUTE_US;
    columns.closeUs[i] = (i + 1) * MINUTE_US;
    columns.open[i] = price(start);
    columns.high[i] = price(high);
    columns.low[i] = price(low);
    columns.close[i] = price(x);
  }
  return { length, ...columns, volumeKnown: false };
}
