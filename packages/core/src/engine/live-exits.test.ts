import { expect, test } from "vitest";
import { buy, cancel, close, sell } from "../strategy/intent.ts";
import { Entry, guarded } from "./entry-by-hand.ts";

test("an exit at the market waits for the stop that has locked its coins, and goes when the stop has ended", () => {
  const entry = new Entry(guarded(1), {}, close());
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  expect(entry.bar(100)).toMatchObject([{ kind: "cancel", orderId: stop!.orderId }]);
  expect(entry.bar(100)).toEqual([]);
  const [exit] = entry.news("canceled", stop!.orderId);
  expect(exit).toMatchObject({ kind: "submit", type: 0, side: -1, lots: 1_000 });
  entry.news("filled", exit!.orderId, { tradeId: 2, lots: 1_000, notional: 100_000_000 });
  expect([entry.bar(100), entry.bareLots]).toEqual([[], 0]);
});

test("a stop that cannot make way stays: the exit ends, a target waits for its next touch, and neither is without a stop", () => {
  const entry = new Entry(buy({ quantity: 1, stopLoss: 90, takeProfit: 110 }), {}, sell({ quantity: 0.4 }));
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  expect(entry.bar(100)).toMatchObject([{ kind: "cancel", orderId: stop!.orderId, makesWayFor: 4 }]);
  expect([entry.news("cancel-failed", stop!.orderId), entry.ended(4)]).toEqual([[], true]);
  expect(entry.bar(111)).toMatchObject([{ kind: "cancel", orderId: stop!.orderId, makesWayFor: 3 }]);
  entry.news("cancel-failed", stop!.orderId);
  expect([entry.ended(3), entry.bar(109), entry.bareLots]).toEqual([false, [], 0]);
  expect(entry.bar(110)).toMatchObject([{ kind: "cancel", orderId: stop!.orderId, makesWayFor: 3 }]);
  expect(entry.news("canceled", stop!.orderId)).toMatchObject([{ kind: "submit", type: 0, lots: 1_000, limitUnits: 0 }]);
});

test("a refused exit takes no other with it: those that waited beside it ask for themselves", () => {
  const entry = new Entry(guarded(1), {}, close());
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  expect(entry.bar(100)).toMatchObject([{ kind: "cancel", makesWayFor: 3 }]);
  expect(entry.operate("flatten")).toEqual([]);
  expect(entry.news("cancel-failed", stop!.orderId)).toMatchObject([{ kind: "cancel", orderId: stop!.orderId, makesWayFor: 4 }]);
  expect([entry.ended(3), entry.ended(4)]).toEqual([true, false]);
  expect(entry.news("canceled", stop!.orderId)).toMatchObject([{ kind: "submit", orderId: 4, lots: 1_000 }]);
});

test("when the exit is taken back that a stop made way for, the target stays behind and the stop comes again", () => {
  const entry = new Entry(
    buy({ quantity: 1, stopLoss: 90, takeProfit: 110 }),
    {},
    sell({ quantity: 0.4, tag: "part" }),
    cancel({ tag: "part" }),
  );
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  entry.bar(100);
  expect([entry.bar(100), entry.ended(4)]).toEqual([[], true]);
  expect(entry.news("canceled", stop!.orderId)).toMatchObject([{ kind: "submit", lots: 1_000, triggerUnits: stop!.triggerUnits }]);
});

test("a person's way out waits for a limit at once that may fill or not, and goes when that came to nothing", () => {
  const entry = new Entry(buy({ quantity: 1 }), {}, sell({ quantity: 1, limit: 105, timeInForce: "IOC" }));
  entry.fill(1, 1_000);
  const [limit] = entry.bar(100);
  expect(limit).toMatchObject({ kind: "submit", lots: 1_000 });
  expect(entry.operate("flatten")).toEqual([]);
  expect(entry.news("expired", limit!.orderId)).toMatchObject([{ kind: "submit", type: 0, side: -1, lots: 1_000 }]);
});

test("a person's way out ends when a limit at once has sold everything before it", () => {
  const entry = new Entry(buy({ quantity: 1 }), {}, sell({ quantity: 1, limit: 95, timeInForce: "IOC" }));
  entry.fill(1, 1_000);
  const [limit] = entry.bar(100);
  entry.operate("flatten");
  expect(entry.news("filled", limit!.orderId, { tradeId: 2, lots: 1_000, notional: 100_000_000 })).toEqual([]);
  expect(entry.ended(limit!.orderId + 1)).toBe(true);
});

test("an exit that is too small for the venue takes no stop away", () => {
  const entry = new Entry(guarded(1), { minNotional: 5_000_000 }, close({ fraction: 0.01 }));
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  expect([entry.bar(100), entry.ended(3), entry.bareLots]).toEqual([[], true, 0]);
});

