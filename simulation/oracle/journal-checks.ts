import type { IntentRecord, ReadRecord } from "@tradepulse/live";
import { ACCOUNT } from "../world/account.ts";
import type { Judge } from "./judge.ts";
import { checkSales } from "./sales.ts";
import { checkSelfTrades } from "./self-trades.ts";

/** Flag of an order that only reduces. */
const REDUCE_ONLY = 2;

/** What the journal and the venue say about each other, at any time: ids, intents, proofs of absence. */
export function checkJournal(judge: Judge, records: readonly ReadRecord[]): void {
  const intents = new Map<string, IntentRecord>();
  const orderIds = new Set<number>();
  for (const { kind, payload } of records) {
    if (kind !== "intent") continue;
    const intent = payload as IntentRecord;
    if (intents.has(intent.clientId)) judge.violate("I05", `two intents bear the id ${intent.clientId}`, intent.clientId);
    if (orderIds.has(intent.orderId)) judge.violate("I04", `order ${intent.orderId} has two intents`, String(intent.orderId));
    intents.set(intent.clientId, intent);
    orderIds.add(intent.orderId);
  }
  const { ledger } = judge.venue.exchange;
  const accepted = new Map<string, number>();
  for (const record of ledger.records) {
    if (record.kind !== "request" || record.request !== "place" || record.accountId !== ACCOUNT || record.clientId.startsWith("hand-"))
      continue;
    if (!intents.has(record.clientId))
      judge.violate("I03", `the venue was asked for ${record.clientId}, of which the journal has no intent`, record.clientId);
    if (record.outcome === "accepted") accepted.set(record.clientId, (accepted.get(record.clientId) ?? 0) + 1);
  }
  for (const [clientId, count] of accepted) if (count > 1) judge.violate("I04", `${clientId} is ${count} orders at the venue`, clientId);
  checkAbsences(judge, records, intents, accepted);
  checkDoubts(judge, records);
  checkSales(judge, records);
  checkSelfTrades(judge);
  for (const { kind, payload } of records) {
    if (kind !== "bar") continue;
    const { open, high, low, close } = payload as {
      readonly open: number;
      readonly high: number;
      readonly low: number;
      readonly close: number;
    };
    const isSound =
      [open, high, low, close].every((figure) => Number.isFinite(figure) && figure > 0) &&
      low <= Math.min(open, close) &&
      high >= Math.max(open, close);
    if (!isSound) judge.violate("I15", `a bar of ${open}, ${high}, ${low}, ${close} reached the engine`, "bar");
  }
}

/** While the outcome of an order is unknown, nothing new is risked on its instrument. */
function checkDoubts(judge: Judge, records: readonly ReadRecord[]): void {
  const unknown = new Map<number, number>();
  const orders = new Map<number, { readonly instrumentIndex: number; lotsLeft: number; readonly trades: Set<number> }>();
  for (const { kind, payload } of records) {
    if (kind === "command") {
      const { orderId, instrumentIndex, side, lots, flags } = payload as Readonly<Record<string, number>>;
      if (side === undefined) continue;
      orders.set(orderId!, { instrumentIndex: instrumentIndex!, lotsLeft: lots!, trades: new Set() });
      if (side > 0 && (flags! & REDUCE_ONLY) === 0 && [...unknown.values()].includes(instrumentIndex!))
        judge.violate("I07", `order ${orderId} is decided while the outcome of another of its instrument is unknown`, String(orderId));
    }
    if (kind !== "order") continue;
    const { orderId, event, lots, tradeId } = payload as {
      readonly orderId: number;
      readonly event: string;
      readonly lots: number;
      readonly tradeId: number;
    };
    const order = orders.get(orderId);
    if (order === undefined) continue;
    // That nobody knows is no news of an order whose end is known.
    if (event === "unknown" && order.lotsLeft > 0) unknown.set(orderId, order.instrumentIndex);
    if (event === "filled" && !order.trades.has(tradeId)) {
      order.trades.add(tradeId);
      order.lotsLeft -= lots;
    }
    if (event === "canceled" || event === "expired" || event === "rejected") order.lotsLeft = 0;
    if (event === "accepted" || event === "filled" || order.lotsLeft <= 0) unknown.delete(orderId);
  }
}

/** An order that the journal ends as never placed must never have been placed. */
function checkAbsences(
  judge: Judge,
  records: readonly ReadRecord[],
  intents: ReadonlyMap<string, IntentRecord>,
  accepted: ReadonlyMap<string, number>,
): void {
  const idOf = new Map([...intents.values()].map((intent) => [intent.orderId, intent.clientId]));
  for (const { kind, payload } of records) {
    if (kind !== "order") continue;
    const fact = payload as { readonly event: string; readonly orderId: number };
    const clientId = idOf.get(fact.orderId);
    if (fact.event !== "rejected" || clientId === undefined || !accepted.has(clientId)) continue;
    const entered = judge.venue.exchange.ledger.ordersOf(ACCOUNT).find((order) => order.clientId === clientId);
    if (entered !== undefined && entered.status !== "REJECTED")
      judge.violate("I07", `${clientId} was ended as rejected and is ${entered.status} at the venue`, clientId);
  }
}
