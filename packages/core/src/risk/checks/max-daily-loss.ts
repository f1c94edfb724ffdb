import { causeCode } from "../../model/event.ts";
import { type EquityMarks, lossQuanta } from "../equity-marks.ts";
import type { ResolvedLoss } from "../risk-limits.ts";
import type { Refusal } from "../risk-view.ts";

export const MAX_DAILY_LOSS = causeCode("max-daily-loss");

/** The loss since the start of the UTC day, unrealised included, once it has reached the limit. */
export function dailyLossReached(marks: EquityMarks, limit: ResolvedLoss): Refusal | undefined {
  const present = marks.dayStart - marks.last;
  const most = lossQuanta(limit, marks.dayStart);
  return present >= most ? { cause: MAX_DAILY_LOSS, present, limit: most } : undefined;
}
