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
import type { BadAnswer } from "../port/flaw.ts";
import { SilenceFile } from "../port/silence-file.ts";
import type { VenueBalance, VenueFill, VenueInstrument, VenueOrder } from "../port/venue-records.ts";
import type { Answer } from "./answer.ts";
import { ClientIdMemory } from "./client-id-memory.ts";
import { BINANCE_TEST, checkEndpoint } from "./endpoints.ts";
import { type BinanceFilters, brokenFilter } from "./filters.ts";
import { type BinanceOrderTerms, orderParameters } from "./format.ts";
import { cancelOutcome, RETRY_US, submitOutcome, type Unavailable, unavailable, unavailableBy } from "./outcomes.ts";
import { OwnFills } from "./own-fills.ts";
import { parseBalances, parseCanceledOrders, parseOrder, parseServerTime } from "./parse.ts";
import { parseExchangeInfo } from "./parse-market.ts";
import { type BinanceBudgetOptions, BinanceRateBudget, OrderCounts } from "./rate-budget.ts";
import { type BinanceRequest, requests } from "./requests.ts";
import { BinanceRest, DEFAULT_BAN_US, LONGEST_BAN_US } from "./rest.ts";
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
  /** Told of every answer that says nothing. */
  readonly onBadAnswer?: (bad: BadAnswer) => void;
  /** Absolute path of a file that keeps the silence which the venue asks for; `prepare` reads it. Without it a silence ends with the process. */
  readonly silencePath?: string;
  /** That file could not be written. */
  readonly onAlarm?: (text: string) => void;
}

/** The venue gives up on its own engine after ten seconds (reliability 0.2). */
const ENGINE_TIMEOUT_US = 10_000_000;
const CLOCK_SAMPLES = 3;

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
  readonly #fills: OwnFills;
  #filters: ReadonlyMap<string, BinanceFilters> = new Map();

  constructor(env: Env, options: BinanceExecutionOptions) {
    this.#env = env;
    this.#options = options;
    this.#clock = new VenueClock(env);
    this.#clockBudgetUs = options.clockBudgetUs ?? 500_000;
    this.#orderCounts = new OrderCounts(env);
    this.#wsApiUrl = checkEndpoint(options.wsApiUrl ?? BINANCE_TEST.wsApi);
    this.budget = new BinanceRateBudget(env, silenceOf(env, options));
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
      onBadAnswer: options.onBadAnswer,
    });
    this.#fills = new OwnFills({
      names: this.#names,
      read: (request, parse) => this.#read(request, parse),
      orderByVenueId: (symbol, id) => this.#orderBy(symbol, { venueOrderId: id }, (order) => order.venueOrderId === id),
    });
  }

  /** Before the first request: an earlier process may have been told to be silent. */
  async prepare(): Promise<void> {
    await this.budget.recall();
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
      const request = requests.time();
      const answer = await this.#rest.send(request);
      if (answer.kind !== "answered") {
        failed = unavailableBy(answer);
        break;
      }
      const time = tryRead(answer.body, parseServerTime);
      if (!time.ok) {
        failed = unavailable(time.why, RETRY_US);
        this.#rest.bad(request, "strange", time.why);
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

  fillsFrom(symbol: string, fromTradeId: number): Promise<ReadOutcome<readonly VenueFill[]>> {
    return this.#fills.from(symbol, fromTradeId);
  }

  lastTradeId(symbol: string): Promise<ReadOutcome<number>> {
    return this.#fills.lastTradeId(symbol);
  }

  async submit(order: OrderRequest, mayLeave?: () => boolean): Promise<SubmitOutcome> {
    const request = requests.submit(orderParameters(order, this.#options.orderTerms));
    const answer = await this.#send(request, order.deadlineUs, mayLeave);
    const outcome = submitOutcome(answer, order);
    if (answer.kind === "answered" && outcome.kind === "unknown") this.#rest.bad(request, "strange", outcome.why);
    if (outcome.kind === "acknowledged") this.#names.remember(outcome.order);
    return outcome;
  }

  async cancel(symbol: string, clientId: string): Promise<CancelOutcome> {
    const request = requests.cancel(symbol, { clientId });
    return this.#canceled(request, await this.#send(request), (shape) => {
      const order = parseOrder(shape);
      if (order.symbol !== symbol || order.clientId !== clientId) throw new ShapeError("$", "is about another order");
      return order;
    });
  }

  /** The order in the outcome is the last one of those that were canceled. */
  async cancelAll(symbol: string): Promise<CancelOutcome> {
    const request = requests.cancelAll(symbol);
    return this.#canceled(request, await this.#send(request), (shape) => {
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

  #canceled(request: BinanceRequest, answer: Answer, parse: (shape: Shape) => VenueOrder | undefined): CancelOutcome {
    const outcome = cancelOutcome(answer, parse);
    if (answer.kind === "answered" && outcome.kind === "unknown") this.#rest.bad(request, "strange", outcome.why);
    return outcome;
  }

  #key(): BinanceKey {
    const { key } = this.#options;
    return typeof key === "function" ? key() : key;
  }

  async #send(request: BinanceRequest, deadlineUs?: number, mayLeave?: () => boolean): Promise<Answer> {
    const answer = await this.#rest.send(request, deadlineUs, mayLeave);
    if (answer.kind === "refused" && answer.cause === "authorisation") this.#options.onKeyRefused?.();
    return answer;
  }

  async #read<T>(request: BinanceRequest, parse: (shape: Shape) => T): Promise<ReadOutcome<T>> {
    const answer = await this.#send(request);
    if (answer.kind !== "answered") return unavailableBy(answer);
    const read = tryRead(answer.body, parse);
    if (read.ok) return { kind: "read", value: read.value, readUs: this.#env.wallUs() };
    return this.#strange(request, `the answer cannot be read: ${read.why}`);
  }

  #strange(request: BinanceRequest, why: string): Unavailable {
    this.#rest.bad(request, "strange", why);
    return unavailable(why, RETRY_US);
  }

  async #orderBy(
    symbol: string,
    by: { clientId?: string; venueOrderId?: string },
    isAsked: (order: VenueOrder) => boolean,
  ): Promise<ReadOutcome<VenueOrder | undefined>> {
    const request = requests.order(symbol, by);
    const answer = await this.#send(request);
    if (answer.kind === "refused" && answer.code === -2013) return { kind: "read", value: undefined, readUs: this.#env.wallUs() };
    if (answer.kind !== "answered") return unavailableBy(answer);
    const read = tryRead(answer.body, parseOrder);
    if (!read.ok) return this.#strange(request, `the answer cannot be read: ${read.why}`);
    if (read.value.symbol !== symbol || !isAsked(read.value)) return this.#strange(request, "the answer is about another order");
    this.#names.remember(read.value);
    return { kind: "read", value: read.value, readUs: this.#env.wallUs() };
  }
}

function silenceOf(env: Env, { silencePath: path, onAlarm }: BinanceExecutionOptions): BinanceBudgetOptions {
  if (path === undefined) return {};
  const bounds = { longestUs: LONGEST_BAN_US, unreadableUs: DEFAULT_BAN_US };
  return { silence: new SilenceFile({ env, path, ...bounds, ...(onAlarm === undefined ? {} : { onAlarm }) }) };
}
