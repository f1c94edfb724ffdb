import { US_PER_DAY } from "../model/time.ts";

export interface CarriedSamples {
  readonly timesUs: readonly number[];
  readonly values: readonly number[];
  readonly sessionEndUs: number;
}

/** Equity at the end of each UTC day that had bars, the opening equity first: the one series that ratios are made of. */
export class EquitySamples {
  readonly timesUs: number[] = [];
  readonly values: number[] = [];
  /** End of the day being sampled; -Infinity before the run starts. */
  sessionEndUs = Number.NEGATIVE_INFINITY;
  private readonly opening: number;

  constructor(opening: number) {
    this.opening = opening;
  }

  openSession(firstUs: number): void {
    this.timesUs.push(firstUs);
    this.values.push(this.opening);
    this.sessionEndUs = (Math.floor(firstUs / US_PER_DAY) + 1) * US_PER_DAY;
  }

  /** Called with each bar close; when it lies in a later day, the day before ends with the last equity seen. */
  roll(closeUs: number, lastCloseUs: number, lastEquity: number): void {
    if (closeUs <= this.sessionEndUs) return;
    if (lastCloseUs > this.timesUs[this.timesUs.length - 1]!) {
      this.timesUs.push(lastCloseUs);
      this.values.push(lastEquity);
    }
    this.sessionEndUs = Math.ceil(closeUs / US_PER_DAY) * US_PER_DAY;
  }

  carry(): CarriedSamples {
    return { timesUs: [...this.timesUs], values: [...this.values], sessionEndUs: this.sessionEndUs };
  }

  resume(carried: CarriedSamples): void {
    this.timesUs.push(...carried.timesUs);
    this.values.push(...carried.values);
    this.sessionEndUs = carried.sessionEndUs;
  }

  close(timeUs: number, equity: number): void {
    const last = this.timesUs.length - 1;
    if (last > 0 && this.timesUs[last] === timeUs) this.values[last] = equity;
    else if (last >= 0) {
      this.timesUs.push(timeUs);
      this.values.push(equity);
    }
  }
}
