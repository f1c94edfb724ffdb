import type { FeedBar } from "../port/market-feed.ts";
import type { VenueInstrument } from "../port/venue-records.ts";
import { type BinanceFilters, parseFilters } from "./filters.ts";
import { type Shape, ShapeError } from "./schema.ts";

export interface ExchangeInfo {
  readonly instruments: readonly VenueInstrument[];
  readonly filters: ReadonlyMap<string, BinanceFilters>;
  /** Weight a minute; `undefined` when not stated. */
  readonly weightLimit: number | undefined;
  /** Orders per interval, by the name that the headers use: `10S`, `1D`. */
  readonly orderLimits: readonly (readonly [interval: string, limit: number])[];
  /** Symbols that could not be read, with the reason. They are left out. */
  readonly unreadable: readonly string[];
}

/**
 * `GET /api/v3/exchangeInfo`:
 *
 * ```json
 * { "timezone": "UTC", "serverTime": 1767225600123,
 *   "rateLimits": [ { "rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000 },
 *                   { "rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 100 } ],
 *   "symbols": [ { "symbol": "BTCUSDT", "status": "TRADING", "baseAsset": "BTC", "quoteAsset": "USDT",
 *     "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT"],
 *     "filters": [ { "filterType": "PRICE_FILTER", "minPrice": "0.01000000", "maxPrice": "1000000.00000000", "tickSize": "0.01000000" } ] } ] }
 * ```
 */
export function parseExchangeInfo(shape: Shape): ExchangeInfo {
  const instruments: VenueInstrument[] = [];
  const filters = new Map<string, BinanceFilters>();
  const unreadable: string[] = [];
  for (const symbol of shape.field("symbols").items()) {
    try {
      const read = parseFilters(symbol.field("filters"));
      const instrument = instrumentOf(symbol, read);
      instruments.push(instrument);
      filters.set(instrument.symbol, read);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      // One odd symbol must not hide the others.
      unreadable.push(error.message);
    }
  }
  return { instruments, filters, unreadable, ...parseLimits(shape.optional("rateLimits")) };
}

const STATUS: Readonly<Record<string, VenueInstrument["status"]>> = {
  TRADING: "trading",
  HALT: "halted",
  BREAK: "halted",
  END_OF_DAY: "halted",
  CANCEL_ONLY: "cancel-only",
};

function instrumentOf(symbol: Shape, filters: BinanceFilters): VenueInstrument {
  const status = symbol.field("status").name();
  return {
    symbol: symbol.field("symbol").name(),
    base: symbol.field("baseAsset").name(),
    quote: symbol.field("quoteAsset").name(),
    status: Object.hasOwn(STATUS, status) ? STATUS[status]! : "unknown",
    tickSize: filters.price?.tickSize ?? "0",
    minPrice: filters.price?.minPrice ?? "0",
    maxPrice: filters.price?.maxPrice ?? "0",
    lotSize: filters.lot.step,
    minQuantity: filters.lot.min,
    maxQuantity: filters.lot.max,
    minNotional: filters.notional?.min ?? "0",
    maxOrders: filters.maxOrders,
    orderTypes: symbol
      .field("orderTypes")
      .items(64)
      .map((type) => type.name()),
  };
}

const LETTERS: Readonly<Record<string, string>> = { SECOND: "S", MINUTE: "M", HOUR: "H", DAY: "D" };

function parseLimits(shape: Shape | undefined): Pick<ExchangeInfo, "weightLimit" | "orderLimits"> {
  let weightLimit: number | undefined;
  const orderLimits: (readonly [string, number])[] = [];
  for (const limit of shape?.items(64) ?? []) {
    const kind = limit.field("rateLimitType").name();
    const interval = `${limit.field("intervalNum").integer(1, 1_000)}${LETTERS[limit.field("interval").name()] ?? "M"}`;
    const most = limit.field("limit").integer(1);
    if (kind === "REQUEST_WEIGHT" && interval === "1M") weightLimit = most;
    if (kind === "ORDERS") orderLimits.push([interval, most]);
  }
  return { weightLimit, orderLimits };
}

/** A bar as the venue has it, closed or not. */
export interface VenueBar extends FeedBar {
  /** The venue says it is final; for `/klines`, see {@link parseKlines}. */
  readonly isClosed: boolean;
}

/**
 * A row of `GET /api/v3/klines`. The last one may still be forming, and nothing in it says so: it is final when the venue's clock has passed its
 * end. The stated end is the last millisecond inside the bar; ours is the first instant after it.
 *
 * ```json
 * [ 1767225600000, "61000.10000000", "61010.00000000", "60990.00000000", "61005.00000000", "12.34560000", 1767225659999,
 *   "753000.12000000", 308, "6.10000000", "372000.00000000", "0" ]
 * ```
 */
