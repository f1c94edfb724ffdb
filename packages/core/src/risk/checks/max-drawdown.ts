import { causeCode } from "../../model/event.ts";
import { type EquityMarks, lossQuanta } from "../equity-marks.ts";
import type { ResolvedLoss } from "../risk-limits.ts";
import type { Refusal } from "../risk-view.ts";

export const MAX_DRAWDOWN = causeCode("max-drawdown");

/** The fall below a peak (of all time, or of the day), once it has reached the limit. */
export function drawdownReached(marks: EquityMarks, peak: number, limit: ResolvedLoss): Refusal | undefined {
  const present = peak - marks.last;
  const most = lossQuanta(limit, peak);
  return present >= most ? { cause: MAX_DRAWDOWN, present, limit: most } : undefined;
}
