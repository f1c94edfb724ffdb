import type { Engine } from "@tradepulse/core";
import type { LiveInstrument, LiveSession } from "@tradepulse/live";
import type { E8 } from "@tradepulse/venues";
import type { Exchange } from "../../packages/venues/src/local-venue/exchange/exchange.ts";
import type { OrderView } from "../../packages/venues/src/local-venue/exchange/exchange-order.ts";

/** The venue as its truth is known, whatever edge it is reached by. */
export interface JudgedVenue {
  readonly exchange: Exchange;
  readonly symbols: readonly string[];
  /** Bans that the venue gave for what we did. */
  readonly bansGiven: number;
  /** Free and locked together, of the account that is traded. */
  held(asset: string): E8;
  openOrders(): readonly OrderView[];
}

/** The trader whose claims are judged. */
export interface JudgedTrader {
  readonly engine: Engine | undefined;
  readonly session: LiveSession | undefined;
  readonly instruments: readonly LiveInstrument[];
}
