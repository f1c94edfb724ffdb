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
