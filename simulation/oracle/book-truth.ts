import { type E8, formatE8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import type { Exchange } from "../../packages/venues/src/local-venue/exchange/exchange.ts";

/** The levels of a book in one line: price and size, best first. */
export type BookLine = string;

/** What the venue's own book was at each of its update ids. */
export class BookTruth {
  private readonly lines = new Map<string, Map<number, BookLine>>();
  private readonly asks = new Map<string, Map<number, E8>>();
  private readonly exchange: Exchange;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
    for (const { spec, book } of exchange.markets) {
      this.lines.set(spec.symbol, new Map());
      this.asks.set(spec.symbol, new Map());
      this.note(spec.symbol);
      const commit = book.commit.bind(book);
      book.commit = () => {
        const change = commit();
        if (change !== undefined) this.note(spec.symbol);
        return change;
      };
    }
  }

  /** Undefined for an id at which the venue never published anything. */
  at(symbol: string, updateId: number): BookLine | undefined {
    return this.lines.get(symbol)!.get(updateId);
  }

  bestAskAt(symbol: string, updateId: number): E8 | undefined {
    return this.asks.get(symbol)!.get(updateId);
  }

  lastId(symbol: string): number {
    return this.exchange.market(symbol).book.updateId;
  }

  private note(symbol: string): void {
    const { book } = this.exchange.market(symbol);
    const rows = (side: "BUY" | "SELL"): (readonly [string, string])[] =>
      book.rows(side).map(([price, size]) => [formatE8(price), formatE8(size)] as const);
    this.lines.get(symbol)!.set(book.updateId, bookLine(rows("BUY"), rows("SELL")));
    const ask = book.best("SELL");
    if (ask !== undefined) this.asks.get(symbol)!.set(book.updateId, ask[0]);
  }
}

export function bookLine(bids: readonly (readonly [string, string])[], asks: readonly (readonly [string, string])[]): BookLine {
  const side = (rows: readonly (readonly [string, string])[]): string => rows.map(([price, size]) => `${price}x${size}`).join(" ");
  return `${side(bids)} | ${side(asks)}`;
}
