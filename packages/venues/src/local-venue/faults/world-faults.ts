import { e8, floorTo, timesE8 } from "../exchange/amount.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { VenueClock } from "../exchange/venue-clock.ts";
import type { FaultBoard } from "./fault-board.ts";

/** What faults of the world act on. */
export interface WorldParts {
  readonly exchange: Exchange;
  readonly faults: FaultBoard;
  readonly clock: VenueClock;
  /** The venue is away for a while. */
  readonly outage: (lengthUs: number) => void;
}

const FOREIGN_ID = "foreign-";

/** Faults that need no call to strike: they have occasion before each move of a market. */
export function strikeWorld({ exchange, faults, clock, outage }: WorldParts, symbol: string): void {
  const market = exchange.market(symbol);
  const random = faults.random("foreign-order");
  const note = (name: string, about: string): void => exchange.ledger.append(exchange.now(), { kind: "fault", name, about });
  for (const accountId of exchange.accounts.ids) {
    const scene = { symbol, account: accountId };
    if (market.lastPrice > 0n && faults.draw("foreign-order", scene) !== undefined) {
      const side = random.next() < 0.5 ? "BUY" : "SELL";
      const away = BigInt(90 + random.below(21));
      const { tickSize, stepSize, minNotional } = market.filters;
      const price = floorTo((market.lastPrice * away) / 100n, tickSize);
      const quantity = floorTo((minNotional * 3n * e8("1")) / price, stepSize) + stepSize;
      try {
        const clientId = `${FOREIGN_ID}${exchange.newClientId().slice(0, 12)}`;
        exchange.place(accountId, {
          symbol,
          side,
          type: "LIMIT",
          timeInForce: "GTC",
          quantity,
          quoteQuantity: 0n,
          price,
          stopPrice: 0n,
          clientId,
          selfTrade: "NONE",
        });
        note("foreign-order", clientId);
      } catch {
        // Somebody else's order can be refused like anyone's.
      }
    }
    if (faults.draw("transfer", scene) !== undefined) {
      const { quote } = market.spec;
      const { free } = exchange.accounts.balance(accountId, quote);
      const part = timesE8(free, e8("0.05"));
      const amount = faults.random("transfer").next() < 0.5 ? part : -part;
      note("transfer", `${accountId} ${quote} ${amount}`);
      if (amount !== 0n) exchange.transfer(accountId, quote, amount);
    }
    const last = market.trades.findLast((trade) => trade.accountId === accountId);
    if (last !== undefined && faults.draw("trade-bust", scene) !== undefined) {
      if (exchange.bust(last)) note("trade-bust", `${symbol} ${last.tradeId}`);
    }
  }
  const changed = faults.draw("filters-changed", { symbol });
  if (changed !== undefined) {
    const { tickSize, stepSize, minNotional } = market.filters;
    note("filters-changed", symbol);
    exchange.setFilters(symbol, { tickSize: tickSize * 10n, stepSize: stepSize * 10n, minNotional: minNotional * 10n });
    clock.timer(changed.delayUs, () => exchange.setFilters(symbol, { tickSize, stepSize, minNotional }));
  }
  const halted = market.status === "TRADING" ? faults.draw("symbol-halted", { symbol }) : undefined;
  if (halted !== undefined) {
    note("symbol-halted", symbol);
    exchange.setStatus(symbol, "BREAK");
    clock.timer(halted.delayUs, () => exchange.setStatus(symbol, "TRADING"));
  }
  const away = faults.draw("outage", { symbol });
  if (away !== undefined) {
    note("outage", `${away.delayUs}`);
    outage(away.delayUs);
  }
}
