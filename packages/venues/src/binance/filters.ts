import type { OrderRequest } from "../port/execution-client.ts";
import { compare, type Exact, exact, isWholeSteps, product } from "./exact.ts";
import { priceOf, stopPriceOf } from "./format.ts";
import { type Shape, ShapeError } from "./schema.ts";

interface StepFilter {
  readonly min: string;
  readonly max: string;
  readonly step: string;
}

/**
 * The trading rules of a symbol. Decimals are the venue's own texts; zero switches a rule off. Source: Binance spot API documentation, filters.md.
 */
export interface BinanceFilters {
  readonly price: { readonly minPrice: string; readonly maxPrice: string; readonly tickSize: string } | undefined;
  readonly lot: StepFilter;
  /** For market orders, in addition to `lot`. */
  readonly marketLot: StepFilter | undefined;
  /** `max` is `"0"` when there is none. */
  readonly notional:
    | { readonly min: string; readonly max: string; readonly minAtMarket: boolean; readonly maxAtMarket: boolean }
    | undefined;
  /** Bounds of the price as multiples of the average price of the last minutes, by side of the order. */
  readonly percent: { readonly buy: { up: string; down: string }; readonly sell: { up: string; down: string } } | undefined;
  /** 0 when not stated. */
  readonly maxOrders: number;
  /** Of stop and take-profit orders. 0 when not stated. */
  readonly maxAlgoOrders: number;
}

/**
 * Reads the `filters` of a symbol. Kinds that are not listed here are passed over: the venue checks them itself.
 *
 * ```json
 * [ { "filterType": "PRICE_FILTER", "minPrice": "0.01000000", "maxPrice": "1000000.00000000", "tickSize": "0.01000000" },
 *   { "filterType": "LOT_SIZE", "minQty": "0.00001000", "maxQty": "9000.00000000", "stepSize": "0.00001000" },
 *   { "filterType": "MARKET_LOT_SIZE", "minQty": "0.00000000", "maxQty": "105.58000000", "stepSize": "0.00000000" },
 *   { "filterType": "NOTIONAL", "minNotional": "5.00000000", "applyMinToMarket": true, "maxNotional": "9000000.00000000",
 *     "applyMaxToMarket": false, "avgPriceMins": 5 },
 *   { "filterType": "PERCENT_PRICE_BY_SIDE", "bidMultiplierUp": "5", "bidMultiplierDown": "0.2", "askMultiplierUp": "5",
 *     "askMultiplierDown": "0.2", "avgPriceMins": 5 },
 *   { "filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200 }, { "filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 5 } ]
 * ```
 */
export function parseFilters(shape: Shape): BinanceFilters {
  const byKind = new Map<string, Shape>();
  for (const filter of shape.items(64)) byKind.set(filter.field("filterType").name(), filter);
  const lot = byKind.get("LOT_SIZE");
  if (lot === undefined) throw new ShapeError(shape.path, "has no LOT_SIZE");
  const price = byKind.get("PRICE_FILTER");
  const marketLot = byKind.get("MARKET_LOT_SIZE");
  return {
    price:
      price === undefined
        ? undefined
        : {
            minPrice: price.field("minPrice").decimal(),
            maxPrice: price.field("maxPrice").decimal(),
            tickSize: price.field("tickSize").decimal(),
          },
    lot: stepFilter(lot),
    marketLot: marketLot === undefined ? undefined : stepFilter(marketLot),
    notional: notionalFilter(byKind.get("NOTIONAL"), byKind.get("MIN_NOTIONAL")),
    percent: percentFilter(byKind.get("PERCENT_PRICE_BY_SIDE"), byKind.get("PERCENT_PRICE")),
    maxOrders: byKind.get("MAX_NUM_ORDERS")?.field("maxNumOrders").integer(0) ?? 0,
    maxAlgoOrders: byKind.get("MAX_NUM_ALGO_ORDERS")?.field("maxNumAlgoOrders").integer(0) ?? 0,
  };
}

function stepFilter(shape: Shape): StepFilter {
  return { min: shape.field("minQty").decimal(), max: shape.field("maxQty").decimal(), step: shape.field("stepSize").decimal() };
}

