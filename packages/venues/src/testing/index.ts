export { binancePlace } from "./binance-place.ts";
export { type RawAnswer, RawClient, type RawSocket } from "./raw-client.ts";
export { venueContract } from "./venue-contract.ts";
export type { VenuePlace } from "./venue-hand.ts";
export type { VenueLaw } from "./venue-law.ts";
export { barsThrough, type VenueWorld, venueClockOf, venueWorld, WORLD_START_US } from "./venue-world.ts";
