import type { MessageFlaw } from "./flaw.ts";
import type { RateBudget } from "./rate-budget.ts";
import type { VenueBalance, VenueFill, VenueInstrument, VenueOrder } from "./venue-records.ts";

/** A new order as it goes on the wire. Decimals are strings, exact on the venue's grid. */
export interface OrderRequest {
  readonly symbol: string;
  /** Ours, from (epoch, sequence); never used twice. */
  readonly clientId: string;
  readonly side: "buy" | "sell";
  readonly type: "market" | "limit" | "limit-maker" | "stop" | "stop-limit" | "take-profit" | "take-profit-limit";
  readonly timeInForce: "GTC" | "IOC" | "FOK";
  readonly quantity: string;
  readonly price?: string;
  readonly stopPrice?: string;
  /** Which of two orders of the account ends where they would trade with each other; left out, they trade. The maker is the one that rests. */
  readonly selfTrade?: "expire-taker" | "expire-maker";
  /** The venue must not let the order in after this wall time: the end of its `recvWindow`. */
  readonly deadlineUs: number;
}

/**
 * What is known after sending an order once. `unknown` is everything that is neither an acknowledgement nor a definitive refusal:
 * transport failures, 5xx, unreadable answers, the venue's own "unknown" codes. Only reading resolves it.
 */
export type SubmitOutcome =
  | { readonly kind: "acknowledged"; readonly order: VenueOrder; readonly fills: readonly VenueFill[] }
  | { readonly kind: "refused"; readonly code: string; readonly message: string; readonly cause: RefusalCause }
  | { readonly kind: "unknown"; readonly why: string };

/** What a definitive refusal means to us. `rate-limit` was not processed and may not be sent again as the same order either. */
export type RefusalCause =
  | "filter"
  | "funds"
  | "duplicate-id"
  | "market-closed"
  /** The price is beyond the trigger already. */
  | "has-passed"
  | "too-many-orders"
  | "rate-limit"
  | "authorisation"
  | "clock"
  | "other";

export type CancelOutcome =
  | { readonly kind: "canceled"; readonly order: VenueOrder }
  /** The venue knows no such open order: it may have filled, been canceled before, or never have been. Not a proof of anything else. */
  | { readonly kind: "not-open"; readonly message: string }
  | { readonly kind: "refused"; readonly code: string; readonly message: string; readonly cause: RefusalCause }
  | { readonly kind: "unknown"; readonly why: string };

/** An answer, or why there is none: a read that failed says nothing about what it asked for. */
export type ReadOutcome<T> =
  | { readonly kind: "read"; readonly value: T; readonly readUs: number }
  | { readonly kind: "unavailable"; readonly why: string; readonly retryAfterUs: number };

/** Private side of one account at one venue. Every call costs rate budget; none retries an order by itself. */
export interface ExecutionClient {
  readonly venue: string;
  readonly budget: RateBudget;
  /** Longest time after the deadline of an order at which it may still enter the engine. */
  readonly horizonUs: number;
  instruments(): Promise<ReadOutcome<readonly VenueInstrument[]>>;
  /** Venue wall time less ours, and how far off it may be. */
  measureClock(): Promise<ReadOutcome<{ readonly offsetUs: number; readonly errorUs: number }>>;
  balances(): Promise<ReadOutcome<readonly VenueBalance[]>>;
  openOrders(symbol?: string): Promise<ReadOutcome<readonly VenueOrder[]>>;
  /** By our id; `undefined` when the venue says it has no such order. */
  orderByClientId(symbol: string, clientId: string): Promise<ReadOutcome<VenueOrder | undefined>>;
  /** Own fills of a symbol with trade ids from `fromTradeId` on, oldest first, all pages. */
  fillsFrom(symbol: string, fromTradeId: number): Promise<ReadOutcome<readonly VenueFill[]>>;
  /** Highest trade id of the own fills of a symbol, -1 when there are none: without reading them all. Absent where only the whole list tells. */
  lastTradeId?(symbol: string): Promise<ReadOutcome<number>>;
  /**
   * `mayLeave` is asked after every wait of the client's own, right before the bytes leave; when it says no, not one does, and the outcome is a refusal
   * with the code `not-sent`. A client that does not wait need not ask: the caller has just done so.
   */
  submit(order: OrderRequest, mayLeave?: () => boolean): Promise<SubmitOutcome>;
  cancel(symbol: string, clientId: string): Promise<CancelOutcome>;
  cancelAll(symbol: string): Promise<CancelOutcome>;
  /** Private events. The stream keeps itself alive and says when it cannot vouch for completeness. */
  openUserStream(handlers: UserStreamHandlers): UserStream;
}

export interface UserStreamHandlers {
  onOrder(order: VenueOrder, fill: VenueFill | undefined): void;
  onBalance(balances: readonly VenueBalance[]): void;
  /** Money came in or went out otherwise than by a fill. `delta` is signed; the balances follow in `onBalance`. */
  onTransfer?(asset: string, delta: string, timeUs: number): void;
  /** The stream is complete from now on; what happened before must be read. */
  onReady(): void;
  /** Events may have been missed since the last `onReady`: no new risk until a backfill covered the gap. */
  onDoubt(why: string): void;
  /** A message that could not be understood: counted, dropped, with secrets redacted. */
  onUnreadable(why: string, flaw?: MessageFlaw): void;
  /** Something was dropped that a person need not hear of one by one: too long, say. */
  onFlaw?(flaw: MessageFlaw): void;
}

export interface UserStream {
  /** Microseconds since the last proof of life, on the monotonic clock. */
  readonly silentUs: number;
  close(): void;
}
