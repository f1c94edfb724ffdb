import { ACCOUNT } from "../world/account.ts";
import type { Judge } from "./judge.ts";

/** I20: where the risk rules forbid it, no two orders of ours trade with each other. */
export function checkSelfTrades(judge: Judge): void {
  if (judge.scenario.selfTrade !== "cancel-newer") return;
  const sides = new Map<string, string>();
  for (const { symbol, tradeId, clientId } of judge.venue.exchange.ledger.tradesOf(ACCOUNT)) {
    if (clientId.startsWith("hand-")) continue;
    const key = `${symbol}/${tradeId}`;
    const other = sides.get(key);
    if (other !== undefined)
      judge.violate("I20", `${clientId} trades with ${other}, both of us, in trade ${tradeId} of ${symbol}`, clientId);
    sides.set(key, clientId);
  }
}
