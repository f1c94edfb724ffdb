import type { ExecutionClient, VenueOrder } from "@tradepulse/venues";

/** The venue as a sentinel sees it: it reads and cancels. There is no way to submit an order from here, not even by mistake. */
export type CancelClient = Pick<ExecutionClient, "venue" | "budget" | "horizonUs" | "measureClock" | "openOrders" | "cancel" | "cancelAll">;

/** What becomes of orders that work while nobody may trade. */
export type SentinelAction =
  /** All of them are canceled. */
  | "cancel-all"
  /** All but stops that sell: on a spot account those only make a position smaller. */
  | "keep-stops"
  /** They stay; the latch is tripped and a person is called. */
  | "halt";

/** True for an order that has to go. */
export function mustGo(order: VenueOrder, action: SentinelAction): boolean {
  if (action === "halt") return false;
  return action === "cancel-all" || order.side !== "sell" || !isStop(order);
}

function isStop({ type, stopPrice }: VenueOrder): boolean {
  return /stop/i.test(type) && Number(stopPrice) > 0;
}
