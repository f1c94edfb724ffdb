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
export { type ControlCommand, runControl } from "./local-venue/control-command.ts";
export { type E8, e8, formatE8 } from "./local-venue/exchange/amount.ts";
export type { AccountOptions } from "./local-venue/exchange/exchange.ts";
export type { AccountTrade, ExchangeEvent, PublicTrade } from "./local-venue/exchange/exchange-event.ts";
export type { OrderView } from "./local-venue/exchange/exchange-order.ts";
export { KLINE_INTERVALS, klineIntervalName, klineIntervalUs } from "./local-venue/exchange/kline-interval.ts";
export type { CrowdTerms } from "./local-venue/exchange/market-player.ts";
export { type SymbolFilters, type SymbolSpec, specOfInstrument, symbolSpec } from "./local-venue/exchange/symbol-spec.ts";
export type { TruthEntry, TruthLedger, TruthRecord } from "./local-venue/exchange/truth-ledger.ts";
export type { VenueClock as LocalVenueClock } from "./local-venue/exchange/venue-clock.ts";
export { FaultBoard, type FaultRule, type FaultScene } from "./local-venue/faults/fault-board.ts";
export { FAULT_NAMES, FAULTS, type FaultName } from "./local-venue/faults/fault-names.ts";
export { parseDelay, parseFaults } from "./local-venue/faults/parse-faults.ts";
export { LocalVenue, type LocalVenueOptions, localVenue, type VenueMarket } from "./local-venue/local-venue.ts";
export { type ServedVenue, type ServeOptions, serveLocalVenue } from "./local-venue/serve/real-venue-server.ts";
export { type ApiKey, LOCAL_KEY, LOCAL_SENTINEL_KEY } from "./local-venue/wire/api-key.ts";
export type { VenueAnswer, VenueRequest } from "./local-venue/wire/rest-gate.ts";
export type { LimitOptions } from "./local-venue/wire/usage-limits.ts";
export type { LatencyOptions } from "./local-venue/wire/venue-core.ts";
export type { SocketTerms } from "./local-venue/wire/venue-socket.ts";
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
export type { BadAnswer, MessageFlaw } from "./port/flaw.ts";
export type { FeedBar, FeedHandlers, MarketFeed } from "./port/market-feed.ts";
export type { CallPurpose, RateBudget } from "./port/rate-budget.ts";
export type { VenueBalance, VenueFill, VenueInstrument, VenueOrder, VenueOrderState } from "./port/venue-records.ts";
export { SimulatedExecution, type SimulatedExecutionOptions, simulatedExecution } from "./simulated/simulated-execution.ts";
export { SimulatedMarket } from "./simulated/simulated-market.ts";
