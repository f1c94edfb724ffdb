import type { RandomStream } from "@tradepulse/platform";
import { Accounts, CROWD, type FeeTerms, OUTSIDE } from "./accounts.ts";
import { Admission } from "./admission.ts";
import { type E8, e8 } from "./amount.ts";
import type { CrowdLevel } from "./book.ts";
import type { AccountTrade, ExchangeSink } from "./exchange-event.ts";
import { type ExchangeOrder, hasPrice, isOpen, isTriggered, type NewOrder, type OrderSide } from "./exchange-order.ts";
import { Market } from "./market.ts";
import { Matcher } from "./matcher.ts";
import { refusals, VenueRefusal } from "./refusal.ts";
import type { SymbolFilters, SymbolSpec, SymbolStatus } from "./symbol-spec.ts";
import { TruthLedger } from "./truth-ledger.ts";

export interface AccountOptions {
  readonly id: string;
  /** Asset and decimal: `{ USDT: "10000" }`. */
  readonly balances: Readonly<Record<string, string>>;
  readonly fees?: Partial<FeeTerms>;
}

export interface ExchangeOptions {
  readonly symbols: readonly SymbolSpec[];
  readonly accounts: readonly AccountOptions[];
  /** The venue's own time in microseconds. */
  readonly now: () => number;
  readonly random: RandomStream;
  readonly sink: ExchangeSink;
  readonly bnbPrice?: E8;
}

/** How an order is named in a request. */
export interface OrderName {
  readonly orderId?: number;
  readonly clientId?: string;
}

/** One move of the market: the crowd trades at a price and stands around it. */
export interface MarketStep {
  readonly price: E8;
  readonly quantity: E8;
  readonly aggressor: OrderSide;
  readonly bids: CrowdLevel[];
  readonly asks: CrowdLevel[];
}

const DEFAULT_FEES: FeeTerms = { maker: e8("0.001"), taker: e8("0.001"), inBnb: false };
const ID_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The venue itself: accounts, books, rules. Synchronous and deterministic; it knows nothing of wires. */
export class Exchange {
  readonly ledger = new TruthLedger();
  readonly accounts: Accounts;
  readonly matcher: Matcher;
  readonly #admission: Admission;
  readonly #markets = new Map<string, Market>();
  readonly #random: RandomStream;
  readonly #sink: ExchangeSink;
  readonly now: () => number;

  constructor(options: ExchangeOptions) {
    this.now = options.now;
    this.#random = options.random;
    this.#sink = options.sink;
    this.accounts = new Accounts(this.ledger, options.now);
    this.matcher = new Matcher(this.accounts, this.ledger, options.sink, options.now, options.bnbPrice ?? e8("500"));
    this.#admission = new Admission(this.accounts, this.matcher, options.now);
    for (const spec of options.symbols) this.#markets.set(spec.symbol, new Market(spec));
    for (const { id, balances, fees } of options.accounts) {
      this.accounts.open(id, { ...DEFAULT_FEES, ...fees });
      for (const [asset, amount] of Object.entries(balances)) this.accounts.move(OUTSIDE, id, asset, e8(amount), "opening");
    }
    this.accounts.takeChanged();
  }

