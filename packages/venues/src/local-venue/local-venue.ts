import { type BarColumns, type Failure, FailureError } from "@tradepulse/core";
import {
  type HttpRequest,
  type HttpResponse,
  TransportError,
  type WebSocketConnection,
  type WebSocketHandlers,
  type WebSocketOptions,
} from "@tradepulse/platform";
import type { E8 } from "./exchange/amount.ts";
import { type AccountOptions, Exchange } from "./exchange/exchange.ts";
import type { ExchangeEvent } from "./exchange/exchange-event.ts";
import type { SelfTradePrevention } from "./exchange/exchange-order.ts";
import { KLINE_INTERVALS, klineIntervalName, klineOpenUs } from "./exchange/kline-interval.ts";
import { type CrowdTerms, DEFAULT_CROWD, MarketPlayer } from "./exchange/market-player.ts";
import { PlayedBars } from "./exchange/played-bars.ts";
import { SeededStreams } from "./exchange/seeded-streams.ts";
import type { SymbolSpec } from "./exchange/symbol-spec.ts";
import type { TruthLedger } from "./exchange/truth-ledger.ts";
import type { VenueClock } from "./exchange/venue-clock.ts";
import { FaultBoard, type FaultRule } from "./faults/fault-board.ts";
import { strikeWorld } from "./faults/world-faults.ts";
import { type ApiKey, LOCAL_KEY, LOCAL_SENTINEL_KEY } from "./wire/api-key.ts";
import { answerRest, type VenueAnswer, type VenueRequest } from "./wire/rest-gate.ts";
import { DEFAULT_LIMITS, type LimitOptions, UsageLimits } from "./wire/usage-limits.ts";
import { type LatencyOptions, NO_LATENCY, type VenueCore } from "./wire/venue-core.ts";
import type { SocketTerms } from "./wire/venue-socket.ts";
import { type SocketSort, VenueSockets } from "./wire/venue-sockets.ts";

/** A symbol and the bars that make its market. */
export interface VenueMarket {
  readonly spec: SymbolSpec;
  readonly columns: BarColumns;
  /** Length of a bar as it is played: one of the venue's own. What the dataset's was does not matter any more. */
  readonly playedIntervalUs: number;
  /** Bars in front that are history when the venue opens. */
  readonly historyBars: number;
}

export interface LocalVenueOptions {
  readonly clock: VenueClock;
  readonly seed?: number;
  readonly markets: readonly VenueMarket[];
  /** One account `main` with 10,000 of every quote and 10 of every base when left out. */
  readonly accounts?: readonly AccountOptions[];
  readonly keys?: readonly ApiKey[];
  readonly crowd?: Partial<CrowdTerms>;
  readonly latency?: Partial<LatencyOptions>;
  readonly limits?: Partial<LimitOptions>;
  readonly sockets?: Partial<SocketTerms>;
  readonly faults?: readonly FaultRule[];
  /** For orders that do not say; NONE when left out. */
  readonly selfTrade?: SelfTradePrevention;
  /** Quote money for one BNB. */
  readonly bnbPrice?: E8;
}

const DEFAULT_SOCKETS: SocketTerms = { pingUs: 20_000_000, lifetimeUs: 86_400_000_000, messagesPerSecond: 5 };

/**
 * A venue in memory that speaks Binance spot's wire protocol. It takes time from the clock it is given and touches nothing else, so under
 * virtual time one seed is one history. Nothing moves before {@link LocalVenue.start}.
 */
export class LocalVenue {
  readonly faults: FaultBoard;
  readonly exchange: Exchange;
  readonly limits: UsageLimits;
  /** What REST and sockets work with. For tests of the wire. */
  readonly core: VenueCore;
  readonly #players: readonly MarketPlayer[];
  readonly #sockets: VenueSockets;
  readonly #clock: VenueClock;
  #aheadUs = 0;
  #awayUntilUs = Number.NEGATIVE_INFINITY;

  constructor(options: LocalVenueOptions) {
    const { clock } = options;
    const streams = new SeededStreams(options.seed ?? 1);
    this.#clock = clock;
    this.faults = new FaultBoard(streams);
    for (const rule of options.faults ?? []) this.faults.on(rule);
    const now = (): number => clock.wallUs() + this.#aheadUs;
    const sink = (event: ExchangeEvent): void => this.#publish(event);
    this.exchange = new Exchange({
      symbols: options.markets.map((market) => market.spec),
      accounts: options.accounts ?? [defaultAccount(options.markets)],
      now,
      random: streams.stream("ids"),
      sink,
      ...(options.bnbPrice === undefined ? {} : { bnbPrice: options.bnbPrice }),
    });
    this.exchange.matcher.feeInBnb = (accountId) =>
      this.faults.draw("fee-asset", { account: accountId }) !== undefined || this.exchange.accounts.feesOf(accountId).inBnb;
    this.limits = new UsageLimits({ ...DEFAULT_LIMITS, ...options.limits }, now);
    const bars = new Map(options.markets.map((market) => [market.spec.symbol, playedBars(market, clock.wallUs())]));
    this.core = {
      exchange: this.exchange,
      bars,
      limits: this.limits,
      faults: this.faults,
      keys: new Map((options.keys ?? [LOCAL_KEY, LOCAL_SENTINEL_KEY]).map((key) => [key.key, key])),
      clock,
      latency: { ...NO_LATENCY, ...options.latency },
      jitter: streams.stream("latency"),
      selfTrade: options.selfTrade ?? "NONE",
      now,
      isAway: () => clock.monoUs() < this.#awayUntilUs,
    };
    this.#sockets = new VenueSockets(this.core, { ...DEFAULT_SOCKETS, ...options.sockets });
    const crowd = { ...DEFAULT_CROWD, ...options.crowd };
    const world = { exchange: this.exchange, faults: this.faults, clock, outage: (lengthUs: number) => this.outage(lengthUs) };
    this.#players = [...bars.values()].map(
      (each) =>
        new MarketPlayer(this.exchange, each, crowd, streams.stream(`market ${each.symbol}`), sink, (symbol) => strikeWorld(world, symbol)),
    );
    for (const player of this.#players) player.open();
  }

