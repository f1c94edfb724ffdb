import type { Order } from "../orders/order.ts";

/** One execution, as the venue reports it. The object is used again for the next one: read it, do not keep it. */
export interface Execution {
  lots: number;
  /** Cost of spread and slippage included, in quanta. */
  notional: number;
  fee: number;
  slippage: number;
  isMaker: boolean;
  /** Price before spread and slippage, in price units. */
  referenceUnits: number;
  /** True at a bar's open, false on its path. */
  atOpen: boolean;
}

/** Whoever is told what the venue did: the engine. Calls come in the order in which things happened. */
export interface VenueSink {
  accepted(order: Order, timeUs: number): void;
  rejected(order: Order, cause: number, timeUs: number): void;
  triggered(order: Order, units: number, timeUs: number): void;
  filled(order: Order, execution: Execution, timeUs: number): void;
  canceled(order: Order, cause: number, timeUs: number): void;
  expired(order: Order, cause: number, timeUs: number): void;
  shrunk(order: Order, wantedLots: number, timeUs: number): void;
  /** An order whose size is fixed at its fill got it. */
  sized(order: Order, timeUs: number): void;
  /** The account can no longer carry its position at this price. The sink answers with {@link VenueAccount} state already updated. */
  liquidated(instrumentIndex: number, units: number, timeUs: number): void;
}

/** What the venue knows of the account it fills for. */
export interface VenueAccount {
  signedLots(instrumentIndex: number): number;
  /** Profit per unit counts from here: average entry price in price units, 0 when flat. */
  entryUnits(instrumentIndex: number): number;
  /**
   * Money in quanta that may back new exposure on `side`, any opposite position in the instrument taken as closed. Marks are the
   * last prices visible before the fill.
   */
  fundsToGrow(instrumentIndex: number, side: number): number;
  /** Money needed to carry `notional` quanta of new exposure: all of it (cash) or its initial margin. */
  fundsNeeded(notional: number): number;
  /** True when selling more than is held is not allowed. */
  readonly isCash: boolean;
  /** Fee of a liquidation on its notional, per 10^9. */
  readonly liquidationFee: number;
  /** Price in units at which the position is liquidated; NaN for none. */
  liquidationUnits(instrumentIndex: number): number;
}
