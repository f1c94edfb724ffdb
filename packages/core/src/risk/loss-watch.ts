import { causeText } from "../model/event.ts";
import { ConsecutiveLosses, MAX_CONSECUTIVE_LOSSES } from "./checks/max-consecutive-losses.ts";
import { dailyLossReached, MAX_DAILY_LOSS } from "./checks/max-daily-loss.ts";
import { drawdownReached, MAX_DRAWDOWN } from "./checks/max-drawdown.ts";
import { type CarriedMarks, EquityMarks } from "./equity-marks.ts";
import type { ResolvedLimits } from "./risk-limits.ts";
import type { ClosedTrade, Refusal } from "./risk-view.ts";
import type { TradingStateLatch } from "./trading-state.ts";

export interface CarriedLosses {
  readonly marks: CarriedMarks;
  readonly inARow: number;
}

/**
 * Loss limits: at every mark and every closed trade they may latch reduce-only. A latch stays until it is re-armed on purpose, but
 * for the daily loss, whose limit is per day: its latch ends with the day, unless `dailyLossRelease` is `"rearm"`. While another limit
 * holds as well, the end of the day changes nothing.
 */
export class LossWatch {
  readonly watchesEquity: boolean;
  readonly watchesTrades: boolean;
  private readonly limits: ResolvedLimits;
  private readonly latch: TradingStateLatch;
  private readonly marks = new EquityMarks();
  private readonly streak: ConsecutiveLosses;

  constructor(limits: ResolvedLimits, latch: TradingStateLatch) {
    this.limits = limits;
    this.latch = latch;
    this.streak = new ConsecutiveLosses(limits.maxConsecutiveLosses);
    this.watchesEquity =
      limits.maxDailyLoss !== undefined || limits.maxDrawdownFromPeak !== undefined || limits.maxDrawdownFromDayStart !== undefined;
    this.watchesTrades = limits.maxConsecutiveLosses < Number.POSITIVE_INFINITY;
  }

  /** A new day starts with the last equity of the old one and, if so configured, without the latch of its loss. */
  enterDay(nowUs: number): void {
    if (!this.marks.enterDay(nowUs)) return;
    if (this.limits.dailyLossRelease === "next-day") this.latch.release(MAX_DAILY_LOSS, "a new day began", nowUs);
  }

  onMark(nowUs: number, equity: number): void {
    const { limits, marks } = this;
    this.enterDay(nowUs);
    marks.record(equity);
    if (limits.maxDailyLoss !== undefined) this.hold(MAX_DAILY_LOSS, dailyLossReached(marks, limits.maxDailyLoss), nowUs);
    if (limits.maxDrawdownFromPeak !== undefined)
      this.hold(MAX_DRAWDOWN, drawdownReached(marks, marks.peak, limits.maxDrawdownFromPeak), nowUs);
    if (limits.maxDrawdownFromDayStart !== undefined) {
      this.hold(MAX_DRAWDOWN, drawdownReached(marks, marks.dayPeak, limits.maxDrawdownFromDayStart), nowUs);
    }
  }

  onClosedTrade(trade: ClosedTrade): void {
    this.hold(MAX_CONSECUTIVE_LOSSES, this.streak.onClosedTrade(trade.profit), trade.exitUs);
  }

  carry(): CarriedLosses {
    return { marks: this.marks.carry(), inARow: this.streak.count };
  }

  resume(carried: CarriedLosses): void {
    this.marks.resume(carried.marks);
    this.streak.count = carried.inARow;
  }

  rebase(): void {
    this.marks.rebase();
    this.streak.count = 0;
  }

  private hold(cause: number, reached: Refusal | undefined, timeUs: number): void {
    if (reached !== undefined) this.latch.latchReduceOnly(reached, causeText(cause), timeUs);
  }
}
