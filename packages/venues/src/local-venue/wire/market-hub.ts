import type { Timer } from "@tradepulse/platform";
import type { E8 } from "../exchange/amount.ts";
import type { ExchangeEvent } from "../exchange/exchange-event.ts";
import { klineIntervalUs } from "../exchange/kline-interval.ts";
import { distortKline, distortMessage } from "./distort.ts";
import { aggTradeEvent, klineEvent, levelsJson, quoteEvent, tradeEvent } from "./market-json.ts";
import { wireMs } from "./order-json.ts";
import { noteFault, type VenueCore } from "./venue-core.ts";
import type { VenueSocket } from "./venue-socket.ts";

type StreamSort = "trade" | "aggTrade" | "bookTicker" | "kline" | "depth" | "partial-depth";

interface Stream {
  readonly name: string;
  readonly symbol: string;
  readonly sort: StreamSort;
  /** Of bars; 0 for others. */
  readonly intervalUs: number;
  /** Between messages of a book. */
  readonly everyUs: number;
  /** Of a partial book. */
  readonly levels: number;
  readonly listeners: Map<VenueSocket, (text: string) => string>;
  /** Changes of the book that wait for their turn. */
  pending: Pending | undefined;
}

interface Pending {
  firstId: number;
  lastId: number;
  readonly bids: Map<E8, E8>;
  readonly asks: Map<E8, E8>;
  timer: Timer;
}

/** Carries what happens to those who listen, one stream for each name. */
export class MarketHub {
  readonly #core: VenueCore;
  readonly #streams = new Map<string, Stream>();

  constructor(core: VenueCore) {
    this.#core = core;
  }

  /** `false` when there is no such stream. `wrap` puts a message into the form that the listener asked for. */
  subscribe(name: string, socket: VenueSocket, wrap: (text: string) => string): boolean {
    const stream = this.#streams.get(name) ?? this.#parse(name);
    if (stream === undefined) return false;
    this.#streams.set(name, stream);
    stream.listeners.set(socket, wrap);
    return true;
  }

  unsubscribe(name: string, socket: VenueSocket): void {
    this.#streams.get(name)?.listeners.delete(socket);
  }

