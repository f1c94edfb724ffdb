import { expect, test } from "vitest";
import { causeCode } from "../model/event.ts";
import { buy, sell } from "../strategy/intent.ts";
import { Entry, guarded } from "./entry-by-hand.ts";

test("a stop sells what a fee in the base has left of its entry, and no venue refuses it for lack of coins", () => {
  const entry = new Entry(guarded(1));
  expect(entry.fill(1, 1_000, 1)).toMatchObject([{ side: -1, lots: 999 }]);
});

test("what is too little for a stop of its own is protected together with the next fill", () => {
  const entry = new Entry(guarded(1), { minNotional: 20_000_000 });
  expect(entry.fill(1, 100)).toEqual([]);
  expect(entry.fill(2, 400)).toMatchObject([{ lots: 500 }]);
});

test("what a step of the venue cuts off each stop is protected once it makes a step", () => {
  const entry = new Entry(guarded(1), { stepLots: 100 });
  const stops = [1, 2, 3].flatMap((tradeId) => entry.fill(tradeId, 300, 40));
  expect(stops.map(({ lots }) => lots)).toEqual([200, 300, 200]);
});

test("a fill that is told after the end of its entry is protected like any other", () => {
  const entry = new Entry(guarded(1));
  expect(entry.fill(1, 400)).toMatchObject([{ lots: 400 }]);
  entry.news("canceled", 1);
  expect(entry.fill(2, 600)).toMatchObject([{ lots: 600 }]);
});

test("what is too little for a stop of its own goes with the stop of another entry of the position", () => {
  const entry = new Entry([guarded(1), guarded(1)], { minNotional: 20_000_000 });
  expect(entry.fill(1, 100)).toEqual([]);
  expect(entry.bareLots).toBe(100);
  expect(entry.fill(2, 400, 0, 2)).toMatchObject([{ lots: 500 }]);
  expect(entry.bareLots).toBe(0);
});

test("a stop that the venue refuses is tried again with every bar, by another order, until it stands", () => {
  const entry = new Entry(guarded(1));
  const [stop] = entry.fill(1, 1_000);
  entry.news("rejected", stop!.orderId);
  expect(entry.bareLots).toBe(1_000);
  const [second] = entry.bar(100);
  expect(second).toMatchObject({ kind: "submit", side: -1, lots: 1_000, triggerUnits: stop!.triggerUnits });
  expect(second!.orderId).not.toBe(stop!.orderId);
  entry.news("rejected", second!.orderId);
  const [third] = entry.bar(100);
  entry.news("accepted", third!.orderId);
  expect([entry.bar(100), entry.bareLots]).toEqual([[], 0]);
});

test("a stop that the venue takes away is placed again; one that was canceled by wish is not", () => {
  const entry = new Entry(guarded(1));
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  entry.news("expired", stop!.orderId);
  const [again] = entry.bar(100);
  expect(again).toMatchObject({ lots: 1_000, triggerUnits: stop!.triggerUnits });
  entry.news("accepted", again!.orderId);
  entry.operate("cancel-all");
  entry.news("canceled", again!.orderId);
  expect([entry.bar(100), entry.bareLots]).toEqual([[], 0]);
});

test("when the price has passed a stop that could not be placed, its lots go at the market", () => {
  const entry = new Entry(guarded(1));
  const [stop] = entry.fill(1, 1_000);
  entry.news("rejected", stop!.orderId);
  expect(entry.bar(94)).toMatchObject([{ kind: "submit", type: 0, side: -1, lots: 1_000, triggerUnits: 0 }]);
});

test("a stop that its venue refuses because the price has passed it is sold at the market at once, and nothing but its own lots", () => {
  const entry = new Entry(guarded(1));
  const [stop] = entry.fill(1, 700);
  entry.news("accepted", stop!.orderId);
  const [late] = entry.fill(2, 300);
  expect(entry.news("rejected", late!.orderId, { cause: causeCode("has-passed") })).toMatchObject([
    { kind: "submit", side: -1, type: 0, lots: 300, triggerUnits: 0 },
  ]);
  expect(entry.news("rejected", late!.orderId + 1, { cause: causeCode("has-passed") })).toEqual([]);
});

test("a fill has its stop although an exit waits for the stop of an earlier one to make way", () => {
  const entry = new Entry(guarded(1), {}, sell({ quantity: 0.4 }));
  const [first] = entry.fill(1, 500);
  entry.news("accepted", first!.orderId);
  expect(entry.bar(100)).toMatchObject([{ kind: "cancel", orderId: first!.orderId }]);
  expect(entry.fill(2, 300)).toMatchObject([{ side: -1, lots: 300, triggerUnits: first!.triggerUnits }]);
});

test("what was sold otherwise needs no stop any more", () => {
  const entry = new Entry(guarded(1), { minNotional: 20_000_000 });
  entry.fill(1, 100);
  expect(entry.bareLots).toBe(100);
  entry.external(-1, 2, 100);
  expect([entry.bar(100), entry.bareLots]).toEqual([[], 0]);
});

test("a stop is for what no other order sells: a spot venue has locked the rest", () => {
  const entry = new Entry(guarded(1), {}, sell({ quantity: 0.4, limit: 120, reduceOnly: true }));
  const [first] = entry.fill(1, 600);
  entry.news("rejected", first!.orderId);
  const [second, own] = entry.bar(100);
  expect([second, own]).toMatchObject([{ lots: 600 }, { lots: 400, limitUnits: 12_000_000_000 }]);
  entry.news("accepted", own!.orderId);
  entry.news("rejected", second!.orderId);
  expect(entry.bar(100)).toMatchObject([{ lots: 200 }]);
  entry.news("canceled", own!.orderId);
  expect(entry.bar(100)).toMatchObject([{ lots: 400 }]);
});

test("when a touched target cannot be sent after its stop was taken away, the stop comes back", () => {
  const entry = new Entry(buy({ quantity: 1, stopLoss: 90, takeProfit: 110 }));
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  expect(entry.bar(111)).toMatchObject([{ kind: "cancel", orderId: stop!.orderId }]);
  const [target] = entry.news("canceled", stop!.orderId);
  expect(target).toMatchObject({ kind: "submit", type: 0, lots: 1_000 });
  expect(entry.news("rejected", target!.orderId)).toMatchObject([{ kind: "submit", lots: 1_000, triggerUnits: stop!.triggerUnits }]);
});
