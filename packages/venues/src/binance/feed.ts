import { FailureError } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import type { BadAnswer } from "../port/flaw.ts";
import type { FeedBar, FeedHandlers, MarketFeed } from "../port/market-feed.ts";
import type { RateBudget } from "../port/rate-budget.ts";
import { Backoff } from "./backoff.ts";
import { BarSubscription } from "./bar-subscription.ts";
import { type BookHandlers, BookSubscription } from "./book-subscription.ts";
import { type DepthSnapshot, parseDepthSnapshot } from "./depth-book.ts";
import { BINANCE_TEST, checkEndpoint } from "./endpoints.ts";
import { intervalName } from "./intervals.ts";
import { parseServerTime } from "./parse.ts";
import { parseKlines, type VenueBar } from "./parse-market.ts";
import { BinanceRateBudget, OrderCounts } from "./rate-budget.ts";
import { type BinanceRequest, requests } from "./requests.ts";
import { BinanceRest } from "./rest.ts";
import { type Shape, ShapeError, tryRead } from "./schema.ts";
import { VenueClock } from "./venue-clock.ts";

export interface BinanceFeedOptions {
  /** Defaults to the venue's test network. */
  readonly restUrl?: string;
  readonly streamUrl?: string;
  /** The budget of the execution client on the same address: the venue counts both together. */
  readonly budget?: RateBudget;
  readonly timeoutUs?: number;
  /** A bar that is so late after its end is looked for over REST. Default 5 s. */
  readonly lateUs?: number;
  /** Told of every answer that says nothing. */
  readonly onBadAnswer?: (bad: BadAnswer) => void;
}

const PAGE = 1_000;
const ATTEMPTS = 5;
/** A stream continues the history read before it when not more than this is missing in between. */
const MOST_MISSING = 5_000;

/** Public data of Binance spot. */
export function binanceFeed(env: Env, options: BinanceFeedOptions = {}): BinanceFeed {
  return new BinanceFeed(env, options);
}

export class BinanceFeed implements MarketFeed {
  readonly #env: Env;
  readonly #rest: BinanceRest;
  readonly #streamUrl: string;
  readonly #lateUs: number;
  /** Open time of the last closed bar that `history` gave, by symbol and interval. */
  readonly #lastOpenUs = new Map<string, number>();

  constructor(env: Env, options: BinanceFeedOptions) {
    this.#env = env;
    this.#streamUrl = checkEndpoint(options.streamUrl ?? BINANCE_TEST.streams);
    this.#lateUs = options.lateUs ?? 5_000_000;
    this.#rest = new BinanceRest({
      env,
      baseUrl: checkEndpoint(options.restUrl ?? BINANCE_TEST.rest),
      key: undefined,
      clock: new VenueClock(env),
      budget: options.budget ?? new BinanceRateBudget(env),
      orderCounts: new OrderCounts(env),
      recvWindowUs: 0,
      clockBudgetUs: 0,
      timeoutUs: options.timeoutUs ?? 15_000_000,
      onBadAnswer: options.onBadAnswer,
    });
  }

  /** The stream of the same symbol and interval continues after the last bar returned. Throws `TP_VENUE_HISTORY` after five failures in a row. */
  async history(symbol: string, intervalUs: number, fromUs: number, toUs: number): Promise<readonly FeedBar[]> {
    const interval = intervalName(intervalUs);
    const venueUs = await this.#ask(requests.time(), parseServerTime, symbol);
    const bars: FeedBar[] = [];
    let startUs = fromUs;
    while (startUs < toUs) {
      const range = { startMs: Math.ceil(startUs / 1_000), endMs: Math.ceil(toUs / 1_000) - 1, limit: PAGE };
      if (range.endMs < range.startMs) break;
      const page = await this.#ask(
        requests.klines(symbol, interval, range),
        (shape) => checkedPage(shape, symbol, venueUs, startUs, toUs),
        symbol,
      );
      for (const { isClosed, ...bar } of page) if (isClosed) bars.push(bar);
      if (page.length < PAGE) break;
      startUs = page.at(-1)!.openUs + 1;
    }
    const last = bars.at(-1);
    if (last !== undefined) this.#lastOpenUs.set(`${symbol} ${interval}`, last.openUs);
    return bars;
  }

  subscribe(symbols: readonly string[], intervalUs: number, handlers: FeedHandlers): { readonly silentUs: number; close(): void } {
    const interval = intervalName(intervalUs);
    const wallUs = this.#env.wallUs();
    const next = symbols.map((symbol) => {
      const last = this.#lastOpenUs.get(`${symbol} ${interval}`);
      return last === undefined || wallUs - last > MOST_MISSING * intervalUs ? undefined : last + intervalUs;
    });
    return new BarSubscription({
      env: this.#env,
      url: this.#streamUrl,
      symbols,
      next,
      intervalUs,
      interval,
      lateUs: this.#lateUs,
      handlers,
      history: (symbol, fromUs, toUs) => this.history(symbol, intervalUs, fromUs, toUs),
    });
  }

  /** The book of a symbol, kept in step. */
  subscribeBook(symbol: string, handlers: BookHandlers): BookSubscription {
    return new BookSubscription({
      env: this.#env,
      url: this.#streamUrl,
      symbol,
      handlers,
      snapshot: (of) => this.depthSnapshot(of),
    });
  }

  /** The book as it stands, up to 5,000 levels a side. */
  depthSnapshot(symbol: string, levels = 1_000): Promise<DepthSnapshot> {
    return this.#ask(requests.depth(symbol, levels), parseDepthSnapshot, symbol);
  }

  /** Asks until it is answered readably: reading twice does no harm. */
  async #ask<T>(request: BinanceRequest, parse: (shape: Shape) => T, symbol: string): Promise<T> {
    const backoff = new Backoff(this.#env.random("binance.history"));
    let why = "";
    for (let attempt = 0; attempt < ATTEMPTS; ) {
      const answer = await this.#rest.send(request);
      if (answer.kind === "answered") {
        const read = tryRead(answer.body, parse);
        if (read.ok) return read.value;
        why = read.why;
        this.#rest.bad(request, "strange", why);
      } else if (answer.kind === "refused") {
        if (answer.cause !== "rate-limit") throw historyFailure(symbol, `${answer.code} ${answer.message}`);
        why = answer.message;
      } else {
        why = answer.why;
        if (answer.kind === "not-sent" && answer.cause === "rate-limit") {
          // Waiting for room is no failure.
          await this.#env.sleep(answer.retryAfterUs);
          continue;
        }
      }
      attempt += 1;
      if (attempt < ATTEMPTS) await this.#env.sleep(backoff.nextUs());
    }
    throw historyFailure(symbol, why);
  }
}

function checkedPage(shape: Shape, symbol: string, venueUs: number, fromUs: number, toUs: number): readonly VenueBar[] {
  const bars = parseKlines(shape, symbol, venueUs);
  let last = fromUs - 1;
  for (const [at, bar] of bars.entries()) {
    if (bar.openUs <= last || bar.openUs >= toUs)
      throw new ShapeError(`$[${at}]`, "is not after its predecessor or outside of what was asked for");
    last = bar.openUs;
  }
  return bars;
}

function historyFailure(symbol: string, why: string): FailureError {
  return new FailureError({
    code: "TP_VENUE_HISTORY",
    message: `Cannot read bars of "${symbol}" from "binance": ${why}`,
    details: [],
    next: "wait and ask again; when it goes on, check the address of the venue and the name of the symbol",
  });
}
