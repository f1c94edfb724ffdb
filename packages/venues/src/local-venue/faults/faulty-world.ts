import { RawClient } from "../../testing/raw-client.ts";
import { type VenueWorld, venueWorld } from "../../testing/venue-world.ts";
import type { FaultRule } from "./fault-board.ts";

export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;

/** A world whose venue has these faults, and a client in it. */
export function worldWith(...faults: FaultRule[]): { world: VenueWorld; client: RawClient } {
  const world = venueWorld({ faults });
  return { world, client: new RawClient(world) };
}

/** A limit order that rests. */
export const ORDER = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  quantity: "1",
  price: "90",
  newClientOrderId: "tp-1",
};