test("a person's word takes a stop away for certain that was only to make way", () => {
  const entry = new Entry(guarded(1), {}, close());
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  entry.bar(100);
  const commands = entry.operate("cancel-all");
  expect(commands).toMatchObject([{ kind: "cancel", orderId: stop!.orderId }]);
  expect(commands[0]).not.toHaveProperty("makesWayFor");
});

test("sales that wait for the same stop sell together no more than is held", () => {
  const entry = new Entry(guarded(1), {}, [sell({ quantity: 0.7 }), sell({ quantity: 0.7 })]);
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  expect(entry.bar(100)).toHaveLength(1);
  expect(entry.news("canceled", stop!.orderId)).toMatchObject([{ lots: 700 }, { lots: 300 }]);
});

test("an exit that waits sells no more than the stop has left when it filled after all", () => {
  const entry = new Entry(guarded(1), {}, close());
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  entry.bar(100);
  entry.news("filled", stop!.orderId, { tradeId: 2, lots: 400, notional: 38_000_000 });
  expect(entry.news("canceled", stop!.orderId)).toMatchObject([{ kind: "submit", lots: 600 }]);
});

test("what a sale in part leaves of a position has its stop again at once", () => {
  const entry = new Entry(guarded(1), {}, sell({ quantity: 0.4 }));
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  expect(entry.bar(100)).toMatchObject([{ kind: "cancel" }]);
  const [exit] = entry.news("canceled", stop!.orderId);
  expect(exit).toMatchObject({ kind: "submit", lots: 400 });
  const after = entry.news("filled", exit!.orderId, { tradeId: 2, lots: 400, notional: 40_000_000 });
  expect(after).toMatchObject([{ kind: "submit", lots: 600, triggerUnits: stop!.triggerUnits }]);
});

test("only as many stops make way as an exit needs", () => {
  const entry = new Entry(guarded(1), {}, sell({ quantity: 0.3 }));
  const [first] = entry.fill(1, 500);
  const [second] = entry.fill(2, 500);
  for (const stop of [first, second]) entry.news("accepted", stop!.orderId);
  expect(entry.bar(100)).toMatchObject([{ kind: "cancel", orderId: second!.orderId }]);
});

test("no other stop makes way for what a fee has left between two steps of the venue", () => {
  const entry = new Entry(
    buy({ quantity: 0.5, stopLoss: 90, takeProfit: 110 }),
    { stepLots: 100 },
    buy({ quantity: 0.5, stopLoss: 90, takeProfit: 120 }),
  );
  const [first] = entry.fill(1, 500, 1);
  entry.news("accepted", first!.orderId);
  const [next] = entry.bar(100);
  const [second] = entry.fill(2, 500, 1, next!.orderId);
  entry.news("accepted", second!.orderId);
  expect([first!.lots, second!.lots]).toEqual([400, 500]);
  expect(entry.bar(111)).toMatchObject([{ kind: "cancel", orderId: first!.orderId }]);
  // 998 are held, 500 of them locked: the target of 499 goes out as 400.
  expect(entry.news("canceled", first!.orderId)).toMatchObject([{ kind: "submit", type: 0, lots: 400 }]);
});

test("a target beside a stop that made way for a sale in part goes on waiting for the bar that touches it", () => {
  const entry = new Entry(buy({ quantity: 1, stopLoss: 90, takeProfit: 110 }), {}, sell({ quantity: 0.4 }));
  const [stop] = entry.fill(1, 1_000);
  entry.news("accepted", stop!.orderId);
  entry.bar(100);
  const [exit, ...more] = entry.news("canceled", stop!.orderId);
  expect([exit, more]).toMatchObject([{ kind: "submit", type: 0, lots: 400 }, []]);
  const [again] = entry.news("filled", exit!.orderId, { tradeId: 2, lots: 400, notional: 40_000_000 });
  entry.news("accepted", again!.orderId);
  expect(entry.bar(111)).toMatchObject([{ kind: "cancel", orderId: again!.orderId }]);
  expect(entry.news("canceled", again!.orderId)).toMatchObject([{ kind: "submit", type: 0, lots: 600 }]);
});

for (const words of [["flatten", "cancel-all"], ["cancel-all", "flatten"], ["flatten"]] as const) {
  test(`a person's ${words.join(" and ")} gets out of a position whose stop locks its coins`, () => {
    const entry = new Entry(guarded(1));
    const [stop] = entry.fill(1, 1_000);
    entry.news("accepted", stop!.orderId);
    const commands = words.flatMap((word) => entry.operate(word));
    expect(new Set(commands.map(({ kind, orderId }) => `${kind} ${orderId}`))).toEqual(new Set([`cancel ${stop!.orderId}`]));
    const [exit] = entry.news("canceled", stop!.orderId);
    expect(exit).toMatchObject({ kind: "submit", type: 0, side: -1, lots: 1_000 });
    entry.news("filled", exit!.orderId, { tradeId: 2, lots: 1_000, notional: 100_000_000 });
    expect([entry.bar(100), entry.bareLots]).toEqual([[], 0]);
  });
}
