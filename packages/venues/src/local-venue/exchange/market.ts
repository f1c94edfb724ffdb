import type { E8 } from "./amount.ts";
import { Book } from "./book.ts";
import type { AccountTrade, PublicTrade } from "./exchange-event.ts";
import { type ExchangeOrder, isOpen } from "./exchange-order.ts";
import type { SymbolFilters, SymbolSpec, SymbolStatus } from "./symbol-spec.ts";

/** Public trades kept for `trades` and `aggTrades`. */
const PRINTS_KEPT = 1_000;

/** All that a symbol consists of. Order and trade ids count up from 1, for each symbol anew. */
export class Market {
  readonly spec: SymbolSpec;
  readonly book = new Book();
  readonly orders = new Map<number, ExchangeOrder>();
  /** Orders that wait for their trigger. */
  readonly waiting = new Set<ExchangeOrder>();
  readonly trades: AccountTrade[] = [];
  readonly prints: PublicTrade[] = [];
  filters: SymbolFilters;
  status: SymbolStatus = "TRADING";
  /** 0 before the first trade. */
  lastPrice: E8 = 0n;
  #lastOrderId = 0;
  #lastTradeId = 0;

  constructor(spec: SymbolSpec) {
    this.spec = spec;
    this.filters = spec.filters;
  }

  get lastTradeId(): number {
    return this.#lastTradeId;
  }

  nextOrderId(): number {
    this.#lastOrderId += 1;
    return this.#lastOrderId;
  }

  nextTradeId(): number {
    this.#lastTradeId += 1;
    return this.#lastTradeId;
  }

  print(trade: PublicTrade): void {
    this.lastPrice = trade.price;
    this.prints.push(trade);
    if (this.prints.length >= 2 * PRINTS_KEPT) this.prints.splice(0, this.prints.length - PRINTS_KEPT);
  }

  openOrders(accountId: string): ExchangeOrder[] {
    const open = [...this.book.orders.BUY, ...this.book.orders.SELL, ...this.waiting];
    return open.filter((order) => order.accountId === accountId && isOpen(order)).sort((a, b) => a.orderId - b.orderId);
  }

  /** The open order with a client id; unique among open orders only. */
  openByClientId(accountId: string, clientId: string): ExchangeOrder | undefined {
    return this.openOrders(accountId).find((order) => order.clientId === clientId);
  }
}
