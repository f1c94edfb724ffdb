import type { Env } from "@tradepulse/platform";
import { formatE8 } from "../local-venue/exchange/amount.ts";
import { type AccountOptions, Exchange } from "../local-venue/exchange/exchange.ts";
import type { ExchangeEvent } from "../local-venue/exchange/exchange-event.ts";
import { isOpen, viewOf } from "../local-venue/exchange/exchange-order.ts";
import { VenueRefusal } from "../local-venue/exchange/refusal.ts";
import type { SymbolSpec } from "../local-venue/exchange/symbol-spec.ts";
import type {
  CancelOutcome,
  ExecutionClient,
  OrderRequest,
  ReadOutcome,
  SubmitOutcome,
  UserStream,
  UserStreamHandlers,
} from "../port/execution-client.ts";
import type { RateBudget } from "../port/rate-budget.ts";
import type { VenueBalance, VenueFill, VenueInstrument, VenueOrder } from "../port/venue-records.ts";
import { SimulatedMarket } from "./simulated-market.ts";
import { causeOf, newOrderOf, venueFillOf, venueInstrumentOf, venueOrderOf } from "./simulated-words.ts";

export interface SimulatedExecutionOptions {
  readonly symbols: readonly SymbolSpec[];
  readonly balances: AccountOptions["balances"];
  readonly fees?: AccountOptions["fees"];
  /** From a call to its effect, and from the effect to the answer. 0 when left out. */
  readonly latencyUs?: number;
}

const ACCOUNT = "paper";
/** There is nobody to be considerate to. */
const UNLIMITED: RateBudget = {
  waitUs: () => 0,
  spend: () => undefined,
  observe: () => undefined,
  ban: () => undefined,
  bannedUntilUs: 0,
};

/** An account at a venue of our own: the exchange of the local venue without its wire. Nothing trades until its market is moved. */
export function simulatedExecution(env: Env, options: SimulatedExecutionOptions): SimulatedExecution {
  return new SimulatedExecution(env, options);
}

export class SimulatedExecution implements ExecutionClient {
  readonly venue = "SIMULATED";
  readonly budget = UNLIMITED;
  readonly horizonUs: number;
  /** Moves prices: to be fed by the market data of another venue. */
  readonly market: SimulatedMarket;
  readonly exchange: Exchange;
  readonly #env: Env;
  readonly #latencyUs: number;
  readonly #streams = new Set<SimulatedStream>();