  get markets(): readonly Market[] {
    return [...this.#markets.values()];
  }

  market(symbol: string): Market {
    const market = this.#markets.get(symbol);
    if (market === undefined) throw refusals.symbol();
    return market;
  }

  /** Lets an order in, or throws its {@link VenueRefusal}. Every attempt is in the ledger. */
  place(accountId: string, order: NewOrder): ExchangeOrder {
    const entry = { kind: "request", request: "place", accountId, symbol: order.symbol } as const;
    const clientId = order.clientId === "" ? this.newClientId() : order.clientId;
    try {
      const placed = this.#admission.admit(this.market(order.symbol), accountId, { ...order, clientId });
      this.ledger.append(this.now(), { ...entry, clientId, outcome: "accepted", code: 0, orderId: placed.orderId });
      this.#work(this.market(order.symbol), placed);
      this.#settle(this.market(order.symbol));
      return placed;
    } catch (error) {
      if (error instanceof VenueRefusal)
        this.ledger.append(this.now(), { ...entry, clientId, outcome: "refused", code: error.code, orderId: 0 });
      throw error;
    }
  }

  cancel(accountId: string, symbol: string, name: OrderName, cancelId = ""): ExchangeOrder {
    const market = this.market(symbol);
    const order = this.#findOpen(market, accountId, name);
    const entry = { kind: "request", request: "cancel", accountId, symbol, clientId: order?.clientId ?? name.clientId ?? "" } as const;
    if (order === undefined) {
      this.ledger.append(this.now(), { ...entry, outcome: "refused", code: -2011, orderId: name.orderId ?? 0 });
      throw refusals.unknownOrder();
    }
    this.ledger.append(this.now(), { ...entry, outcome: "accepted", code: 0, orderId: order.orderId });
    this.matcher.end(market, order, "CANCELED", "CANCELED", cancelId === "" ? this.newClientId() : cancelId);
    this.#settle(market);
    return order;
  }

  cancelAll(accountId: string, symbol: string): readonly ExchangeOrder[] {
    const market = this.market(symbol);
    const open = market.openOrders(accountId);
    const outcome = open.length === 0 ? "refused" : "accepted";
    const code = open.length === 0 ? -2011 : 0;
    this.ledger.append(this.now(), { kind: "request", request: "cancel-all", accountId, symbol, clientId: "", outcome, code, orderId: 0 });
    if (open.length === 0) throw refusals.unknownOrder();
    for (const order of open) this.matcher.end(market, order, "CANCELED", "CANCELED", this.newClientId());
    this.#settle(market);
    return open;
  }

  /** The open order with that name, else the latest that ever had it. */
  find(accountId: string, symbol: string, name: OrderName): ExchangeOrder | undefined {
    const market = this.market(symbol);
    if (name.orderId !== undefined) {
      const order = market.orders.get(name.orderId);
      return order?.accountId === accountId ? order : undefined;
    }
    const open = market.openByClientId(accountId, name.clientId ?? "");
    if (open !== undefined) return open;
    return [...market.orders.values()].findLast((order) => order.accountId === accountId && order.clientId === name.clientId);
  }

  /** Moves a market. Halted ones stand still. */
  step(symbol: string, step: MarketStep): void {
    const market = this.market(symbol);
    if (market.status !== "TRADING") return;
    this.matcher.crowdTakes(market, step.aggressor === "BUY" ? "SELL" : "BUY", step.price, 0n);
    this.matcher.crowdTakes(market, step.aggressor, step.price, step.quantity);
    market.book.requote(step.bids, step.asks);
    this.#takeStanding(market);
    this.#settle(market);
  }

  /** The crowd stands elsewhere, without having traded. */
  requote(symbol: string, bids: CrowdLevel[], asks: CrowdLevel[]): void {
    const market = this.market(symbol);
    if (market.status !== "TRADING") return;
    market.book.requote(bids, asks);
    this.#takeStanding(market);
    this.#settle(market);
  }

  /** The crowd comes for a resting order. */
  fillNow(order: ExchangeOrder, quantity: E8): void {
    const market = this.market(order.symbol);
    if (!isOpen(order) || order.workingUs === 0) return;
    this.matcher.fillNow(market, order, quantity);
    this.#settle(market);
  }

  /** A deposit, or a withdrawal when negative; refused when there is less. */
  transfer(accountId: string, asset: string, amount: E8): void {
    const { free } = this.accounts.balance(accountId, asset);
    if (free + amount < 0n) throw new RangeError(`${accountId} has ${free} of ${asset} free, which is less than ${-amount}`);
    if (amount > 0n) this.accounts.move(OUTSIDE, accountId, asset, amount, "deposit");
    else this.accounts.move(accountId, OUTSIDE, asset, -amount, "withdrawal");
    this.#sink({ kind: "transfer", accountId, asset, amount, timeUs: this.now() });
    this.#reportPositions();
  }

  /** Takes back a trade. `false` when the account no longer has what it would give back. */
  bust(trade: AccountTrade): boolean {
    const market = this.market(trade.symbol);
    const { base, quote } = market.spec;
    const buys = trade.side === "BUY";
    const [gives, amount] = buys ? [base, trade.quantity] : [quote, trade.quoteQuantity];
    const given = amount - (trade.feeAsset === gives ? trade.fee : 0n);
    if (!market.trades.includes(trade) || this.accounts.balance(trade.accountId, gives).free < given) return false;
    market.trades.splice(market.trades.indexOf(trade), 1);
    const cause = `bust ${trade.symbol} ${trade.tradeId}`;
    this.accounts.move("fees", trade.accountId, trade.feeAsset, trade.fee, cause);
    this.accounts.move(trade.accountId, CROWD, gives, amount, cause);
    this.accounts.move(CROWD, trade.accountId, buys ? quote : base, buys ? trade.quoteQuantity : trade.quantity, cause);
    this.ledger.append(this.now(), { kind: "bust", trade });
    const order = market.orders.get(trade.orderId)!;
    order.executed -= trade.quantity;
    order.executedQuote -= trade.quoteQuantity;
    this.#reportPositions();
    return true;
  }

  setStatus(symbol: string, status: SymbolStatus): void {
    this.market(symbol).status = status;
  }

  setFilters(symbol: string, filters: Partial<SymbolFilters>): void {
    const market = this.market(symbol);
    market.filters = { ...market.filters, ...filters };
  }

  /** Ends all open orders of a symbol, as maintenance does. */
  expireAll(symbol: string): void {
    const market = this.market(symbol);
    for (const accountId of this.accounts.ids)
      for (const order of market.openOrders(accountId)) this.matcher.end(market, order, "EXPIRED", "EXPIRED");
    this.#settle(market);
  }

  newClientId(): string {
    let id = "";
    for (let i = 0; i < 22; i += 1) id += ID_LETTERS[this.#random.below(ID_LETTERS.length)]!;
    return id;
  }

  #findOpen(market: Market, accountId: string, name: OrderName): ExchangeOrder | undefined {
    const open = market.openOrders(accountId);
    return open.find((order) => (name.orderId !== undefined ? order.orderId === name.orderId : order.clientId === name.clientId));
  }

  /** Puts an order that was let in to work. */
  #work(market: Market, order: ExchangeOrder): void {
    this.matcher.report(order, "NEW");
    if (order.workingUs === 0) market.waiting.add(order);
    else this.#trade(market, order);
  }

