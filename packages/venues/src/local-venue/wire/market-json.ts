import { type E8, formatE8 } from "../exchange/amount.ts";
import type { KlineView, LevelRow, PublicTrade } from "../exchange/exchange-event.ts";
import { ORDER_KINDS } from "../exchange/exchange-order.ts";
import { klineIntervalName } from "../exchange/kline-interval.ts";
import type { Market } from "../exchange/market.ts";
import { wireMs } from "./order-json.ts";
import type { LimitOptions } from "./usage-limits.ts";

export function levelsJson(rows: readonly LevelRow[]): string[][] {
  return rows.map(([price, quantity]) => [formatE8(price), formatE8(quantity)]);
}

/** A bar as `klines` lists it. */
export function klineRow(kline: KlineView): unknown[] {
  return [
    wireMs(kline.openUs),
    formatE8(kline.open),
    formatE8(kline.high),
    formatE8(kline.low),
    formatE8(kline.close),
    formatE8(kline.volume),
    wireMs(kline.endUs) - 1,
    formatE8(kline.quoteVolume),
    kline.trades,
    formatE8(kline.takerBuyVolume),
    formatE8(kline.takerBuyQuoteVolume),
    "0",
  ];
}

/** A bar as the stream tells it. */
export function klineEvent(kline: KlineView, atMs: number): Record<string, unknown> {
  return {
    e: "kline",
    E: atMs,
    s: kline.symbol,
    k: {
      t: wireMs(kline.openUs),
      T: wireMs(kline.endUs) - 1,
      s: kline.symbol,
      i: klineIntervalName(kline.endUs - kline.openUs),
      f: kline.firstTradeId,
      L: kline.lastTradeId,
      o: formatE8(kline.open),
      c: formatE8(kline.close),
      h: formatE8(kline.high),
      l: formatE8(kline.low),
      v: formatE8(kline.volume),
      n: kline.trades,
      x: kline.closed,
      q: formatE8(kline.quoteVolume),
      V: formatE8(kline.takerBuyVolume),
      Q: formatE8(kline.takerBuyQuoteVolume),
      B: "0",
    },
  };
}

export function publicTradeJson(trade: PublicTrade): Record<string, unknown> {
  return {
    id: trade.tradeId,
    price: formatE8(trade.price),
    qty: formatE8(trade.quantity),
    quoteQty: formatE8(trade.quoteQuantity),
    time: wireMs(trade.timeUs),
    isBuyerMaker: trade.buyerIsMaker,
    isBestMatch: true,
  };
}

/** A trade as an aggregate of one. */
export function aggTradeJson(trade: PublicTrade): Record<string, unknown> {
  return {
    a: trade.tradeId,
    p: formatE8(trade.price),
    q: formatE8(trade.quantity),
    f: trade.tradeId,
    l: trade.tradeId,
    T: wireMs(trade.timeUs),
    m: trade.buyerIsMaker,
    M: true,
  };
}

export function tradeEvent(trade: PublicTrade, atMs: number): Record<string, unknown> {
  return {
    e: "trade",
    E: atMs,
    s: trade.symbol,
    t: trade.tradeId,
    p: formatE8(trade.price),
    q: formatE8(trade.quantity),
    T: wireMs(trade.timeUs),
    m: trade.buyerIsMaker,
    M: true,
  };
}

export function aggTradeEvent(trade: PublicTrade, atMs: number): Record<string, unknown> {
  return { e: "aggTrade", E: atMs, s: trade.symbol, ...aggTradeJson(trade) };
}

export function quoteEvent(symbol: string, updateId: number, bid: LevelRow, ask: LevelRow): Record<string, unknown> {
  return { u: updateId, s: symbol, b: formatE8(bid[0]), B: formatE8(bid[1]), a: formatE8(ask[0]), A: formatE8(ask[1]) };
}

/** A symbol as `exchangeInfo` describes it. */
export function symbolJson(market: Market): Record<string, unknown> {
  const { symbol, base, quote } = market.spec;
  return {
    symbol,
    status: market.status,
    baseAsset: base,
    baseAssetPrecision: 8,
    quoteAsset: quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ORDER_KINDS,
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    amendAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filtersJson(market),
    permissions: [],
    permissionSets: [["SPOT"]],
    defaultSelfTradePreventionMode: "NONE",
    allowedSelfTradePreventionModes: ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"],
  };
}

function filtersJson({ filters }: Market): Record<string, unknown>[] {
  const text = (value: E8): string => formatE8(value);
  return [
    { filterType: "PRICE_FILTER", minPrice: text(filters.minPrice), maxPrice: text(filters.maxPrice), tickSize: text(filters.tickSize) },
    { filterType: "LOT_SIZE", minQty: text(filters.minQty), maxQty: text(filters.maxQty), stepSize: text(filters.stepSize) },
    { filterType: "MARKET_LOT_SIZE", minQty: text(0n), maxQty: text(filters.marketMaxQty), stepSize: text(0n) },
    {
      filterType: "PERCENT_PRICE_BY_SIDE",
      bidMultiplierUp: text(filters.multiplierUp),
      bidMultiplierDown: text(filters.multiplierDown),
      askMultiplierUp: text(filters.multiplierUp),
      askMultiplierDown: text(filters.multiplierDown),
      avgPriceMins: 0,
    },
    {
      filterType: "NOTIONAL",
      minNotional: text(filters.minNotional),
      applyMinToMarket: true,
      maxNotional: text(filters.maxNotional),
      applyMaxToMarket: true,
      avgPriceMins: 0,
    },
    { filterType: "MAX_NUM_ORDERS", maxNumOrders: filters.maxNumOrders },
    { filterType: "MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders: filters.maxNumAlgoOrders },
    ...(filters.maxPosition === undefined ? [] : [{ filterType: "MAX_POSITION", maxPosition: text(filters.maxPosition) }]),
  ];
}

export function rateLimitsJson(limits: LimitOptions): Record<string, unknown>[] {
  return [
    { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: limits.weightPerMinute },
    { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: limits.ordersPer10Seconds },
    { rateLimitType: "ORDERS", interval: "DAY", intervalNum: 1, limit: limits.ordersPerDay },
    { rateLimitType: "RAW_REQUESTS", interval: "MINUTE", intervalNum: 5, limit: 61_000 },
  ];
}
