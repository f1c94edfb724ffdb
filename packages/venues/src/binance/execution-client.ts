import type { Env } from "@tradepulse/platform";
import type {
  CancelOutcome,
  ExecutionClient,
  OrderRequest,
  ReadOutcome,
  SubmitOutcome,
  UserStream,
  UserStreamHandlers,
} from "../port/execution-client.ts";
import type { VenueBalance, VenueFill, VenueInstrument, VenueOrder } from "../port/venue-records.ts";
import type { Answer } from "./answer.ts";
import { ClientIdMemory } from "./client-id-memory.ts";
import { BINANCE_TEST, checkEndpoint } from "./endpoints.ts";
import { type BinanceFilters, brokenFilter } from "./filters.ts";
import { type BinanceOrderTerms, orderParameters } from "./format.ts";
import {
  checkTradePage,
  parseBalances,
  parseCanceledOrders,
  parseFillsOfOrder,
  parseMyTrade,
  parseOrder,
  parseServerTime,
  type UnnamedFill,
} from "./parse.ts";
import { parseExchangeInfo } from "./parse-market.ts";
import { BinanceRateBudget, OrderCounts } from "./rate-budget.ts";
import { type BinanceRequest, requests } from "./requests.ts";
import { BinanceRest } from "./rest.ts";
import { type Shape, ShapeError, tryRead } from "./schema.ts";
import type { BinanceKey } from "./sign.ts";
import { openBinanceUserStream } from "./user-stream.ts";
import { VenueClock } from "./venue-clock.ts";

export interface BinanceExecutionOptions {
  /** The account's key, or whom to ask for it before every call: a rotation takes effect with the next one. */
  readonly key: BinanceKey | (() => BinanceKey);
  /** Defaults to the venue's test network. */
  readonly restUrl?: string;
  readonly wsApiUrl?: string;
  /** Symbols whose rules are read; all when absent. */
  readonly symbols?: readonly string[];
  /** Validity of signed reads. Default 5 s. */
  readonly recvWindowUs?: number;
  /** Default 500 ms: the venue refuses what is stamped a second ahead of it. */
  readonly clockBudgetUs?: number;
  readonly timeoutUs?: number;
  readonly orderTerms?: BinanceOrderTerms;
  /** The venue refused the key: time to fetch another one. */
  readonly onKeyRefused?: () => void;
}

/** The venue gives up on its own engine after ten seconds (reliability 0.2). */
const ENGINE_TIMEOUT_US = 10_000_000;
const TRADES_PAGE = 1_000;
const MOST_PAGES = 200;
const CLOCK_SAMPLES = 3;
const RETRY_US = 1_000_000;

/** The private side of one account at Binance spot. */
export function binanceExecution(env: Env, options: BinanceExecutionOptions): BinanceExecution {
  return new BinanceExecution(env, options);
}

export class BinanceExecution implements ExecutionClient {
  readonly venue = "BINANCE";
  readonly budget: BinanceRateBudget;
  readonly horizonUs: number;
  readonly #env: Env;
  readonly #options: BinanceExecutionOptions;
  readonly #rest: BinanceRest;
  readonly #clock: VenueClock;
  readonly #clockBudgetUs: number;
  readonly #orderCounts: OrderCounts;
  readonly #wsApiUrl: string;
  readonly #names = new ClientIdMemory();
  #filters: ReadonlyMap<string, BinanceFilters> = new Map();

