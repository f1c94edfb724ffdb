import type { IntentRecord, ReadRecord } from "@tradepulse/live";
import { type E8, e8, formatE8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import type { AccountTrade } from "../../packages/venues/src/local-venue/exchange/exchange-event.ts";
import { ACCOUNT } from "../world/account.ts";
import type { Judge } from "./judge.ts";

const REDUCE_ONLY = 2;

/** I13, its second half: what only reduces never sells more than was held, but for sales that the trader had not been told of. */
export function checkSales(judge: Judge, records: readonly ReadRecord[]): void {
  if (judge.isShared) return;
  const holdings = holdingsOf(judge);
  const reducing = new Set<number>();
  const symbols = new Map<number, string>();
  const told = new Set<string>();
  for (const { kind, payload } of records) {
    if (kind === "command" && ((payload as { readonly flags?: number }).flags ?? 0) & REDUCE_ONLY)
      reducing.add((payload as { readonly orderId: number }).orderId);
    if (kind === "order") {
      const { event, orderId, tradeId } = payload as { readonly event: string; readonly orderId: number; readonly tradeId: number };
      if (event === "filled") told.add(`${symbols.get(orderId)}/${tradeId}`);
    }
    if (kind !== "intent") continue;
    const { orderId, clientId, request } = payload as IntentRecord;
    const { side, quantity, symbol } = request as unknown as { readonly side: string; readonly quantity: string; readonly symbol: string };
    symbols.set(orderId, symbol);
    const sentUs = judge.sentUs(clientId);
    if (side !== "sell" || !reducing.has(orderId) || sentUs === undefined) continue;
    const most = holdings.get(symbol)?.mostBelieved(sentUs, (tradeId) => told.has(`${symbol}/${tradeId}`)) ?? 0n;
    if (e8(quantity) > most) judge.violate("I13", `${clientId} sells ${quantity} of ${symbol}, held were ${formatE8(most)}`, clientId);
  }
}

/** What was held of one base, by the venue's truth. */
class Holdings {
  private readonly held: { readonly atUs: number; readonly amount: E8 }[] = [];
  private readonly sales: { readonly atUs: number; readonly trade: AccountTrade }[] = [];

  note(atUs: number, amount: E8): void {
    this.held.push({ atUs, amount });
  }

  sold(atUs: number, trade: AccountTrade): void {
    this.sales.push({ atUs, trade });
  }

  /** The most that somebody can take for held who was told of these trades only. Purchases that he was not told of make it less, never more. */
  mostBelieved(atUs: number, wasTold: (tradeId: number) => boolean): E8 {
    let amount = 0n;
    for (const each of this.held) if (each.atUs <= atUs) amount = each.amount;
    for (const { atUs: soldUs, trade } of this.sales) if (soldUs <= atUs && !wasTold(trade.tradeId)) amount += trade.quantity;
    return amount;
  }
}

function holdingsOf(judge: Judge): ReadonlyMap<string, Holdings> {
  const { exchange } = judge.venue;
  const bySymbol = new Map(exchange.markets.map(({ spec }) => [spec.symbol, new Holdings()]));
  const symbolOf = new Map(exchange.markets.map(({ spec }) => [spec.base, spec.symbol]));
  for (const record of exchange.ledger.records) {
    if (record.kind === "balance" && record.accountId === ACCOUNT) {
      const symbol = symbolOf.get(record.asset);
      if (symbol !== undefined) bySymbol.get(symbol)!.note(record.atUs, record.free + record.locked);
    } else if (record.kind === "trade" && record.trade.accountId === ACCOUNT && record.trade.side === "SELL")
      bySymbol.get(record.trade.symbol)!.sold(record.atUs, record.trade);
  }
  return bySymbol;
}