export function parseKlines(shape: Shape, symbol: string, venueUs: number): readonly VenueBar[] {
  return shape.items(1_500).map((row) => {
    const closeUs = row.at(6).timeUs() + 1_000;
    return checkedBar(row, {
      symbol,
      openUs: row.at(0).timeUs(),
      closeUs,
      open: row.at(1).decimal(),
      high: row.at(2).decimal(),
      low: row.at(3).decimal(),
      close: row.at(4).decimal(),
      volume: row.at(5).decimal(),
      isClosed: closeUs <= venueUs,
    });
  });
}

/**
 * A bar of the stream `<symbol>@kline_<interval>`; `x` says that it is final:
 *
 * ```json
 * { "e": "kline", "E": 1767225660001, "s": "BTCUSDT", "k": { "t": 1767225600000, "T": 1767225659999, "s": "BTCUSDT", "i": "1m",
 *   "f": 100, "L": 200, "o": "61000.10000000", "c": "61005.00000000", "h": "61010.00000000", "l": "60990.00000000", "v": "12.34560000",
 *   "n": 100, "x": true, "q": "753000.12000000", "V": "6.10000000", "Q": "372000.00000000", "B": "0" } }
 * ```
 */
export function parseKlineEvent(shape: Shape): VenueBar & { readonly interval: string } {
  const bar = shape.field("k");
  const read = checkedBar(bar, {
    symbol: shape.field("s").name(),
    openUs: bar.field("t").timeUs(),
    closeUs: bar.field("T").timeUs() + 1_000,
    open: bar.field("o").decimal(),
    high: bar.field("h").decimal(),
    low: bar.field("l").decimal(),
    close: bar.field("c").decimal(),
    volume: bar.field("v").decimal(),
    isClosed: bar.field("x").flag(),
  });
  return { ...read, interval: bar.field("i").text(4) };
}

/** Prices that contradict each other are not traded on. */
function checkedBar(shape: Shape, bar: VenueBar): VenueBar {
  if (bar.closeUs <= bar.openUs) throw new ShapeError(shape.path, "ends before it begins");
  const [open, high, low, close] = [Number(bar.open), Number(bar.high), Number(bar.low), Number(bar.close)];
  if (!(low > 0)) throw new ShapeError(shape.path, "has a price that is not above zero");
  if (high < Math.max(open, close, low) || low > Math.min(open, close))
    throw new ShapeError(shape.path, "has a high or low that does not hold its prices");
  return bar;
}

export interface PublicTrade {
  readonly tradeId: number;
  readonly price: string;
  readonly quantity: string;
  readonly buyerIsMaker: boolean;
  readonly timeUs: number;
}

/** A row of `GET /api/v3/trades`: `{ "id": 28457, "price": "4.00000100", "qty": "12.00000000", "quoteQty": "48.000012", "time": 1767225600123, "isBuyerMaker": true, "isBestMatch": true }`. */
export function parsePublicTrade(shape: Shape): PublicTrade {
  return {
    tradeId: shape.field("id").integer(0),
    price: shape.field("price").decimal(),
    quantity: shape.field("qty").decimal(),
    buyerIsMaker: shape.field("isBuyerMaker").flag(),
    timeUs: shape.field("time").timeUs(),
  };
}

/** Of the stream `<symbol>@aggTrade`: `{ "e": "aggTrade", "E": 1767225600124, "s": "BTCUSDT", "a": 12345, "p": "61000.10000000", "q": "0.20000000", "f": 100, "l": 105, "T": 1767225600123, "m": true, "M": true }`. */
export function parseAggTrade(shape: Shape): PublicTrade & { readonly symbol: string } {
  return {
    symbol: shape.field("s").name(),
    tradeId: shape.field("a").integer(0),
    price: shape.field("p").decimal(),
    quantity: shape.field("q").decimal(),
    buyerIsMaker: shape.field("m").flag(),
    timeUs: shape.field("T").timeUs(),
  };
}

export interface BestPrices {
  readonly symbol: string;
  readonly updateId: number;
  readonly bid: string;
  readonly bidSize: string;
  readonly ask: string;
  readonly askSize: string;
}

/** Of the stream `<symbol>@bookTicker`, which states no time: `{ "u": 50093239212, "s": "BTCUSDT", "b": "61837.63000000", "B": "3.78826000", "a": "61837.64000000", "A": "1.54698000" }`. */
export function parseBookTicker(shape: Shape): BestPrices {
  return {
    symbol: shape.field("s").name(),
    updateId: shape.field("u").integer(0),
    bid: shape.field("b").decimal(),
    bidSize: shape.field("B").decimal(),
    ask: shape.field("a").decimal(),
    askSize: shape.field("A").decimal(),
  };
}
