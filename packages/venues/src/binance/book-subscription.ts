import type { Env } from "@tradepulse/platform";
import type { MessageFlaw } from "../port/flaw.ts";
import { Backoff } from "./backoff.ts";
import { DepthBook, type DepthOutcome, type DepthSnapshot, parseDepthUpdate } from "./depth-book.ts";
import { DepthScan } from "./scan-depth.ts";
import { type Shape, ShapeError } from "./schema.ts";
import { BinanceStream } from "./stream.ts";

export interface BookHandlers {
  /** The book changed and may be read. Levels are in `book.bids` and `book.asks`, best by `level(0)`. */
  onBook(book: DepthBook, eventUs: number): void;
  /** In step with the venue from now on. */
  onReady(): void;
  /** In quarantine: cut, gapped, crossed, or a change could not be read. It fetches a snapshot and joins up by itself. */
  onDoubt(why: string): void;
  onUnreadable(why: string, flaw?: MessageFlaw): void;
}

export interface BookSubscriptionParts {
  readonly env: Env;
  readonly url: string;
  readonly symbol: string;
  readonly handlers: BookHandlers;
  readonly snapshot: (symbol: string) => Promise<DepthSnapshot>;
}

/** Keeps the book of one symbol in step: differences from the stream, snapshots over REST, a new snapshot after every doubt. */
export class BookSubscription {
  readonly book: DepthBook;
  readonly #parts: BookSubscriptionParts;
  readonly #stream: BinanceStream;
  readonly #scan: DepthScan;
  readonly #backoff: Backoff;
  #isConnected = false;
  /** Grows with every cut: a snapshot asked for before one says nothing about what came after it. */
  #generation = 0;
  #isFetching = false;
  #isClosed = false;

  constructor(parts: BookSubscriptionParts) {
    this.#parts = parts;
    this.book = new DepthBook(parts.symbol);
    this.#backoff = new Backoff(parts.env.random("binance.book"));
    const name = `${parts.symbol.toLowerCase()}@depth@100ms`;
    this.#scan = new DepthScan(name, parts.symbol);
    this.#stream = new BinanceStream({
      env: parts.env,
      url: parts.url,
      names: [name],
      handlers: {
        onReady: () => {
          this.#isConnected = true;
          this.#fetch();
        },
        onEvent: (_stream, data) => this.#update(data),
        onBytes: (message) => this.#scanned(message),
        onDoubt: (why) => {
          this.#isConnected = false;
          this.#generation += 1;
          this.book.reset();
          parts.handlers.onDoubt(why);
        },
        onUnreadable: (why, flaw) => this.#lost(why, flaw),
      },
    });
  }

  get silentUs(): number {
    return this.#stream.silentUs;
  }

  close(): void {
    this.#isClosed = true;
    this.#stream.close();
  }

  #scanned(message: Uint8Array): boolean {
    const scan = this.#scan;
    if (!scan.read(message)) return false;
    const outcome = this.book.updateScanned(scan);
    if (outcome === undefined) return false;
    this.#follow(outcome, scan.eventUs);
    return true;
  }

  #follow(outcome: DepthOutcome, eventUs: number): void {
    const { handlers, symbol } = this.#parts;
    if (outcome === "applied") handlers.onBook(this.book, eventUs);
    else if (outcome === "gap" || outcome === "crossed") {
      handlers.onDoubt(outcome === "gap" ? `changes of the book of ${symbol} are missing` : `the book of ${symbol} is crossed`);
      this.#fetch();
    }
  }

  #update(data: Shape): void {
    try {
      const update = parseDepthUpdate(data);
      this.#follow(this.book.update(update), update.eventUs);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      this.#lost(error.message, "strange");
    }
  }

  /** A change is lost for certain: its successor would show the gap, but may be long in coming. */
  #lost(why: string, flaw?: MessageFlaw): void {
    const { handlers, symbol } = this.#parts;
    this.book.reset();
    handlers.onUnreadable(why, flaw);
    handlers.onDoubt(`a change of the book of ${symbol} could not be read`);
    this.#fetch();
  }

  #fetch(): void {
    if (this.#isFetching || this.#isClosed) return;
    this.#isFetching = true;
    const { env, handlers, snapshot, symbol } = this.#parts;
    const mine = this.#generation;
    void snapshot(symbol)
      .then(
        (read) => {
          if (mine !== this.#generation || !this.#isConnected || this.#isClosed) return false;
          const isJoined = this.book.snapshot(read);
          if (isJoined) {
            this.#backoff.reset();
            handlers.onReady();
          }
          return isJoined;
        },
        (error: unknown) => {
          if (!this.#isClosed) handlers.onDoubt(error instanceof Error ? error.message : String(error));
          return false;
        },
      )
      .then((isJoined) => {
        this.#isFetching = false;
        if (isJoined || this.#isClosed || !this.#isConnected) return;
        env.timer(this.#backoff.nextUs(), () => {
          if (this.#isConnected && !this.book.isLive) this.#fetch();
        });
      });
  }
}
