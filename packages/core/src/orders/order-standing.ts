import type { OrderSource } from "../model/order-terms.ts";
import type { TimeUs } from "../model/time.ts";

/** What a runtime asks about an order. */
export interface OrderStanding {
  /** When it was decided. */
  readonly submittedUs: TimeUs;
  readonly filledLots: number;
  /** At work, or of unknown outcome. */
  readonly mayFill: boolean;
  /** Its venue has said that it works. */
  readonly isPlaced: boolean;
  /** `OrderFlag` bits. */
  readonly flags: number;
  readonly source: OrderSource;
  /** The entry that it belongs to; 0 for none. */
  readonly parentId: number;
}
