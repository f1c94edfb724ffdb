import type { IntentRecord, ReadRecord } from "@tradepulse/live";
import { type E8, e8, formatE8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import { ACCOUNT } from "../world/account.ts";
import type { Judge } from "./judge.ts";

const REDUCE_ONLY = 2;
/** What was held so long ago may still be what we know: fills are read late when nothing can be reached. */
const LATE_US = 600_000_000;

/** I13, its second half: what only reduces never sells more than was held. */
export function checkSales(judge: Judge, records: readonly ReadRecord[]): void {
  if (judge.isShared) return;
  const reducing = new Set<number>();
  const held = heldOverTime(judge);
  for (const { kind, payload } of records) {
    if (kind === "command" && ((payload as { readonly flags?: number }).flags ?? 0) & REDUCE_ONLY)
      reducing.add((payload as { readonly orderId: number }).orderId);
    if (kind !== "intent") continue;
    const { orderId, clientId, request } = payload as IntentRecord;
    const { side, quantity, symbol } = request as unknown as { readonly side: string; readonly quantity: string; readonly symbol: string };
    if (side !== "sell" || !reducing.has(orderId)) continue;
    const most = mostHeld(held.get(symbol) ?? [], judge.sentUs(clientId));
    if (most !== undefined && e8(quantity) > most)
      judge.violate("I13", `${clientId} sells ${quantity} of ${symbol}, held were ${formatE8(most)}`, clientId);
  }
}

interface Held {
  readonly atUs: number;
  readonly amount: E8;
}

function heldOverTime(judge: Judge): Map<string, Held[]> {
  const { exchange } = judge.venue;
  const symbolOf = new Map(exchange.markets.map(({ spec }) => [spec.base, spec.symbol]));
  const held = new Map<string, Held[]>();
  for (const record of exchange.ledger.records) {
    if (record.kind !== "balance" || record.accountId !== ACCOUNT) continue;
    const symbol = symbolOf.get(record.asset);
    if (symbol === undefined) continue;
    const list = held.get(symbol) ?? [];
    list.push({ atUs: record.atUs, amount: record.free + record.locked });
    held.set(symbol, list);
  }
  return held;
}

/** The most that was held in the time before an instant; undefined for an order that never left. */
function mostHeld(held: readonly Held[], atUs: number | undefined): E8 | undefined {
  if (atUs === undefined) return undefined;
  let most = 0n;
  for (const [at, each] of held.entries()) {
    if (each.atUs > atUs) break;
    const untilUs = held[at + 1]?.atUs ?? Number.POSITIVE_INFINITY;
    if (untilUs >= atUs - LATE_US && each.amount > most) most = each.amount;
  }
  return most;
}
