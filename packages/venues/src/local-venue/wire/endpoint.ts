import type { VenueCore } from "./venue-core.ts";
import type { WireParameters } from "./wire-parameters.ts";

/** A call that passed the gate, with what it may see and do. */
export interface Call {
  readonly core: VenueCore;
  readonly parameters: WireParameters;
  /** Empty for public calls. */
  readonly accountId: string;
  /** How far behind the truth the answer is taken from. */
  readonly lagUs: number;
}

/** One thing that the venue can be asked, over REST and over the WebSocket API alike. */
export interface Endpoint {
  /** Method and path. */
  readonly rest: string;
  /** Method of the WebSocket API; absent where there is none. */
  readonly ws?: string;
  readonly weight: number | ((parameters: WireParameters) => number);
  readonly security: "none" | "read" | "trade";
  /** Which replica may lag behind for it. */
  readonly replica?: "read-lag" | "balance-lag";
  /** What it does to the engine. */
  readonly enters?: "order" | "cancel" | "cancel-all";
  run(call: Call): unknown;
}
