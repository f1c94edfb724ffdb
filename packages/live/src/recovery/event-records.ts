import { EventList } from "@tradepulse/core";
import type { ReadRecord } from "./replay.ts";

/** Words of an event that the list sets by itself: kind, time, order, instrument, account, strategy, source. */
const HEAD = [0, 1, 3, 4, 5, 6, 7] as const;
const WORDS = 16;
const RECEIVE_WORD = 2;
const FIELD_WORD = 8;

/** One event as the journal keeps it: its words, and the texts that an order brings. JSON has no infinities, so those are words in quotes. */
export interface RecordedEvent {
  readonly words: readonly (number | string)[];
  readonly reason?: string;
  readonly tag?: string;
}

/** The events from a place on, for a record of the kind `evidence`. */
export function eventsFrom(events: EventList, from: number): readonly RecordedEvent[] {
  const rows: RecordedEvent[] = [];
  for (let at = from; at < events.length; at += 1) {
    const words = Array.from({ length: WORDS }, (_, k) => wordOf(events.word(at, k)));
    const orderId = events.word(at, 3);
    const [reason, tag] = orderId === 0 ? ["", ""] : [events.reasonOf(orderId), events.tagOf(orderId)];
    rows.push({ words, ...(reason === "" ? {} : { reason }), ...(tag === "" ? {} : { tag }) });
  }
  return rows;
}

/** All events that a session recorded, in order: what it decided and what came of it, as it was then. `into` holds those before the first record. */
export function recordedEvents(records: Iterable<ReadRecord>, into = new EventList()): EventList {
  const events = into;
  for (const { kind, payload } of records) {
    if (kind !== "evidence" || !("events" in payload)) continue;
    for (const each of payload.events as readonly RecordedEvent[]) addEvent(events, each);
  }
  return events;
}

function addEvent(events: EventList, { words, reason, tag }: RecordedEvent): void {
  const numbers = words.map(Number);
  const [kind, timeUs, orderId, instrumentIndex, accountId, strategyId, source] = HEAD.map((k) => numbers[k]!) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const chunk = events.begin(kind as Parameters<EventList["begin"]>[0], timeUs, orderId, instrumentIndex, accountId, strategyId, source);
  chunk[events.offset - FIELD_WORD + RECEIVE_WORD] = numbers[RECEIVE_WORD]!;
  for (let k = FIELD_WORD; k < WORDS; k += 1) chunk[events.offset - FIELD_WORD + k] = numbers[k]!;
  if (orderId !== 0) events.setTexts(orderId, reason ?? "", tag ?? "");
}

/** Place of the first event, from 0, in which two lists differ, up to the end of the shorter `recorded`; `undefined` when they agree so far. */
export function firstOtherEvent(recorded: EventList, replayed: EventList): number | undefined {
  for (let at = Math.max(recorded.first, replayed.first); at < recorded.length; at += 1) {
    if (at >= replayed.length) return at;
    for (let k = 0; k < WORDS; k += 1) if (!Object.is(recorded.word(at, k), replayed.word(at, k))) return at;
  }
  return undefined;
}

function wordOf(value: number): number | string {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? "-0" : String(value);
}
