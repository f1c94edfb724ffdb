import type { Env, Timer } from "@tradepulse/platform";
import type { FeedBar, FeedHandlers } from "../port/market-feed.ts";
import { Backoff } from "./backoff.ts";
import { BarTrack } from "./bar-track.ts";
import { parseAggTrade, parseBookTicker, parseKlineEvent } from "./parse-market.ts";
import { MarketScan } from "./scan-market.ts";
import { type Shape, ShapeError } from "./schema.ts";
import { BinanceStream } from "./stream.ts";

export interface BarSubscriptionParts {
  readonly env: Env;
  readonly url: string;
  readonly symbols: readonly string[];
  /** Open time of the first bar wanted, by symbol; `undefined` for whatever closes next. */
  readonly next: readonly (number | undefined)[];
  readonly intervalUs: number;
  readonly interval: string;
  readonly lateUs: number;
  readonly handlers: FeedHandlers;
  readonly history: (symbol: string, fromUs: number, toUs: number) => Promise<readonly FeedBar[]>;
}

const WATCH = "watch";
const FILL = "fill";

/** What happens to a symbol unless something moves it: a bar is looked for, or missing ones are fetched again. */
interface Late {
  dueUs: number;
  /** When the timer rings, which may be before. */
  ringsUs: number;
  what: typeof WATCH | typeof FILL;
  timer: Timer;
}

/**
 * Closed bars as they close, without a hole: what a cut or a lost message left out is fetched, and the feed is in doubt until it is there. A bar
 * that is late is looked for over REST; when it is there the stream is stale, however alive its connection looks.
 */
export class BarSubscription {
  readonly #parts: BarSubscriptionParts;
  readonly #stream: BinanceStream;
  readonly #scan: MarketScan;
  readonly #tracks: ReadonlyMap<string, BarTrack>;
  readonly #late = new Map<string, Late>();
  readonly #backoff: Backoff;
  /** Symbols whose bars are being fetched. */
  readonly #filling = new Set<string>();
  #isConnected = false;
  #isVouched = false;
  #isClosed = false;

