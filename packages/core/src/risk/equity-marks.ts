import { mulDivFloor } from "../model/mul-div.ts";
import { BILLION } from "../model/rate.ts";
import { type TimeUs, US_PER_DAY } from "../model/time.ts";
import type { ResolvedLoss } from "./risk-limits.ts";

/** What is carried of the marks; NaN before the first. */
export interface CarriedMarks {
  readonly last: number;
  readonly dayStart: number;
  readonly dayPeak: number;
  readonly peak: number;
  readonly dayEndUs: number;
}

/**
 * Equity where losses are measured from, in quanta, unrealised included. An instant at 00:00 UTC ends the old day, as the bar does
 * that closes then; so the new day starts with the equity of the last mark at or before its midnight.
 */
export class EquityMarks {
  last = Number.NaN;
  dayStart = Number.NaN;
  dayPeak = Number.NaN;
  peak = Number.NaN;
  private dayEndUs = Number.NEGATIVE_INFINITY;

  /** Enters the day of an instant. True when an earlier day ended with it; time that runs backwards ends none. */
  enterDay(nowUs: TimeUs): boolean {
    if (nowUs <= this.dayEndUs) return false;
    const isFirst = this.dayEndUs === Number.NEGATIVE_INFINITY;
    this.dayEndUs = Math.ceil(nowUs / US_PER_DAY) * US_PER_DAY;
    this.dayStart = this.last;
    this.dayPeak = this.last;
    return !isFirst;
  }

  record(equity: number): void {
    this.last = equity;
    // Written so that the first mark, with NaN before it, sets them all.
    if (Number.isNaN(this.dayStart)) this.dayStart = equity;
    if (!(this.dayPeak >= equity)) this.dayPeak = equity;
    if (!(this.peak >= equity)) this.peak = equity;
  }

  carry(): CarriedMarks {
    const { last, dayStart, dayPeak, peak, dayEndUs } = this;
    return { last, dayStart, dayPeak, peak, dayEndUs };
  }

  resume(carried: CarriedMarks): void {
    this.last = carried.last;
    this.dayStart = carried.dayStart;
    this.dayPeak = carried.dayPeak;
    this.peak = carried.peak;
    this.dayEndUs = carried.dayEndUs;
  }

  /** Losses so far are accepted: everything is measured anew from the last mark. */
  rebase(): void {
    this.dayStart = this.last;
    this.dayPeak = this.last;
    this.peak = this.last;
  }
}

/** The loss in quanta that a limit allows, measured from an equity; fractions are rounded down. */
export function lossQuanta(limit: ResolvedLoss, from: number): number {
  return limit.perBillion === 0 ? limit.quanta : mulDivFloor(Math.max(0, Math.floor(from)), limit.perBillion, BILLION);
}
