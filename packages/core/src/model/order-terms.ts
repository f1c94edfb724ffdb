import type { Side } from "./side.ts";

/** Order types, as numbers so that they fit the event words. */
export const OrderType = {
  market: 0,
  limit: 1,
  stop: 2,
  stopLimit: 3,
  trailingStop: 4,
  marketIfTouched: 5,
  limitIfTouched: 6,
} as const;
export type OrderType = (typeof OrderType)[keyof typeof OrderType];

export const ORDER_TYPE_NAMES = [
  "market",
  "limit",
  "stop",
  "stop-limit",
  "trailing-stop",
  "market-if-touched",
  "limit-if-touched",
] as const;

export const TimeInForce = { gtc: 0, gtd: 1, day: 2, ioc: 3, fok: 4 } as const;
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce];
export const TIME_IN_FORCE_NAMES = ["GTC", "GTD", "DAY", "IOC", "FOK"] as const;
export type TimeInForceName = (typeof TIME_IN_FORCE_NAMES)[number];

/** Who wanted the order. */
export const OrderSource = { strategy: 0, risk: 1, operator: 2, external: 3 } as const;
export type OrderSource = (typeof OrderSource)[keyof typeof OrderSource];
export const ORDER_SOURCE_NAMES = ["strategy", "risk", "operator", "external"] as const;

/** Bits of the flags word of an order. */
export const OrderFlag = { postOnly: 1, reduceOnly: 2 } as const;

/** What an order is to its parent; decides the cause written on its fills. */
export const OrderRole = { entry: 0, stopLoss: 1, takeProfit: 2, liquidation: 3, endOfData: 4 } as const;
export type OrderRole = (typeof OrderRole)[keyof typeof OrderRole];

/** True when a rising price reaches an order of this type and side; false when a falling one does. */
export function reachedFromBelow(type: OrderType, side: Side, triggered: boolean): boolean {
  const restsAsLimit = type === OrderType.limit || ((type === OrderType.stopLimit || type === OrderType.limitIfTouched) && triggered);
  const touchesLikeLimit = restsAsLimit || type === OrderType.marketIfTouched || type === OrderType.limitIfTouched;
  return touchesLikeLimit ? side < 0 : side > 0;
}