  constructor(env: Env, options: SimulatedExecutionOptions) {
    this.#env = env;
    this.#latencyUs = options.latencyUs ?? 0;
    this.horizonUs = this.#latencyUs;
    this.exchange = new Exchange({
      symbols: options.symbols,
      accounts: [{ id: ACCOUNT, balances: options.balances, ...(options.fees === undefined ? {} : { fees: options.fees }) }],
      now: () => env.wallUs(),
      random: env.random("simulated.ids"),
      sink: (event) => {
        for (const stream of Array.from(this.#streams)) stream.take(event);
      },
    });
    this.market = new SimulatedMarket(this.exchange);
  }

  instruments(): Promise<ReadOutcome<readonly VenueInstrument[]>> {
    return this.#read(() => this.exchange.markets.map(venueInstrumentOf));
  }

  measureClock(): Promise<ReadOutcome<{ readonly offsetUs: number; readonly errorUs: number }>> {
    return this.#read(() => ({ offsetUs: 0, errorUs: 0 }));
  }

  balances(): Promise<ReadOutcome<readonly VenueBalance[]>> {
    const { accounts } = this.exchange;
    return this.#read(() =>
      accounts.assets(ACCOUNT).map((asset) => {
        const { free, locked } = accounts.balance(ACCOUNT, asset);
        return { asset, free: formatE8(free), locked: formatE8(locked) };
      }),
    );
  }

  openOrders(symbol?: string): Promise<ReadOutcome<readonly VenueOrder[]>> {
    const { exchange } = this;
    return this.#read(() => {
      const markets = symbol === undefined ? exchange.markets : [exchange.market(symbol)];
      return markets.flatMap((market) => market.openOrders(ACCOUNT)).map(venueOrderOf);
    });
  }

  orderByClientId(symbol: string, clientId: string): Promise<ReadOutcome<VenueOrder | undefined>> {
    return this.#read(() => {
      const order = this.exchange.find(ACCOUNT, symbol, { clientId });
      return order === undefined ? undefined : venueOrderOf(order);
    });
  }

  fillsFrom(symbol: string, fromTradeId: number): Promise<ReadOutcome<readonly VenueFill[]>> {
    return this.#read(() =>
      this.exchange
        .market(symbol)
        .trades.filter((trade) => trade.tradeId >= fromTradeId)
        .map(venueFillOf),
    );
  }

  async submit(order: OrderRequest): Promise<SubmitOutcome> {
    await this.#pass();
    if (this.#env.wallUs() > order.deadlineUs)
      return { kind: "refused", code: "deadline", message: "the deadline has passed", cause: "clock" };
    const outcome = this.#enter(order);
    await this.#pass();
    return outcome;
  }

  async cancel(symbol: string, clientId: string): Promise<CancelOutcome> {
    return this.#cancel(() => this.exchange.cancel(ACCOUNT, symbol, { clientId }));
  }

  async cancelAll(symbol: string): Promise<CancelOutcome> {
    return this.#cancel(() => this.exchange.cancelAll(ACCOUNT, symbol).at(-1)!);
  }

  openUserStream(handlers: UserStreamHandlers): UserStream {
    const stream = new SimulatedStream(this.#env, handlers, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    return stream;
  }

  #enter(order: OrderRequest): SubmitOutcome {
    const market = this.exchange.markets.find(({ spec }) => spec.symbol === order.symbol);
    const before = market?.trades.length ?? 0;
    try {
      const placed = this.exchange.place(ACCOUNT, newOrderOf(order));
      const trades = market!.trades.slice(before).filter((trade) => trade.orderId === placed.orderId);
      return { kind: "acknowledged", order: venueOrderOf(viewOf(placed)), fills: trades.map(venueFillOf) };
    } catch (error) {
      if (!(error instanceof VenueRefusal)) throw error;
      return { kind: "refused", code: String(error.code), message: error.message, cause: causeOf(error) };
    }
  }

  async #cancel(cancel: () => Parameters<typeof venueOrderOf>[0]): Promise<CancelOutcome> {
    await this.#pass();
    let outcome: CancelOutcome;
    try {
      outcome = { kind: "canceled", order: venueOrderOf(cancel()) };
    } catch (error) {
      if (!(error instanceof VenueRefusal)) throw error;
      outcome = { kind: "not-open", message: error.message };
    }
    await this.#pass();
    return outcome;
  }

  async #read<T>(value: () => T): Promise<ReadOutcome<T>> {
    await this.#pass();
    return { kind: "read", value: value(), readUs: this.#env.wallUs() };
  }

  #pass(): Promise<void> {
    return this.#latencyUs === 0 ? Promise.resolve() : this.#env.sleep(this.#latencyUs);
  }
}

/** Private events, each in a turn of its own: what a call causes is told after the call, as on a wire. */
class SimulatedStream implements UserStream {
  readonly #env: Env;
  readonly #handlers: UserStreamHandlers;
  readonly #onClose: () => void;
  readonly #queue: (() => void)[] = [];
  #isScheduled = false;
  #isClosed = false;

  constructor(env: Env, handlers: UserStreamHandlers, onClose: () => void) {
    this.#env = env;
    this.#handlers = handlers;
    this.#onClose = onClose;
    this.#later(() => handlers.onReady());
  }

  /** There is nothing between us and the venue that could be silent. */
  get silentUs(): number {
    return 0;
  }

  close(): void {
    this.#isClosed = true;
    this.#onClose();
  }

  take(event: ExchangeEvent): void {
    if (event.kind === "execution" && event.order.accountId === ACCOUNT) {
      const { order, trade } = event;
      // A trigger that was reached changes nothing that the port speaks of.
      if (event.execution === "NEW" && isOpen(order) && order.workingUs > order.createdUs) return;
      this.#later(() => this.#handlers.onOrder(venueOrderOf(order), trade === undefined ? undefined : venueFillOf(trade)));
    }
    if (event.kind === "position" && event.accountId === ACCOUNT) {
      const balances = event.balances.map(({ asset, free, locked }) => ({ asset, free: formatE8(free), locked: formatE8(locked) }));
      this.#later(() => this.#handlers.onBalance(balances));
    }
  }

  #later(run: () => void): void {
    this.#queue.push(run);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#env.timer(0, () => {
      this.#isScheduled = false;
      for (const each of this.#queue.splice(0)) if (!this.#isClosed) each();
    });
  }
}
