import type { MessageFlaw } from "./flaw.ts";

/** A bar of a venue that has closed. */
export interface FeedBar {
  readonly symbol: string;
  readonly openUs: number;
  readonly closeUs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

export interface FeedHandlers {
  /** A closed bar, each once, in order. */
  onBar(bar: FeedBar): void;
  /** Best bid and ask, when subscribed. */
  onQuote?(symbol: string, bid: string, bidSize: string, ask: string, askSize: string, eventUs: number): void;
  onTrade?(symbol: string, tradeId: number, price: string, quantity: string, buyerIsMaker: boolean, timeUs: number): void;
  /** Connected and complete from now on. */
  onReady(): void;
  /** Connected but silent, cut, or gapped: prices may not be trusted until `onReady`. */
  onDoubt(why: string): void;
  onUnreadable(why: string, flaw?: MessageFlaw): void;
  /** Something was dropped that a person need not hear of one by one: a bar for the second time, or too late. */
  onFlaw?(flaw: MessageFlaw): void;
}

/** Public data of one venue: history over REST, then streams that sync with it. */
export interface MarketFeed {
  /** Closed bars with `fromUs <= openUs < toUs`, oldest first, all pages. */
  history(symbol: string, intervalUs: number, fromUs: number, toUs: number): Promise<readonly FeedBar[]>;
  subscribe(symbols: readonly string[], intervalUs: number, handlers: FeedHandlers): { readonly silentUs: number; close(): void };
}
