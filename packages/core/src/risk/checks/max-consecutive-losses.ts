import { causeCode } from "../../model/event.ts";
import type { Refusal } from "../risk-view.ts";

export const MAX_CONSECUTIVE_LOSSES = causeCode("max-consecutive-losses");

/** Counts losing trades in a row over the whole account. A trade that lost nothing starts the count again. */
export class ConsecutiveLosses {
  count = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Takes the net profit of a closed trade; answers once the count has reached the limit. */
  onClosedTrade(profit: number): Refusal | undefined {
    this.count = profit < 0 ? this.count + 1 : 0;
    return this.count >= this.limit ? { cause: MAX_CONSECUTIVE_LOSSES, present: this.count, limit: this.limit } : undefined;
  }
}
