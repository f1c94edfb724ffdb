import type { E8 } from "./amount.ts";

export type OrderSide = "BUY" | "SELL";
export type OrderKind = "LIMIT" | "MARKET" | "LIMIT_MAKER" | "STOP_LOSS" | "STOP_LOSS_LIMIT" | "TAKE_PROFIT" | "TAKE_PROFIT_LIMIT";
export type OrderStatus = "NEW" | "PARTIALLY_FILLED" | "FILLED" | "CANCELED" | "REJECTED" | "EXPIRED" | "EXPIRED_IN_MATCH";
export type Lifetime = "GTC" | "IOC" | "FOK";
/** What happens when an account would trade with itself. */
export type SelfTradePrevention = "NONE" | "EXPIRE_TAKER" | "EXPIRE_MAKER" | "EXPIRE_BOTH";

export const ORDER_KINDS: readonly OrderKind[] = [
  "LIMIT",
  "LIMIT_MAKER",
  "MARKET",
  "STOP_LOSS",
  "STOP_LOSS_LIMIT",
  "TAKE_PROFIT",
  "TAKE_PROFIT_LIMIT",
];

/** An order as it asks to enter; checked for form, not yet against filters and funds. */
export interface NewOrder {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderKind;
  readonly timeInForce: Lifetime;
  /** Base units; 0 when `quoteQuantity` is given. */
  readonly quantity: E8;
  /** Quote money to spend or receive: market orders only; 0 otherwise. */
  readonly quoteQuantity: E8;
  /** 0 where the kind has none. */
  readonly price: E8;
  readonly stopPrice: E8;
  readonly clientId: string;
  readonly selfTrade: SelfTradePrevention;
}

/** An order inside the venue. Mutable here only; everyone else gets an {@link OrderView}. */
export interface ExchangeOrder extends NewOrder {
  readonly accountId: string;
  readonly orderId: number;
  readonly createdUs: number;
  /** The quantity it works with; found from the book for an order by quote money. */
  quantity: E8;
  executed: E8;
  executedQuote: E8;
  status: OrderStatus;
  updatedUs: number;
  /** When it came onto the book; 0 while a trigger waits. */
  workingUs: number;
  /** Money or base still locked for it. */
  locked: E8;
  /** Quantity of the crowd at its price that is served first. */
  queueAhead: E8;
}

export type OrderView = Readonly<Omit<ExchangeOrder, "queueAhead">>;

export function viewOf(order: ExchangeOrder): OrderView {
  const { queueAhead: _, ...view } = order;
  return view;
}

export function isOpen(order: { readonly status: OrderStatus }): boolean {
  return order.status === "NEW" || order.status === "PARTIALLY_FILLED";
}

/** True for kinds that wait for a price before they work. */
export function hasTrigger(type: OrderKind): boolean {
  return type.startsWith("STOP_LOSS") || type.startsWith("TAKE_PROFIT");
}

/** True for kinds that work at a price of their own. */
export function hasPrice(type: OrderKind): boolean {
  return type === "LIMIT" || type === "LIMIT_MAKER" || type === "STOP_LOSS_LIMIT" || type === "TAKE_PROFIT_LIMIT";
}

/** Whether a price sets off a waiting order: a stop when the market goes against it, a target when it comes its way. */
export function isTriggered(order: Pick<ExchangeOrder, "side" | "type" | "stopPrice">, price: E8): boolean {
  const upwards = order.type.startsWith("STOP_LOSS") === (order.side === "BUY");
  return upwards ? price >= order.stopPrice : price <= order.stopPrice;
}
