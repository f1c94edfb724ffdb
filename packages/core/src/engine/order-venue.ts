import type { Order } from "../orders/order.ts";
import type { Execution } from "../simulator/venue-port.ts";
import type { VenueTerms } from "../simulator/venue-terms.ts";

/**
 * Where orders go: the simulated venue, which answers at once, or the outbox of a live engine, whose answers come as facts.
 * What it says of an order reaches the engine through the same sink in both.
 */
export interface OrderVenue {
  /** Costs that sizes are worsened by. */
  readonly terms: VenueTerms;
  /** False where an order keeps the terms that it was sent with until it ends: at spot venues. */
  readonly canAmend: boolean;
  submit(order: Order, timeUs: number, lastUnits: number, live: boolean): void;
  submitLeg(leg: Order, entry: Order, execution: Execution, stopUnits: number, timeUs: number): void;
  cancel(order: Order, cause: number, timeUs: number): void;
  amended(order: Order, lastUnits: number): void;
  /** True for an order that was decided and is kept back: no venue knows it, and nothing is locked for it. Absent where none is. */
  holds?(order: Order): boolean;
  /** False where the venue would take no such order: too few lots, or too little money at that price. Absent where every size is taken. */
  takes?(instrumentIndex: number, lots: number, units: number): boolean;
}
