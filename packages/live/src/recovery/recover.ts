import { causeCode, type Engine, type Fact, type FactDriver, type OrderCommand } from "@tradepulse/core";
import type { RegisteredOrder } from "../session/order-register.ts";
import { factOf, type ReadRecord, type ReplayResult, replay } from "./replay.ts";

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
  /** Highest trade id of each instrument that a reading of the venue had covered without gaps. */
  readonly readUpTo: readonly number[];
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
  // An order that ended without ever having been placed has no end at the venue.
  const endedAtVenue = (orderId: number): boolean => told.get(orderId) === "accepted" && engine.orderState(orderId)?.mayFill === false;
  const sent = (orderId: number): boolean => intents.has(orderId) && !notSent.has(orderId);
  return {
    replay: result,
    orders: [...intents.values()].map((intent) => registered(intent, sent(intent.orderId), endedAtVenue(intent.orderId))),
    neverSent: working.filter((id) => submitted.has(id) && !sent(id)),
    // An order without any news since its intent, or whose last word was that nobody knows.
    unknown: working.filter((id) => sent(id) && told.get(id) !== "accepted"),
    cancels: result.commands.filter((command) => command.kind === "cancel" && working.includes(command.orderId) && sent(command.orderId)),
    readUpTo: readUpTo(records),
    lastCloseUs: lastCloses(records),
  };
}

/** Cause of an order that was decided and never sent. */
export const NEVER_SENT = causeCode("absent");

function registered(intent: IntentRecord, wasSent: boolean, hasEnded: boolean): RegisteredOrder {
  const { orderId, instrumentIndex, clientId, deadlineUs } = intent;
  return { orderId, instrumentIndex, symbol: intent.request.symbol, clientId, deadlineUs, wasSent, venueOrderId: "", hasEnded };
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

/** What the stream brought does not count: it may have left out a trade before. */
function readUpTo(records: readonly ReadRecord[]): readonly number[] {
  const last = records.findLast((record) => record.kind === "evidence" && "readUpTo" in record.payload);
  return last === undefined ? [] : (last.payload as { readonly readUpTo: readonly number[] }).readUpTo;
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
