import { CauseTable, EventKind, type EventList, type TimeUs } from "@tradepulse/core";

const WORDS = 16;
/** Word of who wanted an order; 0 is the strategy. */
const SOURCE = 7;
const BY_STRATEGY = CauseTable.findIndex(([name]) => name === "strategy");

/** Events of a run up to some instant. */
export interface EventPrefix {
  readonly events: EventList;
  readonly length: number;
}

/**
 * When two runs over the same bars up to `timeUs` part ways. `until` saw nothing after it: all its events must be the first ones
 * of `other`, and `other` must not have decided anything more up to that instant. `undefined` when they agree.
 */
export function firstDifference(until: EventPrefix, other: EventPrefix, timeUs: TimeUs): TimeUs | undefined {
  for (let index = 0; index < until.length; index += 1) {
    if (index >= other.length) return until.events.word(index, 1);
    for (let word = 0; word < WORDS; word += 1) {
      if (!Object.is(until.events.word(index, word), other.events.word(index, word))) {
        return Math.min(until.events.word(index, 1), other.events.word(index, 1));
      }
    }
  }
  if (other.length <= until.length) return undefined;
  return isDecision(other.events, until.length, timeUs) ? other.events.word(until.length, 1) : undefined;
}

/** What the next bar brings has the time of its open, which may be the close of the last: only what a strategy decides counts. */
function isDecision(events: EventList, index: number, timeUs: TimeUs): boolean {
  if (events.word(index, 1) > timeUs || events.word(index, SOURCE) !== 0) return false;
  const kind = events.word(index, 0);
  if (kind === EventKind.canceled) return events.word(index, 8) === BY_STRATEGY;
  return (
    kind === EventKind.submitted ||
    kind === EventKind.refused ||
    kind === EventKind.amended ||
    kind === EventKind.cancelRefused ||
    kind === EventKind.amendRefused
  );
}

/** When two whole runs part ways; `undefined` when they are the same. */
export function firstDifferenceOfWhole(a: EventList, b: EventList): TimeUs | undefined {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const at = firstDifference({ events: short, length: short.length }, { events: long, length: long.length }, Number.POSITIVE_INFINITY);
  return at ?? (long.length > short.length ? long.word(short.length, 1) : undefined);
}
