import type { E8 } from "./amount.ts";
import type { OrderSide, OrderView } from "./exchange-order.ts";

/** One side of a trade, as its account sees it. */
export interface AccountTrade {
  readonly accountId: string;
  readonly symbol: string;
  /** Counts up from 1 for each symbol, so that the same number occurs at several symbols. */
  readonly tradeId: number;
  readonly orderId: number;
  readonly clientId: string;
  readonly side: OrderSide;
  readonly price: E8;
  readonly quantity: E8;
  readonly quoteQuantity: E8;
  readonly fee: E8;
  readonly feeAsset: string;
  readonly isMaker: boolean;
  readonly timeUs: number;
}

/** A trade as the public sees it. */
export interface PublicTrade {
  readonly symbol: string;
  readonly tradeId: number;
  readonly price: E8;
  readonly quantity: E8;
  readonly quoteQuantity: E8;
  readonly buyerIsMaker: boolean;
  readonly timeUs: number;
}

export interface KlineView {
  readonly symbol: string;
  readonly openUs: number;
  /** Where the next one opens. */
  readonly endUs: number;
  readonly open: E8;
  readonly high: E8;
  readonly low: E8;
  readonly close: E8;
  readonly volume: E8;
  readonly quoteVolume: E8;
  readonly takerBuyVolume: E8;
  readonly takerBuyQuoteVolume: E8;
  readonly trades: number;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly closed: boolean;
}

export type LevelRow = readonly [price: E8, quantity: E8];
export type ExecutionKind = "NEW" | "TRADE" | "CANCELED" | "EXPIRED" | "TRADE_PREVENTION";

/** What happened inside the venue, in order. Streams are made of these. */
export type ExchangeEvent =
  | {
      readonly kind: "execution";
      readonly execution: ExecutionKind;
      readonly order: OrderView;
      readonly trade: AccountTrade | undefined;
      /** The id of a cancel request, when one ended the order. */
      readonly cancelId: string;
      readonly timeUs: number;
    }
  | {
      readonly kind: "position";
      readonly accountId: string;
      readonly balances: readonly { readonly asset: string; readonly free: E8; readonly locked: E8 }[];
      readonly timeUs: number;
    }
  | { readonly kind: "transfer"; readonly accountId: string; readonly asset: string; readonly amount: E8; readonly timeUs: number }
  | { readonly kind: "print"; readonly trade: PublicTrade; readonly timeUs: number }
  | {
      readonly kind: "quote";
      readonly symbol: string;
      readonly updateId: number;
      readonly bid: LevelRow;
      readonly ask: LevelRow;
      readonly timeUs: number;
    }
  | {
      readonly kind: "depth";
      readonly symbol: string;
      readonly firstId: number;
      readonly lastId: number;
      readonly bids: readonly LevelRow[];
      readonly asks: readonly LevelRow[];
      readonly timeUs: number;
    }
  | { readonly kind: "kline"; readonly kline: KlineView; readonly timeUs: number };

export type ExchangeSink = (event: ExchangeEvent) => void;
