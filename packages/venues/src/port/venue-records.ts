/** Own words of a venue, in one form for all. Decimals stay strings: they are the venue's exact figures. Times are microseconds UTC. */
export interface VenueInstrument {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly status: "trading" | "halted" | "cancel-only" | "unknown";
  readonly tickSize: string;
  readonly minPrice: string;
  readonly maxPrice: string;
  readonly lotSize: string;
  readonly minQuantity: string;
  readonly maxQuantity: string;
  readonly minNotional: string;
  /** Largest number of open orders; 0 when not stated. */
  readonly maxOrders: number;
  readonly orderTypes: readonly string[];
}

export type VenueOrderState = "new" | "partially-filled" | "filled" | "canceled" | "expired" | "rejected" | "unknown";

export interface VenueOrder {
  readonly symbol: string;
  readonly venueOrderId: string;
  /** The id we gave; someone else's text for orders that are not ours. */
  readonly clientId: string;
  readonly side: "buy" | "sell";
  readonly type: string;
  readonly state: VenueOrderState;
  readonly quantity: string;
  readonly filledQuantity: string;
  /** Quote money exchanged so far. */
  readonly filledQuote: string;
  readonly price: string;
  readonly stopPrice: string;
  readonly createdUs: number;
  readonly updatedUs: number;
}

export interface VenueFill {
  readonly symbol: string;
  readonly venueOrderId: string;
  readonly clientId: string;
  /** Unique for a symbol at a venue, not across symbols. */
  readonly tradeId: number;
  readonly side: "buy" | "sell";
  readonly price: string;
  readonly quantity: string;
  readonly fee: string;
  readonly feeAsset: string;
  readonly isMaker: boolean;
  readonly timeUs: number;
}

export interface VenueBalance {
  readonly asset: string;
  readonly free: string;
  readonly locked: string;
}