  leave(socket: VenueSocket): void {
    for (const stream of this.#streams.values()) stream.listeners.delete(socket);
  }

  publish(event: ExchangeEvent): void {
    const atMs = wireMs(event.timeUs);
    for (const stream of this.#streams.values()) {
      if (stream.listeners.size === 0) continue;
      if (event.kind === "print" && event.trade.symbol === stream.symbol) {
        if (stream.sort === "trade") this.#send(stream, tradeEvent(event.trade, atMs));
        if (stream.sort === "aggTrade") this.#send(stream, aggTradeEvent(event.trade, atMs));
      } else if (event.kind === "quote" && event.symbol === stream.symbol && stream.sort === "bookTicker") {
        this.#send(stream, quoteEvent(event.symbol, event.updateId, event.bid, event.ask));
      } else if (event.kind === "kline" && event.kline.symbol === stream.symbol && stream.sort === "kline") {
        this.#kline(stream, event, atMs);
      } else if (event.kind === "depth" && event.symbol === stream.symbol && stream.everyUs > 0) {
        this.#gather(stream, event);
      }
    }
  }

  #kline(stream: Stream, event: ExchangeEvent & { kind: "kline" }, atMs: number): void {
    const bars = this.#core.bars.get(stream.symbol)!;
    if (stream.intervalUs % bars.intervalUs !== 0) return;
    const kline = bars.enclosing(event.kline, stream.intervalUs);
    const scene = { stream: stream.name, symbol: stream.symbol };
    if (kline.closed && this.#core.faults.draw("kline-dropped", scene) !== undefined) {
      noteFault(this.#core, "kline-dropped", `${stream.name} ${kline.openUs}`);
      return;
    }
    this.#send(stream, klineEvent(kline, atMs));
    if (kline.closed && this.#core.faults.draw("kline-revised", scene) !== undefined) {
      noteFault(this.#core, "kline-revised", `${stream.name} ${kline.openUs}`);
      this.#send(stream, klineEvent(distortKline(kline), atMs));
    }
  }

  #gather(stream: Stream, event: ExchangeEvent & { kind: "depth" }): void {
    const scene = { stream: stream.name, symbol: stream.symbol };
    if (stream.sort === "depth" && this.#core.faults.draw("depth-gap", scene) !== undefined) {
      noteFault(this.#core, "depth-gap", `${stream.name} ${event.firstId}-${event.lastId}`);
      this.#flush(stream);
      return;
    }
    if (stream.pending === undefined) {
      const timer = this.#core.clock.timer(stream.everyUs, () => this.#flush(stream));
      stream.pending = { firstId: event.firstId, lastId: event.lastId, bids: new Map(), asks: new Map(), timer };
    }
    stream.pending.lastId = event.lastId;
    for (const [price, quantity] of event.bids) stream.pending.bids.set(price, quantity);
    for (const [price, quantity] of event.asks) stream.pending.asks.set(price, quantity);
  }

  #flush(stream: Stream): void {
    const { pending } = stream;
    if (pending === undefined) return;
    pending.timer.cancel();
    stream.pending = undefined;
    if (stream.sort === "partial-depth") {
      const { book } = this.#core.exchange.market(stream.symbol);
      const rows = (side: "BUY" | "SELL"): string[][] => levelsJson(book.rows(side).slice(0, stream.levels));
      this.#send(stream, { lastUpdateId: book.updateId, bids: rows("BUY"), asks: rows("SELL") });
      return;
    }
    this.#send(stream, {
      e: "depthUpdate",
      E: wireMs(this.#core.now()),
      s: stream.symbol,
      U: pending.firstId,
      u: pending.lastId,
      b: levelsJson([...pending.bids]),
      a: levelsJson([...pending.asks]),
    });
  }

  #send(stream: Stream, message: Record<string, unknown>): void {
    const { faults } = this.#core;
    const scene = { stream: stream.name, symbol: stream.symbol };
    const note = (fault: string): void => noteFault(this.#core, fault, stream.name);
    const text = JSON.stringify(distortMessage(faults, scene, message, note));
    for (const [socket, wrap] of Array.from(stream.listeners)) {
      if (faults.draw("market-dropped", scene) !== undefined) {
        note("market-dropped");
        continue;
      }
      const late = faults.draw("market-delayed", scene);
      if (late !== undefined) {
        note("market-delayed");
        socket.sendLate(wrap(text), late.delayUs);
        continue;
      }
      socket.send(wrap(text));
      if (faults.draw("market-duplicated", scene) !== undefined) {
        note("market-duplicated");
        socket.send(wrap(text));
      }
    }
  }

  #parse(name: string): Stream | undefined {
    const match = /^([a-z0-9]{1,20})@(trade|aggTrade|bookTicker|kline_(\w{2,3})|depth(5|10|20)?(@100ms|@1000ms)?)$/.exec(name);
    if (match === null) return undefined;
    const symbol = match[1]!.toUpperCase();
    if (!this.#core.exchange.markets.some((market) => market.spec.symbol === symbol)) return undefined;
    const what = match[2]!;
    const intervalUs = match[3] === undefined ? 0 : klineIntervalUs(match[3]);
    if (intervalUs === undefined) return undefined;
    const isDepth = what.startsWith("depth");
    const sort = isDepth ? (match[4] === undefined ? "depth" : "partial-depth") : what.startsWith("kline") ? "kline" : (what as StreamSort);
    const everyUs = isDepth ? (match[5] === "@100ms" ? 100_000 : 1_000_000) : 0;
    return { name, symbol, sort, intervalUs, everyUs, levels: Number(match[4] ?? 0), listeners: new Map(), pending: undefined };
  }
}
