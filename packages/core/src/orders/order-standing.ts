import type { OrderSource } from "../model/order-terms.ts";

/** What a runtime asks about an order. */
export interface OrderStanding {
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
