import { causeCode } from "../../model/event.ts";
import type { RiskCheck } from "./risk-check.ts";

const MAX_NET_EXPOSURE = causeCode("max-net-exposure");

/** Refuses an order that could carry long minus short positions, either way, above `limit` quanta. One that does not make the worst case worse passes. */
export function maxNetExposureCheck(limit: number): RiskCheck {
  return {
    check(_order, _view, { reservations }) {
      const present = reservations.after.net;
      return present <= limit || present <= reservations.before.net ? undefined : { cause: MAX_NET_EXPOSURE, present, limit };
    },
  };
}
