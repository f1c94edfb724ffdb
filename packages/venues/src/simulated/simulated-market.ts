import { type E8, e8, floorTo, maxE8, nearestTo, ONE } from "../local-venue/exchange/amount.ts";
import type { CrowdLevel } from "../local-venue/exchange/book.ts";
import type { Exchange } from "../local-venue/exchange/exchange.ts";
import type { OrderSide } from "../local-venue/exchange/exchange-order.ts";
import type { FeedBar } from "../port/market-feed.ts";

/** Quote money on each side of the book where only prices are known. */
const DEPTH = 1_000_000n * ONE;

/**
 * Moves the exchange of a simulated venue by what a real market tells: quotes stand, trades trade, and a bar, where there is nothing finer, goes
 * from its open through the nearer extreme and the other one to its close.
 */
export class SimulatedMarket {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Best bid and ask as the venue of origin states them. What stands there is all that a taker can have at that price. */
  quote(symbol: string, bid: string, bidSize: string, ask: string, askSize: string): void {
    const level = (price: string, size: string): CrowdLevel[] => [{ price: e8(price), quantity: e8(size) }];
    this.#exchange.requote(symbol, level(bid, bidSize), level(ask, askSize));
  }

  /** A trade of others: it comes for orders that rest at its price or better. */
  trade(symbol: string, price: string, quantity: string, buyerIsMaker: boolean): void {
    const { crowd } = this.#exchange.market(symbol).book;
    const aggressor: OrderSide = buyerIsMaker ? "SELL" : "BUY";
    this.#exchange.step(symbol, { price: e8(price), quantity: e8(quantity), aggressor, bids: crowd.BUY, asks: crowd.SELL });
  }

  bar(bar: FeedBar): void {
    const { filters } = this.#exchange.market(bar.symbol);
    const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map((text) => nearestTo(e8(text), filters.tickSize)) as [
      E8,
      E8,
      E8,
      E8,
    ];
    const lowFirst = open - low === high - open ? close >= open : open - low < high - open;
    const share = floorTo(e8(bar.volume) / 4n, filters.stepSize);
    let last = open;
    for (const price of [open, lowFirst ? low : high, lowFirst ? high : low, close]) {
      this.#exchange.step(bar.symbol, {
        price,
        quantity: maxE8(filters.stepSize, share),
        aggressor: price >= last ? "BUY" : "SELL",
        bids: [{ price: maxE8(filters.tickSize, price - filters.tickSize), quantity: (DEPTH * ONE) / price }],
        asks: [{ price: price + filters.tickSize, quantity: (DEPTH * ONE) / price }],
      });
      last = price;
    }
  }
}
