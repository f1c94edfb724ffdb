export { type RawAnswer, RawClient, type RawSocket } from "./raw-client.ts";
export { barsThrough, type VenueWorld, venueClockOf, venueWorld, WORLD_START_US } from "./venue-world.ts";