function notionalFilter(range: Shape | undefined, least: Shape | undefined): BinanceFilters["notional"] {
  if (range !== undefined) {
    return {
      min: range.field("minNotional").decimal(),
      max: range.field("maxNotional").decimal(),
      minAtMarket: range.field("applyMinToMarket").flag(),
      maxAtMarket: range.field("applyMaxToMarket").flag(),
    };
  }
  if (least === undefined) return undefined;
  return { min: least.field("minNotional").decimal(), max: "0", minAtMarket: least.field("applyToMarket").flag(), maxAtMarket: false };
}

function percentFilter(bySide: Shape | undefined, both: Shape | undefined): BinanceFilters["percent"] {
  if (bySide !== undefined) {
    return {
      buy: { up: bySide.field("bidMultiplierUp").decimal(), down: bySide.field("bidMultiplierDown").decimal() },
      sell: { up: bySide.field("askMultiplierUp").decimal(), down: bySide.field("askMultiplierDown").decimal() },
    };
  }
  if (both === undefined) return undefined;
  const range = { up: both.field("multiplierUp").decimal(), down: both.field("multiplierDown").decimal() };
  return { buy: range, sell: range };
}

/** What the account has and the market shows, as far as it is known. What is absent is not checked. */
export interface FilterContext {
  /** Average price over the filter's minutes (or the last price): of `GET /api/v3/avgPrice`. */
  readonly averagePrice?: string;
  readonly openOrders?: number;
  readonly openAlgoOrders?: number;
}

const ALGO_TYPES: readonly OrderRequest["type"][] = ["stop", "stop-limit", "take-profit", "take-profit-limit"];

/** The name of the first rule that the order breaks, as the venue would name it; `undefined` when it keeps all that can be checked here. */
export function brokenFilter(filters: BinanceFilters, order: OrderRequest, context: FilterContext = {}): string | undefined {
  const quantity = exact(order.quantity);
  if (quantity === undefined || quantity.count <= 0n) return "LOT_SIZE";
  const limit = priceOf(order);
  for (const text of [limit, stopPriceOf(order)]) {
    if (text !== undefined && !keepsPrice(filters.price, text)) return "PRICE_FILTER";
  }
  if (!keepsSteps(filters.lot, quantity)) return "LOT_SIZE";
  if (order.type === "market" && filters.marketLot !== undefined && !keepsSteps(filters.marketLot, quantity)) return "MARKET_LOT_SIZE";
  const average = context.averagePrice === undefined ? undefined : exact(context.averagePrice);
  const price = exact(limit ?? "") ?? average;
  if (
    filters.notional !== undefined &&
    price !== undefined &&
    !keepsNotional(filters.notional, product(price, quantity), limit === undefined)
  ) {
    return "NOTIONAL";
  }
  if (filters.percent !== undefined && limit !== undefined && average !== undefined) {
    const { up, down } = filters.percent[order.side];
    if (compare(price!, product(average, exact(up)!)) > 0 || compare(price!, product(average, exact(down)!)) < 0)
      return "PERCENT_PRICE_BY_SIDE";
  }
  if (filters.maxOrders > 0 && (context.openOrders ?? 0) >= filters.maxOrders) return "MAX_NUM_ORDERS";
  if (ALGO_TYPES.includes(order.type) && filters.maxAlgoOrders > 0 && (context.openAlgoOrders ?? 0) >= filters.maxAlgoOrders) {
    return "MAX_NUM_ALGO_ORDERS";
  }
  return undefined;
}

function keepsPrice(filter: BinanceFilters["price"], text: string): boolean {
  const price = exact(text);
  if (price === undefined || price.count <= 0n) return false;
  if (filter === undefined) return true;
  return within(price, filter.minPrice, filter.maxPrice) && isWholeSteps(price, exact(filter.tickSize)!);
}

function keepsSteps(filter: StepFilter, quantity: Exact): boolean {
  return within(quantity, filter.min, filter.max) && isWholeSteps(quantity, exact(filter.step)!);
}

function keepsNotional(filter: NonNullable<BinanceFilters["notional"]>, notional: Exact, isMarket: boolean): boolean {
  if ((!isMarket || filter.minAtMarket) && compare(notional, exact(filter.min)!) < 0) return false;
  return (isMarket && !filter.maxAtMarket) || within(notional, "0", filter.max);
}

/** A bound of zero is none. */
function within(value: Exact, min: string, max: string): boolean {
  const most = exact(max)!;
  return compare(value, exact(min)!) >= 0 && (most.count === 0n || compare(value, most) <= 0);
}
