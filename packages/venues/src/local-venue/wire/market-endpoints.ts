import { klineIntervalUs } from "../exchange/kline-interval.ts";
import type { Market } from "../exchange/market.ts";
import { refusals } from "../exchange/refusal.ts";
import type { Call, Endpoint } from "./endpoint.ts";
import { aggTradeJson, klineRow, levelsJson, publicTradeJson, rateLimitsJson, symbolJson } from "./market-json.ts";
import { wireMs } from "./order-json.ts";
import { required, type WireParameters, wholeNumber, wireLimit, wireTimeUs } from "./wire-parameters.ts";

const DEPTH_WEIGHTS: readonly (readonly [most: number, weight: number])[] = [
  [100, 5],
  [500, 25],
  [1_000, 50],
  [5_000, 250],
];

function depthWeight(parameters: WireParameters): number {
  const limit = wireLimit(parameters, 100, 5_000);
  return DEPTH_WEIGHTS.find(([most]) => limit <= most)![1];
}

function marketOf({ core, parameters }: Call): Market {
  return core.exchange.market(required(parameters, "symbol"));
}

function exchangeInfo({ core, parameters }: Call): unknown {
  const one = parameters.get("symbol");
  const several = parameters.get("symbols");
  let names = core.exchange.markets.map((market) => market.spec.symbol);
  if (one !== undefined) names = [one];
  else if (several !== undefined) {
    try {
      names = JSON.parse(several) as string[];
    } catch {
      throw refusals.parameter("symbols");
    }
    if (!Array.isArray(names)) throw refusals.parameter("symbols");
  }
  return {
    timezone: "UTC",
    serverTime: wireMs(core.now()),
    rateLimits: rateLimitsJson(core.limits.options),
    exchangeFilters: [],
    symbols: names.map((name) => symbolJson(core.exchange.market(name))),
  };
}

function klines(call: Call): unknown {
  const market = marketOf(call);
  const { parameters, core } = call;
  const intervalUs = klineIntervalUs(required(parameters, "interval"));
  const bars = core.bars.get(market.spec.symbol);
  if (intervalUs === undefined) throw refusals.interval();
  if (bars === undefined || intervalUs % bars.intervalUs !== 0) return [];
  const limit = wireLimit(parameters, 500, 1_000);
  const startUs = wireTimeUs(parameters, "startTime");
  const endUs = wireTimeUs(parameters, "endTime") ?? core.now();
  if (startUs !== undefined)
    return bars
      .klines(intervalUs, startUs, Math.min(endUs, startUs + limit * intervalUs))
      .slice(0, limit)
      .map(klineRow);
  return bars
    .klines(intervalUs, endUs - (limit + 1) * intervalUs, endUs)
    .slice(-limit)
    .map(klineRow);
}

/** The public calls. */
export const marketEndpoints: readonly Endpoint[] = [
  { rest: "GET /api/v3/ping", ws: "ping", weight: 1, security: "none", run: () => ({}) },
  { rest: "GET /api/v3/time", ws: "time", weight: 1, security: "none", run: ({ core }) => ({ serverTime: wireMs(core.now()) }) },
  { rest: "GET /api/v3/exchangeInfo", ws: "exchangeInfo", weight: 20, security: "none", run: exchangeInfo },
  {
    rest: "GET /api/v3/depth",
    ws: "depth",
    weight: depthWeight,
    security: "none",
    run(call) {
      const { book } = marketOf(call);
      const limit = wireLimit(call.parameters, 100, 5_000);
      const rows = (side: "BUY" | "SELL"): string[][] => levelsJson(book.rows(side).slice(0, limit));
      return { lastUpdateId: book.updateId, bids: rows("BUY"), asks: rows("SELL") };
    },
  },
  {
    rest: "GET /api/v3/trades",
    ws: "trades.recent",
    weight: 25,
    security: "none",
    run: (call) =>
      marketOf(call)
        .prints.slice(-wireLimit(call.parameters, 500, 1_000))
        .map(publicTradeJson),
  },
  {
    rest: "GET /api/v3/aggTrades",
    ws: "trades.aggregate",
    weight: 4,
    security: "none",
    run(call) {
      const { parameters } = call;
      const limit = wireLimit(parameters, 500, 1_000);
      const fromId = wholeNumber(parameters, "fromId");
      const startUs = wireTimeUs(parameters, "startTime") ?? 0;
      const endUs = wireTimeUs(parameters, "endTime") ?? Number.POSITIVE_INFINITY;
      const found = marketOf(call).prints.filter(
        (print) => print.timeUs >= startUs && print.timeUs <= endUs && print.tradeId >= (fromId ?? 0),
      );
      const fromStart = fromId !== undefined || parameters.has("startTime");
      return (fromStart ? found.slice(0, limit) : found.slice(-limit)).map(aggTradeJson);
    },
  },
  { rest: "GET /api/v3/klines", ws: "klines", weight: 2, security: "none", run: klines },
];