  #trade(market: Market, order: ExchangeOrder): void {
    const limit = hasPrice(order.type) ? order.price : undefined;
    const whole = this.matcher.walk(market, order.side, order.quantity, limit).quantity === order.quantity;
    if (order.timeInForce !== "FOK" || whole) this.matcher.take(market, order, limit);
    if (!isOpen(order)) return;
    if (limit !== undefined && order.timeInForce === "GTC") market.book.rest(order);
    else this.matcher.end(market, order, "EXPIRED", "EXPIRED");
  }

  /** New levels of the crowd may cross what rests: whoever rests was there first and trades at its own price. */
  #takeStanding(market: Market): void {
    for (const side of ["BUY", "SELL"] as const) {
      const facing = market.book.crowd[side === "BUY" ? "SELL" : "BUY"][0];
      if (facing === undefined) continue;
      for (const order of market.book.orders[side].slice())
        if (side === "BUY" ? order.price >= facing.price : order.price <= facing.price)
          this.matcher.fillNow(market, order, order.quantity - order.executed);
    }
  }

  /** Sets off triggers until none is left, then numbers what changed in the book and reports balances. */
  #settle(market: Market): void {
    for (let order = this.#nextTriggered(market); order !== undefined; order = this.#nextTriggered(market)) {
      market.waiting.delete(order);
      order.workingUs = this.now();
      this.matcher.report(order, "NEW");
      this.#trade(market, order);
    }
    const { symbol } = market.spec;
    const before = [market.book.best("BUY"), market.book.best("SELL")];
    const change = market.book.commit();
    if (change !== undefined) this.#sink({ kind: "depth", symbol, ...change, timeUs: this.now() });
    const [bid, ask] = before;
    if (change !== undefined && bid !== undefined && ask !== undefined)
      this.#sink({ kind: "quote", symbol, updateId: market.book.updateId, bid, ask, timeUs: this.now() });
    this.#reportPositions();
  }

  #nextTriggered(market: Market): ExchangeOrder | undefined {
    if (market.status !== "TRADING" || market.lastPrice === 0n) return undefined;
    for (const order of market.waiting) if (isTriggered(order, market.lastPrice)) return order;
    return undefined;
  }

  #reportPositions(): void {
    for (const [accountId, assets] of this.accounts.takeChanged()) {
      const balances = assets.map((asset) => ({ asset, ...this.accounts.balance(accountId, asset) }));
      this.#sink({ kind: "position", accountId, balances, timeUs: this.now() });
    }
  }
}
