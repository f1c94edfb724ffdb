import type { Accounts } from "./accounts.ts";
import { type E8, floorTo, minE8, ONE, timesE8Up } from "./amount.ts";
import { type ExchangeOrder, hasPrice, hasTrigger, isTriggered, type NewOrder } from "./exchange-order.ts";
import { checkFilters } from "./filter-check.ts";
import type { Market } from "./market.ts";
import type { Matcher } from "./matcher.ts";
import { refusals } from "./refusal.ts";

/** Decides who enters: filters, the state of the symbol, client ids, triggers, funds. */
export class Admission {
  readonly #accounts: Accounts;
  readonly #matcher: Matcher;
  readonly #now: () => number;

  constructor(accounts: Accounts, matcher: Matcher, now: () => number) {
    this.#accounts = accounts;
    this.#matcher = matcher;
    this.#now = now;
  }

  /** The order as it entered, with what it needs locked. Throws the refusal of the first rule it breaks. */
  admit(market: Market, accountId: string, order: NewOrder): ExchangeOrder {
    const open = market.openOrders(accountId);
    const { base } = market.spec;
    const held = this.#accounts.balance(accountId, base);
    const buying = open.reduce((sum, each) => (each.side === "BUY" ? sum + each.quantity - each.executed : sum), 0n);
    checkFilters(order, market.filters, {
      averagePrice: market.lastPrice,
      openOrders: open.length,
      openAlgoOrders: open.filter((each) => hasTrigger(each.type)).length,
      position: held.free + held.locked + buying,
    });
    if (market.status !== "TRADING") throw refusals.rejected("Market is closed.");
    if (open.some((each) => each.clientId === order.clientId)) throw refusals.rejected("Duplicate order sent.");
    if (hasTrigger(order.type) && market.lastPrice > 0n && isTriggered(order, market.lastPrice))
      throw refusals.rejected("Order would trigger immediately.");
    if (order.type === "LIMIT_MAKER" && market.book.nextMaker(order.side, order.price) !== undefined)
      throw refusals.rejected("Order would immediately match and take.");
    const quantity = order.quoteQuantity > 0n ? this.#quantityForMoney(market, order) : order.quantity;
    const [asset, needed] = this.#needs(market, { ...order, quantity });
    this.#accounts.lock(accountId, asset, needed, `order ${order.clientId}`);
    const timeUs = this.#now();
    const placed: ExchangeOrder = {
      ...order,
      accountId,
      orderId: market.nextOrderId(),
      createdUs: timeUs,
      updatedUs: timeUs,
      workingUs: hasTrigger(order.type) ? 0 : timeUs,
      quantity,
      executed: 0n,
      executedQuote: 0n,
      status: "NEW",
      locked: needed,
      queueAhead: 0n,
    };
    market.orders.set(placed.orderId, placed);
    return placed;
  }

  /** What an order locks: the base it sells, or the most that it may cost. */
  #needs(market: Market, order: NewOrder): readonly [asset: string, amount: E8] {
    if (order.side === "SELL") return [market.spec.base, order.quantity];
    const price = hasPrice(order.type) ? order.price : hasTrigger(order.type) ? order.stopPrice : undefined;
    const cost =
      price === undefined ? this.#matcher.walk(market, "BUY", order.quantity, undefined).quote : timesE8Up(price, order.quantity);
    return [market.spec.quote, cost];
  }

  #quantityForMoney(market: Market, order: NewOrder): E8 {
    let money = order.quoteQuantity;
    let quantity = 0n;
    for (const [price, standing] of market.book.rows(order.side === "BUY" ? "SELL" : "BUY")) {
      const part = (money * ONE) / price;
      quantity += minE8(part, standing);
      if (part <= standing) break;
      money -= timesE8Up(price, standing);
    }
    const rounded = floorTo(quantity, market.filters.stepSize);
    if (rounded < market.filters.minQty) throw refusals.rejected("Order book liquidity is less than `LOT_SIZE` filter minimum quantity.");
    return rounded;
  }
}