  constructor(parts: BarSubscriptionParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.env.random("binance.bars"));
    this.#tracks = new Map(
      parts.symbols.map((symbol, k) => [symbol, new BarTrack(symbol, parts.intervalUs, parts.next[k], (bar) => this.#emit(bar))]),
    );
    this.#scan = new MarketScan(parts.symbols, parts.interval);
    const { handlers } = parts;
    const names = parts.symbols.flatMap((symbol) => {
      const low = symbol.toLowerCase();
      const all = [`${low}@kline_${parts.interval}`];
      if (handlers.onQuote !== undefined) all.push(`${low}@bookTicker`);
      if (handlers.onTrade !== undefined) all.push(`${low}@aggTrade`);
      return all;
    });
    this.#stream = new BinanceStream({
      env: parts.env,
      url: parts.url,
      names,
      handlers: {
        onReady: () => this.#connected(),
        onEvent: (stream, data) => this.#event(stream, data),
        onBytes: (message) => this.#scanned(message),
        onDoubt: (why) => {
          this.#isConnected = false;
          this.#doubt(why);
        },
        onUnreadable: (why, flaw) => handlers.onUnreadable(why, flaw),
        onFlaw: (flaw) => handlers.onFlaw?.(flaw),
      },
    });
  }

  get silentUs(): number {
    return this.#stream.silentUs;
  }

  close(): void {
    this.#isClosed = true;
    for (const late of this.#late.values()) late.timer.cancel();
    this.#late.clear();
    this.#stream.close();
  }

  #connected(): void {
    this.#isConnected = true;
    for (const track of this.#tracks.values()) {
      // What closed while nobody listened.
      if (track.nextOpenUs !== undefined) this.#fill(track, false);
      else this.#watch(track);
    }
    this.#settle();
  }

  /** Whether the message could be read from its bytes. */
  #scanned(message: Uint8Array): boolean {
    const scan = this.#scan;
    const { handlers, env } = this.#parts;
    switch (scan.read(message)) {
      case undefined:
        return false;
      case "bar":
        // One that still forms says nothing that anybody waits for.
        if (scan.isClosed) this.#bar(this.#tracks.get(scan.symbol)!, scan.bar());
        return true;
      case "quote":
        handlers.onQuote?.(scan.symbol, scan.bid, scan.bidSize, scan.ask, scan.askSize, env.wallUs());
        return true;
      case "trade":
        handlers.onTrade?.(scan.symbol, scan.tradeId, scan.price, scan.quantity, scan.buyerIsMaker, scan.tradeUs);
        return true;
    }
  }

  #bar(track: BarTrack, bar: FeedBar): void {
    const step = track.take(bar);
    if (step === "gap") this.#fill(track, false);
    else if (step === "emitted") this.#watch(track);
  }

  #event(stream: string, data: Shape): void {
    const { handlers, interval } = this.#parts;
    try {
      if (stream.includes("@kline_")) {
        const { isClosed, interval: of, ...bar } = parseKlineEvent(data);
        const track = this.#tracks.get(bar.symbol);
        if (track === undefined || of !== interval) {
          handlers.onUnreadable("$.data is a bar that was not asked for", "unknown-symbol");
          return;
        }
        if (!isClosed) return;
        const { nextOpenUs } = track;
        const step = track.take(bar);
        if (step === "old") handlers.onFlaw?.(bar.openUs + this.#parts.intervalUs === nextOpenUs ? "duplicated" : "out-of-order");
        if (step === "gap") this.#fill(track, false);
        else if (step === "emitted") this.#watch(track);
      } else if (stream.endsWith("@bookTicker")) {
        const best = parseBookTicker(data);
        // The stream states no time: the venue's clock is not asked for each quote, so it is ours.
        handlers.onQuote?.(best.symbol, best.bid, best.bidSize, best.ask, best.askSize, this.#parts.env.wallUs());
      } else if (stream.endsWith("@aggTrade")) {
        const trade = parseAggTrade(data);
        handlers.onTrade?.(trade.symbol, trade.tradeId, trade.price, trade.quantity, trade.buyerIsMaker, trade.timeUs);
      } else handlers.onUnreadable("$.stream is no stream of ours", "unknown-type");
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      // A bar that was lost this way is missed when its successor comes, or when it is late.
      handlers.onUnreadable(error.message, "strange");
    }
  }

  #emit(bar: FeedBar): void {
    if (!this.#isClosed) this.#parts.handlers.onBar(bar);
  }

  /** Fetches what is missing up to now. `isStale` when the fetch itself is the proof of whether the stream is. */
  #fill(track: BarTrack, isStale: boolean): void {
    if (this.#isClosed || track.isFilling) return;
    const { env, history, intervalUs } = this.#parts;
    const fromUs = track.nextOpenUs!;
    // Two intervals ahead of our wall clock, which may be slow: the venue leaves out what has not closed.
    const toUs = Math.max(fromUs, env.wallUs()) + 2 * intervalUs;
    track.beginFill();
    if (!isStale) {
      this.#filling.add(track.symbol);
      if (this.#isVouched && this.#isConnected) this.#doubt(`bars of ${track.symbol} are missing`);
    }
    history(track.symbol, fromUs, toUs).then(
      (bars) => {
        if (this.#isClosed) return;
        const fresh = track.endFill(bars);
        this.#backoff.reset();
        this.#filling.delete(track.symbol);
        this.#watch(track);
        if (isStale && fresh > 0) this.#stream.renew(`a bar of ${track.symbol} closed and the stream did not bring it`);
        else this.#settle();
      },
      (error: unknown) => {
        if (this.#isClosed) return;
        track.failFill();
        this.#filling.add(track.symbol);
        this.#doubt(error instanceof Error ? error.message : String(error));
        this.#later(track, this.#backoff.nextUs(), FILL);
      },
    );
  }

  /** The next bar closes one interval after the last one did; when it does not come, it is looked for. */
  #watch(track: BarTrack): void {
    this.#later(track, this.#parts.intervalUs + this.#parts.lateUs, WATCH);
  }

  #isLate(track: BarTrack): void {
    if (!this.#isConnected) return;
    if (track.nextOpenUs === undefined) this.#stream.renew(`no bar of ${track.symbol} came in the time of one`);
    else this.#fill(track, true);
  }

  /** One timer a symbol: what comes in time only moves its end, and it waits for the rest when it rings too early. */
  #later(track: BarTrack, delayUs: number, what: typeof WATCH | typeof FILL): void {
    const { env } = this.#parts;
    const dueUs = env.monoUs() + delayUs;
    const late = this.#late.get(track.symbol);
    if (late !== undefined && dueUs >= late.ringsUs) {
      late.dueUs = dueUs;
      late.what = what;
      return;
    }
    late?.timer.cancel();
    const made: Late = { dueUs, ringsUs: dueUs, what, timer: env.timer(delayUs, () => this.#ring(track, made)) };
    this.#late.set(track.symbol, made);
  }

  #ring(track: BarTrack, late: Late): void {
    const { env } = this.#parts;
    const restUs = late.dueUs - env.monoUs();
    if (restUs > 0) {
      late.ringsUs = late.dueUs;
      late.timer = env.timer(restUs, () => this.#ring(track, late));
      return;
    }
    this.#late.delete(track.symbol);
    if (late.what === WATCH) this.#isLate(track);
    else this.#fill(track, false);
  }

  #settle(): void {
    if (this.#isVouched || this.#isClosed || !this.#isConnected || this.#filling.size > 0) return;
    this.#isVouched = true;
    this.#parts.handlers.onReady();
  }

  #doubt(why: string): void {
    if (this.#isClosed) return;
    this.#isVouched = false;
    this.#parts.handlers.onDoubt(why);
  }
}
