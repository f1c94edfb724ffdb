import { type EventList, type ExternalFact, fillsOf, type OrderFact, ordersOf } from "@tradepulse/core";
import type { ReadRecord } from "@tradepulse/live";

/** One execution as the bridge counts it. Lots and quanta, whole. */
export interface StoryFill {
  readonly timeUs: number;
  readonly lots: number;
  readonly notional: number;
  readonly fee: number;
  /** Lots that the venue kept as its fee. */
  readonly feeLots: number;
}

/** An order from its decision to its end. */
export interface OrderStory {
  readonly id: number;
  readonly instrumentIndex: number;
  readonly decidedUs: number;
  /** +1 for a buy. */
  readonly side: 1 | -1;
  readonly type: string;
  readonly state: string;
  readonly cause: string;
  readonly reason: string;
  readonly fills: readonly StoryFill[];
}

/** The orders of an event list. `fillsById` stands in for the fills of the list, where more is known of them. */
export function orderStories(events: EventList, fillsById?: ReadonlyMap<number, readonly StoryFill[]>): OrderStory[] {
  const fills = fillsById ?? groupedFills(events);
  return ordersOf(events).map((row) => ({
    id: row.id,
    instrumentIndex: row.instrumentIndex,
    decidedUs: row.submittedUs,
    side: row.side === "buy" ? 1 : -1,
    type: row.type,
    state: row.state,
    cause: row.cause,
    reason: row.reason,
    fills: fills.get(row.id) ?? [],
  }));
}

function groupedFills(events: EventList): ReadonlyMap<number, readonly StoryFill[]> {
  const fills = new Map<number, StoryFill[]>();
  for (const { orderId, timeUs, lots, notional, fee } of fillsOf(events)) push(fills, orderId, { timeUs, lots, notional, fee, feeLots: 0 });
  return fills;
}

/** The fills of a live session from its journal, each once: the event list does not know of fees that were kept in coins. */
export function recordedFills(records: readonly ReadRecord[]): ReadonlyMap<number, readonly StoryFill[]> {
  const fills = new Map<number, StoryFill[]>();
  const seen = new Set<string>();
  for (const { kind, payload } of records) {
    if (kind !== "order") continue;
    const fact = payload as OrderFact;
    const key = `${fact.orderId}/${fact.tradeId}`;
    if (fact.event !== "filled" || seen.has(key)) continue;
    seen.add(key);
    const { timeUs, lots, notional, fee, feeLots } = fact;
    push(fills, fact.orderId, { timeUs, lots, notional, fee, feeLots });
  }
  return fills;
}

/** A trade on the account that no order of the session explains. */
export interface ExternalFill {
  readonly instrumentIndex: number;
  readonly side: 1 | -1;
  readonly fill: StoryFill;
}

/** Trades of somebody else, each once as the engine counts them: two orders that met each other are one trade with two sides. */
export function recordedExternal(records: readonly ReadRecord[]): readonly ExternalFill[] {
  const fills = new Map<string, ExternalFill>();
  for (const { kind, payload } of records) {
    if (kind !== "external") continue;
    const { instrumentIndex, side, tradeId, timeUs, lots, notional, fee, feeLots } = payload as ExternalFact;
    const key = `${instrumentIndex}/${tradeId}/${side}`;
    if (!fills.has(key)) fills.set(key, { instrumentIndex, side, fill: { timeUs, lots, notional, fee, feeLots } });
  }
  return [...fills.values()];
}

function push(fills: Map<number, StoryFill[]>, orderId: number, fill: StoryFill): void {
  const of = fills.get(orderId);
  if (of === undefined) fills.set(orderId, [fill]);
  else of.push(fill);
}
