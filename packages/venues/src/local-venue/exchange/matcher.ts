import { type Accounts, CROWD, FEES, feeOn } from "./accounts.ts";
import { type E8, minE8, ONE, timesE8, timesE8Up } from "./amount.ts";
import type { Maker } from "./book.ts";
import type { AccountTrade, ExchangeSink, ExecutionKind, PublicTrade } from "./exchange-event.ts";
import { type ExchangeOrder, hasPrice, isOpen, type OrderSide, type OrderStatus, viewOf } from "./exchange-order.ts";
import type { Market } from "./market.ts";
import type { TruthLedger } from "./truth-ledger.ts";

const BNB_DISCOUNT_NUMERATOR = 3n;
const BNB_DISCOUNT_DENOMINATOR = 4n;

/** Lets orders meet, moves the money, and says what happened. */
export class Matcher {
  /** Overrides in which asset a fee is taken; a fault sets it. */
  feeInBnb: ((accountId: string) => boolean) | undefined;
  /** Quote money for one BNB where no BNB symbol trades. */
  bnbPrice: E8;
  readonly #accounts: Accounts;
  readonly #ledger: TruthLedger;
  readonly #sink: ExchangeSink;
  readonly #now: () => number;

  constructor(accounts: Accounts, ledger: TruthLedger, sink: ExchangeSink, now: () => number, bnbPrice: E8) {
    this.#accounts = accounts;
    this.#ledger = ledger;
    this.#sink = sink;
    this.#now = now;
    this.bnbPrice = bnbPrice;
  }

  /** What a taker would pay or get for a quantity, and how much of it there is. Own orders are counted like those of others. */
  walk(market: Market, side: OrderSide, quantity: E8, limit: E8 | undefined): { readonly quantity: E8; readonly quote: E8 } {
    let left = quantity;
    let quote = 0n;
    for (const [price, standing] of market.book.rows(side === "BUY" ? "SELL" : "BUY")) {
      if (left === 0n || (limit !== undefined && (side === "BUY" ? price > limit : price < limit))) break;
      const part = minE8(left, standing);
      quote += timesE8Up(price, part);
      left -= part;
    }
    return { quantity: quantity - left, quote };
  }

  /** Trades an order against what stands within its limit. */
  take(market: Market, taker: ExchangeOrder, limit: E8 | undefined): void {
    while (isOpen(taker) && taker.executed < taker.quantity) {
      const maker = market.book.nextMaker(taker.side, limit);
      if (maker === undefined) return;
      if ("order" in maker && this.#prevented(market, taker, maker.order)) continue;
      const quantity = minE8(taker.quantity - taker.executed, maker.quantity);
      if (!this.#canPay(market, taker, timesE8(maker.price, quantity))) return;
      this.#meet(market, taker, maker, quantity);
    }
  }

  /** The crowd trades against known orders at a price or better, and prints the rest among itself. */
  crowdTakes(market: Market, side: OrderSide, price: E8, quantity: E8): void {
    const resting = market.book.orders[side === "BUY" ? "SELL" : "BUY"];
    let left = quantity;
    for (const order of resting.slice()) {
      const through = side === "BUY" ? order.price < price : order.price > price;
      if (!through && order.price !== price) break;
      // A price that goes through an order takes all of it, whatever the volume: nothing may stay behind in a crossed book.
      const queued = through ? 0n : minE8(order.queueAhead, left);
      const wanted = order.quantity - order.executed;
      const part = through ? wanted : minE8(wanted, left - queued);
      if (part <= 0n) continue;
      this.#trade(market, side === "BUY" ? undefined : order, side === "BUY" ? order : undefined, order.price, part, side === "SELL");
      left = left > part ? left - part : 0n;
    }
    market.book.serveQueue(side === "BUY" ? "SELL" : "BUY", price, quantity);
    if (left > 0n) this.#print(market, price, left, side === "SELL");
  }

  /** Fills a resting order on the spot: the crowd comes for it. */
  fillNow(market: Market, order: ExchangeOrder, quantity: E8): void {
    const part = minE8(quantity, order.quantity - order.executed);
    if (part <= 0n) return;
    const sells = order.side === "SELL";
    this.#trade(market, sells ? undefined : order, sells ? order : undefined, order.price, part, !sells);
  }

  /** Ends an order that is open, gives back what it locked, and reports. */
  end(market: Market, order: ExchangeOrder, status: OrderStatus, execution: ExecutionKind, cancelId = ""): void {
    market.book.remove(order);
    market.waiting.delete(order);
    order.status = status;
    this.release(market, order, order.locked);
    this.report(order, execution, undefined, cancelId);
  }

  release(market: Market, order: ExchangeOrder, amount: E8): void {
    const asset = order.side === "BUY" ? market.spec.quote : market.spec.base;
    this.#accounts.unlock(order.accountId, asset, amount, `release ${order.clientId}`);
    order.locked -= amount;
  }

  report(order: ExchangeOrder, execution: ExecutionKind, trade?: AccountTrade, cancelId = ""): void {
    order.updatedUs = this.#now();
    const view = viewOf(order);
    this.#ledger.append(order.updatedUs, { kind: "order", why: execution, order: view });
    this.#sink({ kind: "execution", execution, order: view, trade, cancelId, timeUs: order.updatedUs });
  }

  /** A market buy that met other prices than it was let in for locks the difference, or ends where the money does. */
  #canPay(market: Market, taker: ExchangeOrder, cost: E8): boolean {
    const short = cost - taker.locked;
    if (taker.side === "SELL" || short <= 0n) return true;
    const { quote } = market.spec;
    if (this.#accounts.balance(taker.accountId, quote).free < short) return false;
    this.#accounts.lock(taker.accountId, quote, short, `order ${taker.clientId}`);
    taker.locked += short;
    return true;
  }

  #prevented(market: Market, taker: ExchangeOrder, maker: ExchangeOrder): boolean {
    if (taker.accountId !== maker.accountId || taker.selfTrade === "NONE") return false;
    if (taker.selfTrade !== "EXPIRE_TAKER") this.end(market, maker, "EXPIRED_IN_MATCH", "TRADE_PREVENTION");
    if (taker.selfTrade !== "EXPIRE_MAKER") this.end(market, taker, "EXPIRED_IN_MATCH", "TRADE_PREVENTION");
    return true;
  }

  #meet(market: Market, taker: ExchangeOrder, maker: Maker, quantity: E8): void {
    const other = "order" in maker ? maker.order : undefined;
    if ("level" in maker) maker.level.quantity -= quantity;
    if (taker.side === "BUY") this.#trade(market, taker, other, maker.price, quantity, false);
    else this.#trade(market, other, taker, maker.price, quantity, true);
  }