  constructor(env: Env, options: BinanceExecutionOptions) {
    this.#env = env;
    this.#options = options;
    this.#clock = new VenueClock(env);
    this.#clockBudgetUs = options.clockBudgetUs ?? 500_000;
    this.#orderCounts = new OrderCounts(env);
    this.#wsApiUrl = checkEndpoint(options.wsApiUrl ?? BINANCE_TEST.wsApi);
    this.budget = new BinanceRateBudget(env);
    this.horizonUs = ENGINE_TIMEOUT_US + this.#clockBudgetUs;
    this.#rest = new BinanceRest({
      env,
      baseUrl: checkEndpoint(options.restUrl ?? BINANCE_TEST.rest),
      key: () => this.#key(),
      clock: this.#clock,
      budget: this.budget,
      orderCounts: this.#orderCounts,
      recvWindowUs: options.recvWindowUs ?? 5_000_000,
      clockBudgetUs: this.#clockBudgetUs,
      timeoutUs: options.timeoutUs ?? 15_000_000,
    });
  }

  async instruments(): Promise<ReadOutcome<readonly VenueInstrument[]>> {
    const read = await this.#read(requests.exchangeInfo(this.#options.symbols), parseExchangeInfo);
    if (read.kind === "unavailable") return read;
    const { instruments, filters, weightLimit, orderLimits } = read.value;
    const missing = (this.#options.symbols ?? []).find((symbol) => !filters.has(symbol));
    if (missing !== undefined) return unavailable(`the venue does not state readable rules of ${missing}`, RETRY_US);
    this.#filters = filters;
    if (weightLimit !== undefined) this.budget.setLimit(weightLimit);
    for (const [interval, limit] of orderLimits) this.#orderCounts.setLimit(interval, limit);
    return { kind: "read", value: instruments, readUs: read.readUs };
  }

  /** Name of the filter that the order breaks by the rules last read; `undefined` when none, or when the rules were not read yet. */
  brokenFilter(order: OrderRequest, averagePrice?: string): string | undefined {
    const filters = this.#filters.get(order.symbol);
    return filters === undefined ? undefined : brokenFilter(filters, order, averagePrice === undefined ? {} : { averagePrice });
  }

  async measureClock(): Promise<ReadOutcome<{ readonly offsetUs: number; readonly errorUs: number }>> {
    let failed: ReadOutcome<number> & { kind: "unavailable" } = unavailable("the clock was not read", RETRY_US);
    let samples = 0;
    for (let k = 0; k < CLOCK_SAMPLES; k += 1) {
      const sentMonoUs = this.#env.monoUs();
      const answer = await this.#rest.send(requests.time());
      if (answer.kind !== "answered") {
        failed = unavailableBy(answer);
        break;
      }
      const time = tryRead(answer.body, parseServerTime);
      if (!time.ok) {
        failed = unavailable(time.why, RETRY_US);
        break;
      }
      // Stated in whole milliseconds, cut off: the instant lies within the millisecond that follows.
      this.#clock.measured(time.value, 1_000, sentMonoUs, answer.receivedMonoUs);
      samples += 1;
    }
    if (samples === 0) return failed;
    return { kind: "read", value: { offsetUs: this.#clock.offsetUs, errorUs: this.#clock.errorUs }, readUs: this.#env.wallUs() };
  }

  balances(): Promise<ReadOutcome<readonly VenueBalance[]>> {
    return this.#read(requests.account(), parseBalances);
  }

  async openOrders(symbol?: string): Promise<ReadOutcome<readonly VenueOrder[]>> {
    const read = await this.#read(requests.openOrders(symbol), (shape) => shape.items().map(parseOrder));
    if (read.kind === "read") for (const order of read.value) this.#names.remember(order);
    return read;
  }

  async orderByClientId(symbol: string, clientId: string): Promise<ReadOutcome<VenueOrder | undefined>> {
    return this.#orderBy(symbol, { clientId }, (order) => order.clientId === clientId);
  }

  async fillsFrom(symbol: string, fromTradeId: number): Promise<ReadOutcome<readonly VenueFill[]>> {
    const fills: UnnamedFill[] = [];
    let fromId = fromTradeId;
    let readUs = 0;
    for (let page = 0; ; page += 1) {
      if (page === MOST_PAGES)
        return unavailable(`${symbol} has more than ${MOST_PAGES * TRADES_PAGE} trades from ${fromTradeId} on`, RETRY_US);
      const read = await this.#read(requests.myTrades(symbol, { fromId, limit: TRADES_PAGE }), (shape) => {
        const rows = shape.items(TRADES_PAGE).map(parseMyTrade);
        checkTradePage(rows, symbol, fromId);
        return rows;
      });
      if (read.kind === "unavailable") return read;
      readUs = read.readUs;
      const isLast = read.value.length < TRADES_PAGE;
      const lastId = read.value.at(-1)?.tradeId;
      // A full page may end between the two sides of a trade of the account with itself: its last trade is read again with the next page.
      fills.push(...(isLast ? read.value : read.value.filter(({ tradeId }) => tradeId !== lastId)));
      if (isLast) break;
      fromId = lastId!;
    }
    const failed = await this.#learnNames(symbol, fills);
    if (failed !== undefined) return failed;
    const value = fills.map((fill) => named(fill, this.#names.find(symbol, fill.venueOrderId) ?? ""));
    return { kind: "read", value, readUs };
  }

  async submit(order: OrderRequest): Promise<SubmitOutcome> {
    const answer = await this.#send(requests.submit(orderParameters(order, this.#options.orderTerms)), order.deadlineUs);
    switch (answer.kind) {
      case "unknown":
        return answer;
      case "refused":
        return { kind: "refused", code: String(answer.code), message: answer.message, cause: answer.cause };
      case "not-sent":
        return { kind: "refused", code: "not-sent", message: answer.why, cause: answer.cause };
      case "answered": {
        const read = tryRead(answer.body, (shape) => {
          const placed = parseOrder(shape);
          if (placed.symbol !== order.symbol || placed.clientId !== order.clientId) throw new ShapeError("$", "is about another order");
          if (placed.side !== order.side) throw new ShapeError("$.side", "is the other side");
          return { order: placed, fills: parseFillsOfOrder(shape, placed) };
        });
        if (!read.ok) return { kind: "unknown", why: `the answer cannot be read: ${read.why}` };
        this.#names.remember(read.value.order);
        return { kind: "acknowledged", ...read.value };
      }
    }
  }

  async cancel(symbol: string, clientId: string): Promise<CancelOutcome> {
    const answer = await this.#send(requests.cancel(symbol, { clientId }));
    return cancelOutcome(answer, (shape) => {
      const order = parseOrder(shape);
      if (order.symbol !== symbol || order.clientId !== clientId) throw new ShapeError("$", "is about another order");
      return order;
    });
  }

  /** The order in the outcome is the last one of those that were canceled. */
  async cancelAll(symbol: string): Promise<CancelOutcome> {
    const answer = await this.#send(requests.cancelAll(symbol));
    return cancelOutcome(answer, (shape) => {
      const orders = parseCanceledOrders(shape);
      if (orders.some((order) => order.symbol !== symbol)) throw new ShapeError("$", "is about another symbol");
      return orders.at(-1);
    });
  }

  openUserStream(handlers: UserStreamHandlers): UserStream {
    return openBinanceUserStream({
      env: this.#env,
      url: this.#wsApiUrl,
      key: () => this.#key(),
      clock: this.#clock,
      clockBudgetUs: this.#clockBudgetUs,
      measureClock: () => this.measureClock(),
      budget: this.budget,
      names: this.#names,
      handlers,
      ...(this.#options.onKeyRefused === undefined ? {} : { onKeyRefused: this.#options.onKeyRefused }),
    });
  }

  #key(): BinanceKey {
    const { key } = this.#options;
    return typeof key === "function" ? key() : key;
  }

  async #send(request: BinanceRequest, deadlineUs?: number): Promise<Answer> {
    const answer = await this.#rest.send(request, deadlineUs);
    if (answer.kind === "refused" && answer.cause === "authorisation") this.#options.onKeyRefused?.();
    return answer;
  }

  async #read<T>(request: BinanceRequest, parse: (shape: Shape) => T): Promise<ReadOutcome<T>> {
    const answer = await this.#send(request);
    if (answer.kind !== "answered") return unavailableBy(answer);
    const read = tryRead(answer.body, parse);
    return read.ok
      ? { kind: "read", value: read.value, readUs: this.#env.wallUs() }
      : unavailable(`the answer cannot be read: ${read.why}`, RETRY_US);
  }

  async #orderBy(
    symbol: string,
    by: { clientId?: string; venueOrderId?: string },
    isAsked: (order: VenueOrder) => boolean,
  ): Promise<ReadOutcome<VenueOrder | undefined>> {
    const answer = await this.#send(requests.order(symbol, by));
    if (answer.kind === "refused" && answer.code === -2013) return { kind: "read", value: undefined, readUs: this.#env.wallUs() };
    if (answer.kind !== "answered") return unavailableBy(answer);
    const read = tryRead(answer.body, parseOrder);
    if (!read.ok) return unavailable(`the answer cannot be read: ${read.why}`, RETRY_US);
    if (read.value.symbol !== symbol || !isAsked(read.value)) return unavailable("the answer is about another order", RETRY_US);
    this.#names.remember(read.value);
    return { kind: "read", value: read.value, readUs: this.#env.wallUs() };
  }

  /** Reads the client ids of orders that the fills name and that were not seen yet. An order that the venue has no more stays without. */
  async #learnNames(symbol: string, fills: readonly UnnamedFill[]): Promise<(ReadOutcome<never> & { kind: "unavailable" }) | undefined> {
    const unknown = [...new Set(fills.map((fill) => fill.venueOrderId))].filter((id) => this.#names.find(symbol, id) === undefined);
    if (unknown.length === 1) {
      const [id] = unknown;
      const read = await this.#orderBy(symbol, { venueOrderId: id! }, (order) => order.venueOrderId === id);
      return read.kind === "unavailable" ? read : undefined;
    }
    // Many at once: the list of orders from the oldest on, in pages.
    const rest = new Set(unknown);
    let from = unknown.reduce<bigint | undefined>(
      (least, id) => (least === undefined || BigInt(id) < least ? BigInt(id) : least),
      undefined,
    );
    for (let page = 0; rest.size > 0 && from !== undefined && page < MOST_PAGES; page += 1) {
      const read: ReadOutcome<readonly VenueOrder[]> = await this.#read(requests.ordersFrom(symbol, String(from), TRADES_PAGE), (shape) =>
        shape.items(TRADES_PAGE).map(parseOrder),
      );
      if (read.kind === "unavailable") return read;
      for (const order of read.value) {
        this.#names.remember(order);
        rest.delete(order.venueOrderId);
      }
      const last = read.value.at(-1);
      from =
        last === undefined || read.value.length < TRADES_PAGE || BigInt(last.venueOrderId) < from
          ? undefined
          : BigInt(last.venueOrderId) + 1n;
    }
    return undefined;
  }
}

/** Spelled out, so that a fill has its fields in the same order wherever it was read: journals and tapes are compared as text. */
function named(fill: UnnamedFill, clientId: string): VenueFill {
  const { symbol, venueOrderId, ...rest } = fill;
  return { symbol, venueOrderId, clientId, ...rest };
}

function unavailable(why: string, retryAfterUs: number): ReadOutcome<never> & { kind: "unavailable" } {
  return { kind: "unavailable", why, retryAfterUs };
}

function unavailableBy(answer: Exclude<Answer, { kind: "answered" }>): ReadOutcome<never> & { kind: "unavailable" } {
  if (answer.kind === "refused") return unavailable(`${answer.code} ${answer.message}`, RETRY_US);
  return unavailable(answer.why, answer.kind === "not-sent" ? Math.max(RETRY_US, answer.retryAfterUs) : RETRY_US);
}

function cancelOutcome(answer: Answer, parse: (shape: Shape) => VenueOrder | undefined): CancelOutcome {
  switch (answer.kind) {
    case "unknown":
      return answer;
    case "not-sent":
      return { kind: "refused", code: "not-sent", message: answer.why, cause: answer.cause };
    case "refused":
      if (answer.code === -2013 || (answer.code === -2011 && answer.message.startsWith("Unknown order sent")))
        return { kind: "not-open", message: answer.message };
      return { kind: "refused", code: String(answer.code), message: answer.message, cause: answer.cause };
    case "answered": {
      const read = tryRead(answer.body, parse);
      if (!read.ok) return { kind: "unknown", why: `the answer cannot be read: ${read.why}` };
      if (read.value === undefined) return { kind: "not-open", message: "no open orders" };
      if (read.value.state !== "canceled") return { kind: "unknown", why: `the answer says that the order is ${read.value.state}` };
      return { kind: "canceled", order: read.value };
    }
  }
}