  get ledger(): TruthLedger {
    return this.exchange.ledger;
  }

  /** The venue's own time in microseconds. */
  now(): number {
    return this.core.now();
  }

  /** True when all bars have been played. */
  get isOver(): boolean {
    return this.#players.every((player) => player.isOver);
  }

  /** Lets the markets run. */
  start(): void {
    const aheadUs = this.#clock.monoUs() - this.#clock.wallUs();
    for (const player of this.#players) player.start(this.#clock, player.bars.startUs + aheadUs);
  }

  /** Plays the next move of every market at once, whatever the time. For tests. */
  advance(): void {
    for (const player of this.#players) if (!player.isOver) player.advance();
  }

  /** Stops the markets and breaks all connections. */
  stop(): void {
    for (const player of this.#players) player.stop();
    this.#sockets.disconnect();
  }

  /** Answers a REST request. The promise never settles when the answer is lost. */
  handleHttp(request: VenueRequest, address = "127.0.0.1"): Promise<VenueAnswer> {
    return answerRest(this.core, request, address);
  }

  /** Opens a connection: `/ws/<stream>`, `/stream?streams=a/b` or `/ws-api/v3`. */
  openSocket(url: string, handlers: WebSocketHandlers, address = "127.0.0.1"): WebSocketConnection {
    return this.#sockets.open(url, handlers, address);
  }

  /** The venue as an `Env` sees it from an address: what a simulated world takes as its network. */
  network(address = "127.0.0.1"): {
    readonly http: (request: HttpRequest) => Promise<HttpResponse>;
    readonly webSocket: (url: string, handlers: WebSocketHandlers, options?: WebSocketOptions) => WebSocketConnection;
  } {
    return {
      http: (request) => this.#http(request, address),
      webSocket: (url, handlers) => this.openSocket(url, handlers, address),
    };
  }

  /** The venue is away: requests and connections fail until it is back; the market goes on. */
  outage(lengthUs: number): void {
    this.#awayUntilUs = this.#clock.monoUs() + lengthUs;
    this.#sockets.disconnect();
  }

  /** Puts the venue's clock ahead of the world's, or behind it. */
  setClockAhead(us: number): void {
    this.#aheadUs = us;
  }

  /** Ends connections, all or those of a sort, with a close frame or without. */
  disconnect(sort?: SocketSort, code?: number): void {
    this.#sockets.disconnect(sort, code);
  }

  /** Connections carry nothing any more but pings; with `dead` not even those. */
  silence(sort?: SocketSort, dead = false): void {
    this.#sockets.silence(sort, dead);
  }

  addKey(key: ApiKey): void {
    this.core.keys.set(key.key, key);
  }

  /** Takes a key away; its private streams end. */
  revokeKey(key: string): void {
    this.#sockets.revoke(key);
    this.core.keys.delete(key);
  }

  async #http(request: HttpRequest, address: string): Promise<HttpResponse> {
    if (this.core.isAway()) throw new TransportError("connection refused", "no");
    let timer: { cancel(): void } | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = this.#clock.timer(request.timeoutUs, () => reject(new TransportError("no answer in time", "maybe")));
    });
    try {
      const answer = await Promise.race([this.handleHttp(request, address), timeout]);
      if (answer.kind === "cut") throw new TransportError("the connection broke", "maybe");
      return { status: answer.status, headers: answer.headers, body: answer.body };
    } finally {
      timer?.cancel();
    }
  }

  #publish(event: ExchangeEvent): void {
    if (event.kind === "execution" && event.trade !== undefined && event.trade.quantity === event.order.executed)
      this.limits.freeOrder(event.order.accountId);
    this.#sockets.publish(event);
  }
}

/** A venue that is open and whose markets run. */
export function localVenue(options: LocalVenueOptions): LocalVenue {
  const venue = new LocalVenue(options);
  venue.start();
  return venue;
}

function playedBars(market: VenueMarket, wallUs: number): PlayedBars {
  const { spec, columns, playedIntervalUs, historyBars } = market;
  if (klineIntervalName(playedIntervalUs) === undefined) throw new FailureError(intervalFailure(spec.symbol, playedIntervalUs));
  const first = Math.min(historyBars, columns.length);
  const { tickSize, stepSize } = spec.filters;
  return new PlayedBars(spec.symbol, columns, playedIntervalUs, first, klineOpenUs(wallUs, playedIntervalUs), tickSize, stepSize);
}

function intervalFailure(symbol: string, us: number): Failure {
  const names = KLINE_INTERVALS.map(klineIntervalName).join(", ");
  return {
    code: "TP_VENUE_INTERVAL",
    message: `Cannot play "${symbol}" in bars of ${us / 1e6} s: the wire protocol has no such interval, allowed are ${names}`,
    details: [],
    next: "choose another speed or another interval",
  };
}

function defaultAccount(markets: readonly VenueMarket[]): AccountOptions {
  const balances: Record<string, string> = {};
  for (const { spec } of markets) {
    balances[spec.base] ??= "10";
    balances[spec.quote] = "10000";
  }
  return { id: "main", balances };
}
