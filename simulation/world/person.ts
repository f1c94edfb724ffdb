import type { RandomStream } from "@tradepulse/platform";
import type { Exchange } from "../../packages/venues/src/local-venue/exchange/exchange.ts";
import { ACCOUNT } from "./account.ts";
import type { Chronicle } from "./chronicle.ts";

/** A person on the same account buys, sells, or takes an order of ours away. */
export function actByHand(exchange: Exchange, symbols: readonly string[], random: RandomStream, chronicle: Chronicle): void {
  const symbol = symbols[random.below(symbols.length)]!;
  const market = exchange.market(symbol);
  const draw = random.next();
  const size = 100 + random.below(400);
  try {
    if (draw < 0.3) {
      const open = market.openOrders(ACCOUNT);
      const order = open[random.below(Math.max(1, open.length))];
      if (order !== undefined) exchange.cancel(ACCOUNT, symbol, { orderId: order.orderId });
      return;
    }
    const isAtMarket = draw < 0.8;
    exchange.place(ACCOUNT, {
      symbol,
      side: draw < 0.65 ? "BUY" : "SELL",
      type: isAtMarket ? "MARKET" : "LIMIT",
      timeInForce: "GTC",
      quantity: market.filters.stepSize * BigInt(size),
      quoteQuantity: 0n,
      price: isAtMarket ? 0n : (market.lastPrice / market.filters.tickSize) * market.filters.tickSize,
      stopPrice: 0n,
      clientId: `hand-${exchange.ledger.records.length}`,
      selfTrade: "NONE",
    });
  } catch (error) {
    // Somebody else's wish can be refused like anyone's.
    chronicle.add("person", `by hand: ${error instanceof Error ? error.message : String(error)}`);
  }
}
