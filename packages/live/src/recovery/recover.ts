import { causeCode, type Engine, type Fact, type FactDriver, type OrderCommand } from "@tradepulse/core";
import type { RegisteredOrder } from "../session/order-register.ts";
import { factOf, isFact, type ReadRecord, type ReplayResult, replay } from "./replay.ts";

/** The durable word that an order was about to be sent. */
export interface IntentRecord {
  readonly orderId: number;
  readonly instrumentIndex: number;
  readonly epoch: number;
  readonly clientId: string;
  readonly deadlineUs: number;
  readonly request: { readonly symbol: string };
}

/** What a restarted session must do before it trusts itself. */
export interface RecoveryPlan {
  readonly replay: ReplayResult;
  readonly orders: readonly RegisteredOrder[];
  /** Decided, but no intent of theirs is durable: they were never sent and will not be. */
  readonly neverSent: readonly number[];
  /** An intent is durable and no news ended the doubt: what became of them must be read. */
  readonly unknown: readonly number[];
  /** Cancels that were asked for and not proved: asked for again. */
  readonly cancels: readonly OrderCommand[];
  /** Highest trade id seen of each instrument. */
  readonly lastTradeIds: readonly number[];
  /** Close of the last bar of each series. */
  readonly lastCloseUs: readonly number[];
}

/**
 * Brings an engine to where the journal ends, and says what is left in the air. Facts whose records were lost with the crash are those after the
 * last durable one: market facts only, since no order leaves before its intent is durable.
 */
export function recover(records: readonly ReadRecord[], engine: Engine, driver: FactDriver): RecoveryPlan {
  const result = replay(records, driver);
  const intents = new Map<number, IntentRecord>();
  const notSent = new Set<number>();
  for (const { kind, payload } of records) {
    if (kind === "intent") intents.set((payload as IntentRecord).orderId, payload as IntentRecord);
    else if (kind === "not-sent") notSent.add((payload as { readonly orderId: number }).orderId);
  }
  const told = toldOrders(records);
  const working = engine.openOrderIds();
  const submitted = new Set(result.commands.filter((command) => command.kind === "submit").map((command) => command.orderId));
  const sent = (orderId: number): boolean => intents.has(orderId) && !notSent.has(orderId);
  return {
    replay: result,
    orders: [...intents.values()].map((intent) => registered(intent, sent(intent.orderId))),
    neverSent: working.filter((id) => submitted.has(id) && !sent(id)),
    // An order without any news since its intent, or whose last word was that nobody knows.
    unknown: working.filter((id) => sent(id) && told.get(id) !== "accepted"),
    cancels: result.commands.filter((command) => command.kind === "cancel" && working.includes(command.orderId) && sent(command.orderId)),
    lastTradeIds: lastTrades(records, intents),
    lastCloseUs: lastCloses(records),
  };
}

/** Cause of an order that was decided and never sent. */
export const NEVER_SENT = causeCode("absent");

function registered(intent: IntentRecord, wasSent: boolean): RegisteredOrder {
  const { orderId, instrumentIndex, clientId, deadlineUs } = intent;
  return { orderId, instrumentIndex, symbol: intent.request.symbol, clientId, deadlineUs, wasSent, venueOrderId: "" };
}

/** For each order, whether any news has placed it at the venue. */
function toldOrders(records: readonly ReadRecord[]): ReadonlyMap<number, "accepted" | "unknown"> {
  const told = new Map<number, "accepted" | "unknown">();
  for (const record of records) {
    if (record.kind !== "order") continue;
    const fact = factOf(record) as Extract<Fact, { kind: "order" }>;
    if (fact.event === "accepted" || fact.event === "filled") told.set(fact.orderId, "accepted");
    else if (fact.event === "unknown") told.set(fact.orderId, "unknown");
  }
  return told;
}

function lastTrades(records: readonly ReadRecord[], intents: ReadonlyMap<number, IntentRecord>): number[] {
  const last: number[] = [];
  const note = (instrumentIndex: number, tradeId: number): void => {
    last[instrumentIndex] = Math.max(last[instrumentIndex] ?? -1, tradeId);
  };
  for (const record of records) {
    if (!isFact(record)) continue;
    const fact = factOf(record);
    if (fact.kind === "external") note(fact.instrumentIndex, fact.tradeId);
    else if (fact.kind === "order" && fact.event === "filled") {
      const intent = intents.get(fact.orderId);
      if (intent !== undefined) note(intent.instrumentIndex, fact.tradeId);
    }
  }
  return last;
}

function lastCloses(records: readonly ReadRecord[]): number[] {
  const last: number[] = [];
  for (const record of records) {
    if (record.kind !== "bar") continue;
    const { seriesIndex, closeUs } = record.payload as { readonly seriesIndex: number; readonly closeUs: number };
    last[seriesIndex] = closeUs;
  }
  return last;
}
