import type { OrderStory } from "./order-story.ts";

/** The same order in a session and in its backtest, as far as both have it. */
export interface OrderPair {
  readonly session: OrderStory | undefined;
  readonly backtest: OrderStory | undefined;
}

/**
 * Finds for each order of a session the one of the backtest that was decided for the same reason: same instrument, side and type, decided at the same
 * instant, else the nearest one within `toleranceUs`. What decided after a fill comes as late as the fill did.
 */
export function matchOrders(session: readonly OrderStory[], backtest: readonly OrderStory[], toleranceUs: number): OrderPair[] {
  const free = new Set(backtest);
  const partners = new Map<OrderStory, OrderStory>();
  const take = (order: OrderStory, allowedUs: number): void => {
    let best: OrderStory | undefined;
    for (const each of free) {
      const isAlike = each.instrumentIndex === order.instrumentIndex && each.side === order.side && each.type === order.type;
      const distanceUs = Math.abs(each.decidedUs - order.decidedUs);
      if (!isAlike || distanceUs > allowedUs) continue;
      if (best === undefined || distanceUs < Math.abs(best.decidedUs - order.decidedUs)) best = each;
    }
    if (best === undefined) return;
    free.delete(best);
    partners.set(order, best);
  };
  // Those of the same instant first, so that a near one does not take the partner of another.
  for (const order of session) take(order, 0);
  for (const order of session) if (!partners.has(order)) take(order, toleranceUs);
  const pairs: OrderPair[] = session.map((order) => ({ session: order, backtest: partners.get(order) }));
  for (const order of free) pairs.push({ session: undefined, backtest: order });
  return pairs.sort((a, b) => decidedUs(a) - decidedUs(b));
}

function decidedUs({ session, backtest }: OrderPair): number {
  return (session ?? backtest)!.decidedUs;
}
