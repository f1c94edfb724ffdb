import type { IntentRecord, ReadRecord } from "@tradepulse/live";
import { type E8, e8, formatE8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import type { AccountTrade } from "../../packages/venues/src/local-venue/exchange/exchange-event.ts";
import { ACCOUNT } from "../world/account.ts";
import type { Judge } from "./judge.ts";

const REDUCE_ONLY = 2;
/** From the decision to the send at most: the venue's clock is read, the intent reaches the disk. By the venue's clock, since ours may have been set. */
const DECIDED_WITHIN_US = 15_000_000;

/**
 * I13, its second half: what only reduces never sells more than was held since it was decided, but for sales that the trader had not been told of then.
 */
export function checkSales(judge: Judge, records: readonly ReadRecord[]): void {
  if (judge.isShared) return;
  const holdings = holdingsOf(judge);
  /** How many trades the trader knew when it decided on an order that only reduces. */
  const reducing = new Map<number, number>();
  const clientIds = new Map<number, string>();
  /** Trades that the trader was told of, each of both sides by itself, with how many it knew before. */
  const told = new Map<string, number>();
  for (const { kind, payload } of records) {
    if (kind === "command") {
      const { orderId, flags = 0 } = payload as { readonly orderId: number; readonly flags?: number };
      if ((flags & REDUCE_ONLY) !== 0) reducing.set(orderId, told.size);
    }
    if (kind === "order") {
      const { event, orderId, tradeId } = payload as { readonly event: string; readonly orderId: number; readonly tradeId: number };
      const key = `${clientIds.get(orderId)}/${tradeId}`;
      if (event === "filled" && !told.has(key)) told.set(key, told.size);
    }
    if (kind !== "intent") continue;
    const { orderId, clientId, request } = payload as IntentRecord;
    const { side, quantity, symbol } = request as unknown as { readonly side: string; readonly quantity: string; readonly symbol: string };
    clientIds.set(orderId, clientId);
    const sentUs = judge.sentUs(clientId);
    const known = reducing.get(orderId);
    if (side !== "sell" || known === undefined || sentUs === undefined) continue;
    const wasTold = (trade: AccountTrade): boolean => (told.get(`${trade.clientId}/${trade.tradeId}`) ?? Number.POSITIVE_INFINITY) < known;
    const most = holdings.get(symbol)?.mostBelieved(sentUs - DECIDED_WITHIN_US, sentUs, wasTold) ?? 0n;
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

  /**
   * The most that somebody can take for held at any instant of a time who was told of these trades only. Purchases that he was not told of make it less,
   * never more.
   */
  mostBelieved(fromUs: number, toUs: number, wasTold: (trade: AccountTrade) => boolean): E8 {
    let most = 0n;
    for (const [at, { atUs, amount }] of this.held.entries()) {
      const untilUs = this.held[at + 1]?.atUs ?? Number.POSITIVE_INFINITY;
      if (atUs > toUs || untilUs < fromUs) continue;
      const untold = this.sales.reduce(
        (sum, { atUs: soldUs, trade }) => (soldUs <= atUs && !wasTold(trade) ? sum + trade.quantity : sum),
        0n,
      );
      if (amount + untold > most) most = amount + untold;
    }
    return most;
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
