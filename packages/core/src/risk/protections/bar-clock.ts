import type { TimeUs } from "../../model/time.ts";

/** By instrument. */
export interface CarriedBarClock {
  readonly closed: readonly number[];
  readonly lastCloseUs: readonly number[];
}

/** Counts the closed bars of each instrument, whatever series they come from: closes of one instant count once. */
export class BarClock {
  private readonly closed: Float64Array;
  private readonly lastCloseUs: Float64Array;

  constructor(instrumentCount: number) {
    this.closed = new Float64Array(instrumentCount);
    this.lastCloseUs = new Float64Array(instrumentCount).fill(Number.NEGATIVE_INFINITY);
  }

  onBarClose(instrumentIndex: number, closeUs: TimeUs): void {
    if (!(closeUs > this.lastCloseUs[instrumentIndex]!)) return;
    this.lastCloseUs[instrumentIndex] = closeUs;
    this.closed[instrumentIndex] = this.closed[instrumentIndex]! + 1;
  }

  carry(): CarriedBarClock {
    return { closed: Array.from(this.closed), lastCloseUs: Array.from(this.lastCloseUs) };
  }

  resume(carried: CarriedBarClock): void {
    this.closed.set(carried.closed);
    this.lastCloseUs.set(carried.lastCloseUs);
  }

  /** Bars closed so far. */
  closedBars(instrumentIndex: number): number {
    return this.closed[instrumentIndex]!;
  }

  /**
   * Number, from 1, of the bar in which something happened that is told now: the next bar to close, unless the instant lies before
   * the last close, whose bar then held it. A fill at the very instant of a close is one at the open of the next bar.
   */
  barOf(instrumentIndex: number, timeUs: TimeUs): number {
    return this.closed[instrumentIndex]! + (this.lastCloseUs[instrumentIndex]! > timeUs ? 0 : 1);
  }
}
