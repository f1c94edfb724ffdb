import { causeCode } from "../../model/event.ts";
import type { RiskCheck } from "./risk-check.ts";

const MAX_GROSS_EXPOSURE = causeCode("max-gross-exposure");

/** Refuses an order that could carry the sum of the absolute values of all positions above `limit` quanta. One that does not make the worst case worse passes. */
export function maxGrossExposureCheck(limit: number): RiskCheck {
  return {
    check(_order, _view, { reservations }) {
      const present = reservations.after.gross;
      return present <= limit || present <= reservations.before.gross ? undefined : { cause: MAX_GROSS_EXPOSURE, present, limit };
    },
  };
}
