import { type CauseName, causeName, EventKind, type EventRecord } from "../model/event.ts";
import type { Fill } from "../model/fill.ts";
import { ORDER_SOURCE_NAMES, ORDER_TYPE_NAMES, TIME_IN_FORCE_NAMES } from "../model/order-terms.ts";
import { sideName } from "../model/side.ts";
import type { TimeUs } from "../model/time.ts";
import type { EventList } from "./event-list.ts";
import { FILL_CAUSES } from "./event-log.ts";

/** The fills of a run, in order. */
export function fillsOf(events: EventList): Fill[] {
  const fills: Fill[] = [];
  for (let index = events.first; index < events.length; index += 1) {
    if (events.word(index, 0) !== EventKind.filled) continue;
    const record = events.record(index);
    const [tradeId, lots, notional, fee, slippage, packed] = record.fields as [number, number, number, number, number, number];
    fills.push({
      seq: record.seq,
      timeUs: record.timeUs,
      tradeId,
      orderId: record.orderId,
      instrumentIndex: record.instrumentIndex,
      accountId: record.accountId,
      strategyId: record.strategyId,
      side: lots > 0 ? 1 : -1,
      lots: Math.abs(lots),
      notional,
      fee,
      slippage,
      liquidity: packed % 2 === 1 ? "taker" : "maker",
      cause: FILL_CAUSES[Math.floor((packed % 64) / 2)]!,
      reason: events.reasonOf(record.orderId),
      tag: events.tagOf(record.orderId),
    });
  }
  return fills;
}

/** A wish that was not carried out, or an order that a venue rejected. */
export interface RefusalRow {
  readonly what: "order" | "cancel" | "amend";
  readonly cause: CauseName;
  readonly timeUs: TimeUs;
}

const REFUSALS = new Map<number, RefusalRow["what"]>([
  [EventKind.refused, "order"],
  [EventKind.rejected, "order"],
  [EventKind.cancelRefused, "cancel"],
  [EventKind.amendRefused, "amend"],
]);

/** What was refused in a run, in order: wishes that never became an order too. */
export function refusalsOf(events: EventList): RefusalRow[] {
  const rows: RefusalRow[] = [];
  for (let index = events.first; index < events.length; index += 1) {
    const what = REFUSALS.get(events.word(index, 0));
    if (what === undefined) continue;
    const { fields, timeUs } = events.record(index);
    rows.push({ what, cause: causeName(fields[0]!), timeUs });
  }
  return rows;
}

/** An order's whole story, from the events. */
export interface OrderRow {
  readonly id: number;
  readonly submittedUs: number;
  readonly instrumentIndex: number;
  readonly source: string;
  readonly side: "buy" | "sell";
  readonly type: string;
  readonly timeInForce: string;
  readonly isReduceOnly: boolean;
  readonly isPostOnly: boolean;
  readonly lots: number;
  readonly limitUnits: number;
  readonly triggerUnits: number;
  readonly parentId: number;
  readonly groupId: number;
  state: string;
  /** Why it ended, or was refused; empty when it filled. */
  cause: string;
  filledLots: number;
  endedUs: number;
  readonly tag: string;
  readonly reason: string;
}

/** The orders of a run, by id, refused ones included. */
export function ordersOf(events: EventList): OrderRow[] {
  const rows = new Map<number, OrderRow>();
  for (let index = events.first; index < events.length; index += 1) {
    const record = events.record(index);
    const { kind } = record;
    if (kind === EventKind.submitted) rows.set(record.orderId, submittedRow(record, events));
    else if (kind === EventKind.refused && record.orderId !== 0) rows.set(record.orderId, refusedRow(record, events));
    const row = rows.get(record.orderId);
    if (row !== undefined) follow(row, record);
  }
  return [...rows.values()];
}

function submittedRow(record: EventRecord, events: EventList): OrderRow {
  const [packed, lots, limitUnits, triggerUnits, parentId, groupId] = record.fields as [number, number, number, number, number, number];
  const flags = Math.floor(packed / 64) % 4;
  return {
    id: record.orderId,
    submittedUs: record.timeUs,
    instrumentIndex: record.instrumentIndex,
    source: ORDER_SOURCE_NAMES[record.source]!,
    side: sideName(lots),
    type: ORDER_TYPE_NAMES[packed % 8]!,
    timeInForce: TIME_IN_FORCE_NAMES[Math.floor(packed / 8) % 8]!,
    isReduceOnly: flags >= 2,
    isPostOnly: flags % 2 === 1,
    lots: Math.abs(lots),
    limitUnits,
    triggerUnits,
    parentId,
    groupId,
    state: "submitted",
    cause: "",
    filledLots: 0,
    endedUs: 0,
    tag: events.tagOf(record.orderId),
    reason: events.reasonOf(record.orderId),
  };
}

function refusedRow(record: EventRecord, events: EventList): OrderRow {
  const lots = record.fields[3]!;
  return {
    ...submittedRow({ ...record, fields: [0, lots, 0, 0, 0, 0, 0, 0] }, events),
    state: "refused",
    endedUs: record.timeUs,
    cause: causeName(record.fields[0]!),
  };
}

function follow(row: OrderRow, record: EventRecord): void {
  switch (record.kind) {
    case EventKind.accepted:
      row.state = "accepted";
      break;
    case EventKind.filled:
      row.filledLots += Math.abs(record.fields[1]!);
      row.state = row.filledLots >= row.lots ? "filled" : "partially-filled";
      row.endedUs = record.timeUs;
      break;
    case EventKind.shrunk:
    case EventKind.amended: {
      const lots = Math.abs(record.fields[record.kind === EventKind.shrunk ? 1 : 0]!);
      Object.assign(row, { lots });
      break;
    }
    case EventKind.canceled:
    case EventKind.expired:
    case EventKind.rejected:
      row.state = record.kind === EventKind.canceled ? "canceled" : record.kind === EventKind.expired ? "expired" : "rejected";
      row.cause = causeName(record.fields[0]!);
      row.endedUs = record.timeUs;
      break;
    default:
      break;
  }
}
