import type { RandomStream, Timer } from "@tradepulse/platform";
import { type E8, floorTo, maxE8, minE8, ONE, timesE8 } from "./amount.ts";
import { barPath, type PlayedBar } from "./bar-path.ts";
import type { CrowdLevel } from "./book.ts";
import type { Exchange, MarketStep } from "./exchange.ts";
import type { ExchangeSink, KlineView } from "./exchange-event.ts";
import type { PlayedBars } from "./played-bars.ts";
import type { VenueClock } from "./venue-clock.ts";

/** How bars become a market. */
export interface CrowdTerms {
  /** Prices that a bar goes through; at least 4. */
  readonly stepsPerBar: number;
  /** Ticks from the last price to the best bid and to the best ask; at least 1. */
  readonly halfSpreadTicks: number;
  /** Levels on each side. */
  readonly levels: number;
  /** Quote money that stands at a level, about. */
  readonly levelNotional: E8;
}

export const DEFAULT_CROWD: CrowdTerms = { stepsPerBar: 12, halfSpreadTicks: 1, levels: 10, levelNotional: 50_000n * ONE };

/** Plays the bars of one symbol: each a seeded walk of trades within its range, with a book around the price, then the bar itself. */
export class MarketPlayer {
  readonly bars: PlayedBars;
  readonly #exchange: Exchange;
  readonly #terms: CrowdTerms;
  readonly #random: RandomStream;
  readonly #sink: ExchangeSink;
  readonly #beforeStep: (symbol: string) => void;
  #timer: Timer | undefined;
  #index: number;
  #path: E8[] = [];
  #atStep = 0;
  #progress: KlineView | undefined;

  constructor(
    exchange: Exchange,
    bars: PlayedBars,
    terms: CrowdTerms,
    random: RandomStream,
    sink: ExchangeSink,
    beforeStep: (symbol: string) => void,
  ) {
    this.bars = bars;
    this.#exchange = exchange;
    this.#terms = terms;
    this.#random = random;
    this.#sink = sink;
    this.#beforeStep = beforeStep;
    this.#index = bars.firstLive;
  }

  get isOver(): boolean {
    return this.#index >= this.bars.length;
  }

  /** Puts a book around the last price of the history, so that the venue is open before its first bar. */
  open(): void {
    const index = Math.max(0, this.bars.firstLive - 1);
    const { close, open } = this.bars.bar(index);
    const price = this.bars.firstLive === 0 ? open : close;
    const { stepSize } = this.#exchange.market(this.bars.symbol).filters;
    this.#exchange.step(this.bars.symbol, this.#stepAt(price, "BUY", stepSize));
  }

  /** Plays on. `originUs` is what the monotonic clock showed when the first live bar opened. */
  start(clock: VenueClock, originUs: number): void {
    const next = (): void => {
      if (this.isOver) return;
      const dueUs = originUs + this.#dueUs() - this.bars.startUs;
      this.#timer = clock.timer(Math.max(0, dueUs - clock.monoUs()), () => {
        this.advance();
        next();
      });
    };
    next();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** The next trade, or the end of the bar after its last. */
  advance(): void {
    const bar = this.bars.bar(this.#index);
    const { symbol } = this.bars;
    const market = this.#exchange.market(symbol);
    if (this.#atStep === 0) this.#path = barPath(bar, this.#terms.stepsPerBar, market.spec.filters.tickSize, this.#random);
    if (this.#atStep >= this.#path.length) {
      this.#emit(this.bars.finish(this.#index));
      this.#index += 1;
      this.#atStep = 0;
      this.#progress = undefined;
      return;
    }
    this.#beforeStep(symbol);
    const price = this.#path[this.#atStep]!;
    const last = this.#atStep === 0 ? market.lastPrice : this.#path[this.#atStep - 1]!;
    const aggressor = price > last || (price === last && this.#random.next() < 0.5) ? "BUY" : "SELL";
    const quantity = this.#tradeQuantity(bar, price, market.spec.filters.stepSize);
    this.#exchange.step(symbol, this.#stepAt(price, aggressor, quantity));
    this.#atStep += 1;
    if (market.status !== "TRADING") return;
    this.#progress = this.#grow(price, quantity, aggressor === "BUY", market.lastTradeId);
    this.bars.progress(this.#progress);
    this.#emit(this.#progress);
  }

  #emit(kline: KlineView): void {
    this.#sink({ kind: "kline", kline, timeUs: this.#exchange.now() });
  }

  /** Trades spread over the bar, the first a moment after its open; the bar itself comes when it is over. */
  #dueUs(): number {
    const steps = Math.max(4, this.#terms.stepsPerBar);
    const openUs = this.bars.openUs(this.#index);
    if (this.#atStep >= steps) return openUs + this.bars.intervalUs;
    return openUs + Math.floor(((this.#atStep + 0.5) * this.bars.intervalUs) / steps);
  }

  #tradeQuantity(bar: PlayedBar, price: E8, step: E8): E8 {
    const steps = BigInt(Math.max(4, this.#terms.stepsPerBar));
    const share = bar.volume > 0n ? bar.volume / steps : (this.#terms.levelNotional * ONE) / (5n * price);
    return maxE8(step, floorTo(share, step));
  }

  #stepAt(price: E8, aggressor: "BUY" | "SELL", quantity: E8): MarketStep {
    return { price, quantity, aggressor, bids: this.#levels(price, -1n), asks: this.#levels(price, 1n) };
  }

  #levels(price: E8, direction: bigint): CrowdLevel[] {
    const { tickSize, stepSize } = this.#exchange.market(this.bars.symbol).spec.filters;
    const levels: CrowdLevel[] = [];
    let at = price + direction * BigInt(Math.max(1, this.#terms.halfSpreadTicks)) * tickSize;
    for (let i = 0; i < this.#terms.levels; i += 1) {
      if (at < tickSize) break;
      const notional = (this.#terms.levelNotional * BigInt(50 + this.#random.below(101))) / 100n;
      levels.push({ price: at, quantity: maxE8(stepSize, floorTo((notional * ONE) / at, stepSize)) });
      at += direction * BigInt(1 + this.#random.below(3)) * tickSize;
    }
    return levels;
  }

  #grow(price: E8, quantity: E8, buys: boolean, tradeId: number): KlineView {
    const quote = timesE8(price, quantity);
    const before = this.#progress;
    const openUs = this.bars.openUs(this.#index);
    const none = { openUs, endUs: openUs + this.bars.intervalUs, open: price, high: price, low: price, firstTradeId: tradeId };
    const base = before ?? { ...none, volume: 0n, quoteVolume: 0n, takerBuyVolume: 0n, takerBuyQuoteVolume: 0n, trades: 0 };
    return {
      ...base,
      symbol: this.bars.symbol,
      high: maxE8(base.high, price),
      low: minE8(base.low, price),
      close: price,
      volume: base.volume + quantity,
      quoteVolume: base.quoteVolume + quote,
      takerBuyVolume: base.takerBuyVolume + (buys ? quantity : 0n),
      takerBuyQuoteVolume: base.takerBuyQuoteVolume + (buys ? quote : 0n),
      trades: base.trades + 1,
      lastTradeId: tradeId,
      closed: false,
    };
  }
}
