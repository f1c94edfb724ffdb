export {
  DepthBook,
  type DepthOutcome,
  type DepthSnapshot,
  type DepthUpdate,
  parseDepthSnapshot,
  parseDepthUpdate,
} from "./binance/depth-book.ts";
export { BINANCE_LIVE, BINANCE_TEST, type BinanceEndpoints } from "./binance/endpoints.ts";
export { type BinanceExecution, type BinanceExecutionOptions, binanceExecution } from "./binance/execution-client.ts";
export { type BinanceFeed, type BinanceFeedOptions, binanceFeed } from "./binance/feed.ts";
export type { BinanceOrderTerms } from "./binance/format.ts";
export type { BinanceKey } from "./binance/sign.ts";
export { instrumentIdOf, symbolOf } from "./binance/symbols.ts";
export { VENUE_CODES } from "./codes.ts";
export type {
  CancelOutcome,
  ExecutionClient,
  OrderRequest,
  ReadOutcome,
  RefusalCause,
  SubmitOutcome,
  UserStream,
  UserStreamHandlers,
} from "./port/execution-client.ts";
export type { FeedBar, FeedHandlers, MarketFeed } from "./port/market-feed.ts";
export type { CallPurpose, RateBudget } from "./port/rate-budget.ts";
export type { VenueBalance, VenueFill, VenueInstrument, VenueOrder, VenueOrderState } from "./port/venue-records.ts";
