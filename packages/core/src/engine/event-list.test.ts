import { describe, expect, test } from "vitest";
import { EventKind } from "../model/event.ts";
import { runHash } from "./digest.ts";
import { EventList } from "./event-list.ts";

/** Writes an event whose first field is `value`. */
function write(events: EventList, value: number, orderId = 1): void {
  const words = events.begin(EventKind.filled, value * 60, orderId, 2, 3, 4, 1);
  words[events.offset] = value;
}

describe("EventList", () => {
  test("gives an event back with its place, its common words and its fields", () => {
    const events = new EventList();
    const words = events.begin(EventKind.triggered, 1_000, 7, 2, 3, 4, 1);
    words[events.offset] = 5;
    words[events.offset + 7] = 6;
    expect(events.length).toBe(1);
    expect(events.record(0)).toEqual({
      seq: 1,
      kind: EventKind.triggered,
      timeUs: 1_000,
      receiveUs: 1_000,
      orderId: 7,
      instrumentIndex: 2,
      accountId: 3,
      strategyId: 4,
      source: 1,
      fields: [5, 0, 0, 0, 0, 0, 0, 6],
    });
  });

  test("begins every event with zero fields, also where it opens a new chunk", () => {
    const events = new EventList();
    for (let k = 0; k < 4_097; k += 1) events.begin(EventKind.accepted, k, 1, 0, 1, 1, 0);
    for (const index of [0, 4_095, 4_096]) expect(events.record(index).fields).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("keeps events in order across chunks, each found by its place", () => {
    const events = new EventList();
    const count = 2 * 4_096 + 3;
    for (let k = 0; k < count; k += 1) write(events, k);
    expect(events.length).toBe(count);
    for (const index of [0, 4_095, 4_096, 8_191, 8_192, count - 1]) {
      expect(events.word(index, 8)).toBe(index);
      expect(events.record(index)).toMatchObject({ seq: index + 1, timeUs: index * 60 });
    }
    expect(events.records().map((record) => record.fields[0])).toEqual(Array.from({ length: count }, (_, k) => k));
  });

  test("visits every word in order, and none beyond the last event", () => {
    const events = new EventList();
    for (let k = 0; k < 4_098; k += 1) write(events, k);
    const used: number[] = [];
    const values: number[] = [];
    events.forEachChunk((words, length) => {
      used.push(length);
      for (let at = 8; at < length; at += 16) values.push(words[at]!);
    });
    expect(used).toEqual([4_096 * 16, 2 * 16]);
    expect(values).toEqual(Array.from({ length: 4_098 }, (_, k) => k));
  });

  test("visits nothing when nothing happened, and no empty chunk at a border", () => {
    const visit = (events: EventList): number[] => {
      const used: number[] = [];
      events.forEachChunk((_words, length) => used.push(length));
      return used;
    };
    expect(visit(new EventList())).toEqual([]);
    const full = new EventList();
    for (let k = 0; k < 4_096; k += 1) write(full, k);
    expect(visit(full)).toEqual([4_096 * 16]);
  });

  test("keeps the reason and the tag of each order beside the events", () => {
    const events = new EventList();
    events.setTexts(2, "crossed", "entry");
    events.setTexts(3, "stopped", "");
    expect([events.reasonOf(2), events.tagOf(2)]).toEqual(["crossed", "entry"]);
    expect([events.reasonOf(3), events.tagOf(3)]).toEqual(["stopped", ""]);
    expect([events.reasonOf(1), events.tagOf(99)]).toEqual(["", ""]);
  });

  test("goes on after a list that it does not hold: places, digest and hash are those of one list", () => {
    const whole = new EventList();
    const first = new EventList();
    for (let k = 0; k < 5_000; k += 1) write(whole, k);
    for (let k = 0; k < 4_100; k += 1) write(first, k);
    const next = new EventList();
    next.resume(first.carry());
    expect([next.first, next.length, next.records()]).toEqual([4_100, 4_100, []]);
    expect(runHash(next)).toBe(runHash(first));
    for (let k = 4_100; k < 5_000; k += 1) write(next, k);
    expect(next.word(4_100, 8)).toBe(4_100);
    expect(next.record(4_999)).toEqual(whole.record(4_999));
    expect(next.records()).toEqual(whole.records().slice(4_100));
    expect(runHash(next)).toBe(runHash(whole));
    expect(next.carry()).toEqual(whole.carry());
    expect(() => next.word(4_099, 0)).toThrow("event 4099 is read, held are events 4100 to 4999");
  });

  test("release() holds no more than was asked for, and the hash of the run stays what it would have been, carried on the way or not", () => {
    const held = new EventList();
    const released = new EventList();
    const carriedToo = new EventList();
    for (let value = 1; value <= 50_000; value += 1) {
      for (const events of [held, released, carriedToo]) write(events, value, value);
      if (value % 777 === 0) released.release(released.length - 5_000);
      if (value % 1_000 === 0) carriedToo.carry();
      if (value % 3_001 === 0) carriedToo.release(carriedToo.length);
    }
    expect(released.length).toBe(50_000);
    expect(released.length - released.first).toBeLessThan(5_000 + 4_096 + 777);
    expect([runHash(released), runHash(carriedToo)]).toEqual([runHash(held), runHash(held)]);
    expect([released.carry(), carriedToo.carry()]).toEqual([held.carry(), held.carry()]);
    expect(released.record(49_999)).toEqual(held.record(49_999));
    expect(() => released.record(0)).toThrow("held are events");
    // Nothing is left that was asked for, and it goes on.
    released.release(released.length);
    write(released, 50_001);
    write(held, 50_001);
    expect(runHash(released)).toBe(runHash(held));
  });
});
