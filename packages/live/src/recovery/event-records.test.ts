import { EventKind, EventList, runHash } from "@tradepulse/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eventsFrom, firstOtherEvent, recordedEvents } from "./event-records.ts";

function listOf(rows: readonly (readonly number[])[]): EventList {
  const events = new EventList();
  for (const row of rows) {
    const words = events.begin(EventKind.filled, row[0]!, 1 + (Math.abs(Math.trunc(row[1]!)) % 5), 0, 1, 0, 0);
    for (let k = 0; k < 8; k += 1) words[events.offset + k] = row[2 + k]!;
  }
  return events;
}

const anyRow = fc
  .array(fc.oneof(fc.double(), fc.integer()), { minLength: 10, maxLength: 10 })
  .map(([time, ...rest]) => [Math.abs(Math.trunc(time! || 0) % 1e15), ...rest]);

test("law: events come back from their records word for word, through JSON and in parts", () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 8 }), fc.nat(8), (rows, cut) => {
      const events = listOf(rows);
      const part = listOf(rows.slice(0, cut));
      const records = [eventsFrom(part, 0), eventsFrom(events, part.length)].map((each, k) => ({
        seq: k + 1,
        kind: "evidence",
        payload: JSON.parse(JSON.stringify({ events: each })) as object,
      }));
      const read = recordedEvents(records);
      expect(read.length).toBe(events.length);
      expect(runHash(read)).toBe(runHash(events));
      expect(firstOtherEvent(read, events)).toBeUndefined();
    }),
  );
});

test("firstOtherEvent() names the first event that differs, or is missing in the replay", () => {
  const rows = [1, 2, 3].map((time) => [time, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(firstOtherEvent(listOf(rows), listOf([rows[0]!, [2, 0, 7, 0, 0, 0, 0, 0, 0, 0], rows[2]!]))).toBe(1);
  expect(firstOtherEvent(listOf(rows), listOf(rows.slice(0, 2)))).toBe(2);
  expect(firstOtherEvent(listOf(rows.slice(0, 2)), listOf(rows))).toBeUndefined();
});
