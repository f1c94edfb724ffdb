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
  const alike = new Map<string, OrderStory[]>();
  for (const order of backtest) {
    const orders = alike.get(kindOf(order));
    if (orders === undefined) alike.set(kindOf(order), [order]);
    else orders.push(order);
  }
  for (const orders of alike.values()) orders.sort((a, b) => a.decidedUs - b.decidedUs);
  const taken = new Set<OrderStory>();
  const partners = new Map<OrderStory, OrderStory>();
  const take = (order: OrderStory, allowedUs: number): void => {
    const orders = alike.get(kindOf(order)) ?? [];
    let best: OrderStory | undefined;
    for (let k = firstFrom(orders, order.decidedUs - allowedUs); k < orders.length; k += 1) {
      const each = orders[k]!;
      if (each.decidedUs > order.decidedUs + allowedUs) break;
      const isNearer = best === undefined || Math.abs(each.decidedUs - order.decidedUs) < Math.abs(best.decidedUs - order.decidedUs);
      if (isNearer && !taken.has(each)) best = each;
    }
    if (best === undefined) return;
    taken.add(best);
    partners.set(order, best);
  };
  // Those of the same instant first, so that a near one does not take the partner of another.
  for (const order of session) take(order, 0);
  for (const order of session) if (!partners.has(order)) take(order, toleranceUs);
  const pairs: OrderPair[] = session.map((order) => ({ session: order, backtest: partners.get(order) }));
  for (const order of backtest) if (!taken.has(order)) pairs.push({ session: undefined, backtest: order });
  return pairs.sort((a, b) => decidedUs(a) - decidedUs(b));
}

function kindOf({ instrumentIndex, side, type }: OrderStory): string {
  return `${instrumentIndex}/${side}/${type}`;
}

/** Place of the first that was decided at an instant or after it; sessions of a year hold too many orders to look at all of them. */
function firstFrom(orders: readonly OrderStory[], fromUs: number): number {
  let [low, high] = [0, orders.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (orders[middle]!.decidedUs < fromUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function decidedUs({ session, backtest }: OrderPair): number {
  return (session ?? backtest)!.decidedUs;
}