  #print(market: Market, price: E8, quantity: E8, buyerIsMaker: boolean): PublicTrade {
    const timeUs = this.#now();
    const { symbol } = market.spec;
    const quoteQuantity = timesE8(price, quantity);
    const trade: PublicTrade = { symbol, tradeId: market.nextTradeId(), price, quantity, quoteQuantity, buyerIsMaker, timeUs };
    market.print(trade);
    this.#sink({ kind: "print", trade, timeUs });
    return trade;
  }

  /** One trade; a side that is `undefined` is the crowd's. */
  #trade(
    market: Market,
    buyer: ExchangeOrder | undefined,
    seller: ExchangeOrder | undefined,
    price: E8,
    quantity: E8,
    buyerIsMaker: boolean,
  ): void {
    const print = this.#print(market, price, quantity, buyerIsMaker);
    const { base, quote } = market.spec;
    const cause = `trade ${market.spec.symbol} ${print.tradeId}`;
    this.#pay(buyer, seller, quote, print.quoteQuantity, cause);
    this.#pay(seller, buyer, base, quantity, cause);
    for (const order of [buyer, seller]) {
      if (order === undefined) continue;
      const isMaker = (order === buyer) === buyerIsMaker;
      this.#book(market, order, print, isMaker, cause);
    }
  }

  #pay(from: ExchangeOrder | undefined, to: ExchangeOrder | undefined, asset: string, amount: E8, cause: string): void {
    const receiver = to?.accountId ?? CROWD;
    if (from === undefined) {
      this.#accounts.move(CROWD, receiver, asset, amount, cause);
      return;
    }
    this.#accounts.payLocked(from.accountId, receiver, asset, amount, cause);
    from.locked -= amount;
  }

  #book(market: Market, order: ExchangeOrder, print: PublicTrade, isMaker: boolean, cause: string): void {
    order.executed += print.quantity;
    order.executedQuote += print.quoteQuantity;
    const remaining = order.quantity - order.executed;
    order.status = remaining === 0n ? "FILLED" : "PARTIALLY_FILLED";
    if (remaining === 0n) market.book.remove(order);
    // A buy that got a better price than its limit frees the difference.
    if (order.side === "BUY" && hasPrice(order.type)) this.release(market, order, order.locked - timesE8Up(order.price, remaining));
    if (remaining === 0n) this.release(market, order, order.locked);
    const { fee, feeAsset } = this.#charge(market, order, print, isMaker, cause);
    const trade: AccountTrade = {
      accountId: order.accountId,
      symbol: print.symbol,
      tradeId: print.tradeId,
      orderId: order.orderId,
      clientId: order.clientId,
      side: order.side,
      price: print.price,
      quantity: print.quantity,
      quoteQuantity: print.quoteQuantity,
      fee,
      feeAsset,
      isMaker,
      timeUs: print.timeUs,
    };
    market.trades.push(trade);
    this.#ledger.append(print.timeUs, { kind: "trade", trade });
    this.report(order, "TRADE", trade);
  }

  #charge(market: Market, order: ExchangeOrder, print: PublicTrade, isMaker: boolean, cause: string): { fee: E8; feeAsset: string } {
    const { accountId } = order;
    const terms = this.#accounts.feesOf(accountId);
    const rate = isMaker ? terms.maker : terms.taker;
    if (this.feeInBnb?.(accountId) ?? terms.inBnb) {
      const value = (feeOn(print.quoteQuantity, rate) * BNB_DISCOUNT_NUMERATOR) / BNB_DISCOUNT_DENOMINATOR;
      const fee = (value * ONE) / this.bnbPrice;
      if (this.#accounts.balance(accountId, "BNB").free >= fee) {
        this.#accounts.move(accountId, FEES, "BNB", fee, cause);
        return { fee, feeAsset: "BNB" };
      }
    }
    const [feeAsset, received] = order.side === "BUY" ? [market.spec.base, print.quantity] : [market.spec.quote, print.quoteQuantity];
    const fee = feeOn(received, rate);
    this.#accounts.move(accountId, FEES, feeAsset, fee, cause);
    return { fee, feeAsset };
  }
}
