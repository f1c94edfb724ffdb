import { type E8, maxE8 } from "./amount.ts";
import type { LevelRow } from "./exchange-event.ts";
import type { ExchangeOrder, OrderSide } from "./exchange-order.ts";

/** What the crowd offers at one price. */
export interface CrowdLevel {
  readonly price: E8;
  quantity: E8;
}

/** The next party a taker meets: an order of somebody known, or the crowd. */
export type Maker =
  | { readonly price: E8; readonly quantity: E8; readonly order: ExchangeOrder }
  | { readonly price: E8; readonly quantity: E8; readonly level: CrowdLevel };

/** A change of levels with the update ids that it covers. */
export interface DepthChange {
  readonly firstId: number;
  readonly lastId: number;
  readonly bids: readonly LevelRow[];
  readonly asks: readonly LevelRow[];
}

/**
 * The book of a symbol: resting orders and the crowd's levels, best first, by price and then by time. The crowd's quantity that stood at
 * a price before an order came is served before it.
 */
export class Book {
  crowd: Readonly<Record<OrderSide, CrowdLevel[]>> = { BUY: [], SELL: [] };
  readonly orders: Readonly<Record<OrderSide, ExchangeOrder[]>> = { BUY: [], SELL: [] };
  /** Counts every level that ever changed. */
  updateId = 0;
  #published: Readonly<Record<OrderSide, Map<E8, E8>>> = { BUY: new Map(), SELL: new Map() };

  rest(order: ExchangeOrder): void {
    const level = this.crowd[order.side].find((each) => each.price === order.price);
    order.queueAhead = level?.quantity ?? 0n;
    const side = this.orders[order.side];
    const after = side.findIndex((each) => isBetter(order.side, order.price, each.price));
    side.splice(after < 0 ? side.length : after, 0, order);
  }

  remove(order: ExchangeOrder): void {
    const side = this.orders[order.side];
    const at = side.indexOf(order);
    if (at >= 0) side.splice(at, 1);
  }

  /** Whom a taker meets first, within its limit; `undefined` when nobody. */
  nextMaker(taker: OrderSide, limit: E8 | undefined, passOver?: ReadonlySet<ExchangeOrder>): Maker | undefined {
    const side = taker === "BUY" ? "SELL" : "BUY";
    const order = this.orders[side].find((each) => passOver?.has(each) !== true);
    const level = this.crowd[side].find((each) => each.quantity > 0n);
    const orderFirst =
      order !== undefined && (level === undefined || isBetter(side, order.price, level.price) || isFirstInQueue(order, level));
    const price = orderFirst ? order.price : level?.price;
    if (price === undefined || (limit !== undefined && isBetter(side, limit, price))) return undefined;
    if (orderFirst) return { price, quantity: order.quantity - order.executed, order };
    return { price, quantity: level!.quantity, level: level! };
  }

  /** Everything that a taker could get: levels with what stands there, best first. */
  rows(side: OrderSide): LevelRow[] {
    const sums = new Map<E8, E8>();
    for (const { price, quantity } of this.crowd[side]) if (quantity > 0n) sums.set(price, (sums.get(price) ?? 0n) + quantity);
    for (const order of this.orders[side]) sums.set(order.price, (sums.get(order.price) ?? 0n) + order.quantity - order.executed);
    return [...sums].sort(([a], [b]) => (isBetter(side, a, b) ? -1 : 1));
  }

  best(side: OrderSide): LevelRow | undefined {
    const order = this.orders[side][0];
    const level = this.crowd[side].find((each) => each.quantity > 0n);
    if (order === undefined && level === undefined) return undefined;
    const price =
      order === undefined ? level!.price : level === undefined || isBetter(side, order.price, level.price) ? order.price : level.price;
    let quantity = level !== undefined && level.price === price ? level.quantity : 0n;
    for (const each of this.orders[side]) if (each.price === price) quantity += each.quantity - each.executed;
    return [price, quantity];
  }

  /** Puts new levels of the crowd in place of the old ones. Queues at prices that stay are not made longer. */
  requote(bids: CrowdLevel[], asks: CrowdLevel[]): void {
    this.crowd = { BUY: bids, SELL: asks };
    for (const side of ["BUY", "SELL"] as const) {
      for (const order of this.orders[side]) {
        const level = this.crowd[side].find((each) => each.price === order.price);
        if (order.queueAhead > 0n) order.queueAhead = level === undefined ? 0n : minimum(order.queueAhead, level.quantity);
      }
    }
  }

  /** Shortens the queue in front of orders at a price that the crowd has traded. */
  serveQueue(side: OrderSide, price: E8, quantity: E8): void {
    for (const order of this.orders[side])
      if (order.price === price && order.queueAhead > 0n) order.queueAhead = maxE8(0n, order.queueAhead - quantity);
  }

  /** Levels that differ from those of the last call, each under an update id of its own; `undefined` when none does. */
  commit(): DepthChange | undefined {
    const firstId = this.updateId + 1;
    const bids = this.#changes("BUY");
    const asks = this.#changes("SELL");
    this.updateId += bids.length + asks.length;
    return this.updateId < firstId ? undefined : { firstId, lastId: this.updateId, bids, asks };
  }

  #changes(side: OrderSide): LevelRow[] {
    const before = this.#published[side];
    const now = new Map(this.rows(side));
    const rows: LevelRow[] = [];
    for (const [price, quantity] of now) if (before.get(price) !== quantity) rows.push([price, quantity]);
    for (const price of before.keys()) if (!now.has(price)) rows.push([price, 0n]);
    this.#published = { ...this.#published, [side]: now };
    return rows;
  }
}

/** True when a price stands before another on a side of the book. */
export function isBetter(side: OrderSide, a: E8, b: E8): boolean {
  return side === "BUY" ? a > b : a < b;
}

function isFirstInQueue(order: ExchangeOrder, level: CrowdLevel): boolean {
  return order.price === level.price && order.queueAhead === 0n;
}

function minimum(a: E8, b: E8): E8 {
  return a < b ? a : b;
}
