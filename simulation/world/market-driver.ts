import { type RandomStream, type SimClock, seededStream } from "@tradepulse/platform";
import type { FeedBar } from "@tradepulse/venues";
import { type E8, formatE8, nearestTo } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import type { Exchange } from "../../packages/venues/src/local-venue/exchange/exchange.ts";

/** Steps of the price within a bar. */
const STEPS = 4;

interface Candle {
  openUs: number;
  open: E8;
  high: E8;
  low: E8;
  close: E8;
  volume: E8;
}

interface Walk {
  readonly symbol: string;
  readonly random: RandomStream;
  price: number;
  candle: Candle | undefined;
}

/** Moves the prices of the simulated venue and makes bars of them. */
export class MarketDriver {
  readonly bars: FeedBar[] = [];
  /** Called for each bar at its close. */
  onBar: ((bar: FeedBar) => void) | undefined;
  private readonly walks: Walk[];
  private readonly clock: SimClock;
  private readonly exchange: Exchange;
  private readonly barUs: number;

  constructor(clock: SimClock, exchange: Exchange, seed: number, barUs: number) {
    this.clock = clock;
    this.exchange = exchange;
    this.barUs = barUs;
    this.walks = exchange.markets.map(({ spec }) => {
      const random = seededStream(seed, `market.${spec.symbol}`);
      return { symbol: spec.symbol, random, price: 20 + 180 * random.next(), candle: undefined };
    });
  }

  start(untilUs: number): void {
    const stepUs = Math.floor(this.barUs / STEPS);
    const next = (): void => {
      for (const walk of this.walks) this.step(walk);
      if (this.clock.nowUs < untilUs) this.clock.after(stepUs, next);
    };
    this.clock.after(0, next);
  }

  /** Multiplies a price, as a crash or its end does. */
  jump(symbol: string, factor: number): void {
    const walk = this.walks.find((each) => each.symbol === symbol)!;
    walk.price *= factor;
    this.step(walk);
  }

  /** The price moves against everybody who rests: `side` is the side of the orders that it takes. */
  sweep(symbol: string, side: "BUY" | "SELL", through: number): void {
    const walk = this.walks.find((each) => each.symbol === symbol)!;
    walk.price *= side === "BUY" ? 1 - through : 1 + through;
    this.step(walk);
  }

  private step(walk: Walk): void {
    const { random } = walk;
    const market = this.exchange.market(walk.symbol);
    const tick = market.filters.tickSize;
    walk.price = Math.min(1_000, Math.max(1, walk.price * (1 + 0.004 * (random.next() + random.next() - 1))));
    const price = nearestTo(BigInt(Math.round(walk.price * 1e8)), tick);
    const quantity = BigInt(1 + random.below(50)) * 100_000_000n;
    const half = tick * BigInt(1 + random.below(3));
    const level = (offset: bigint): { price: E8; quantity: E8 } => ({ price: price + offset, quantity: 1_000n * 100_000_000n });
    const aggressor = random.next() < 0.5 ? "BUY" : "SELL";
    if (market.status === "TRADING")
      this.exchange.step(walk.symbol, {
        price,
        quantity,
        aggressor,
        bids: [level(-half), level(-half - tick)].filter((each) => each.price > 0n),
        asks: [level(half), level(half + tick)],
      });
    this.record(walk, price, quantity);
  }

  private record(walk: Walk, price: E8, quantity: E8): void {
    const openUs = Math.floor(this.clock.nowUs / this.barUs) * this.barUs;
    const { candle } = walk;
    if (candle !== undefined && candle.openUs !== openUs) this.emit(walk.symbol, candle);
    if (candle === undefined || candle.openUs !== openUs)
      walk.candle = { openUs, open: price, high: price, low: price, close: price, volume: quantity };
    else {
      if (price > candle.high) candle.high = price;
      if (price < candle.low) candle.low = price;
      candle.close = price;
      candle.volume += quantity;
    }
  }

  private emit(symbol: string, candle: Candle): void {
    const { openUs, open, high, low, close, volume } = candle;
    const bar: FeedBar = {
      symbol,
      openUs,
      closeUs: openUs + this.barUs,
      open: formatE8(open),
      high: formatE8(high),
      low: formatE8(low),
      close: formatE8(close),
      volume: formatE8(volume),
    };
    this.bars.push(bar);
    this.onBar?.(bar);
  }
}
