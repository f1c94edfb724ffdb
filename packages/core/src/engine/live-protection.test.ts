import { expect, test } from "vitest";
import { BarSeries } from "../market/bar-series.ts";
import type { OrderCommand, SubmitOrder } from "../model/command.ts";
import type { OrderFact } from "../model/fact.ts";
import { instrument } from "../model/instrument.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { buy, close, type Intent, sell } from "../strategy/intent.ts";
import { Engine } from "./engine.ts";
import { engineOptions } from "./engine-options.ts";
import { FactDriver } from "./fact-driver.ts";

/** A live engine whose strategy wishes one entry on the first bar; the venue's part is played by hand. */
class Entry {
  readonly engine: Engine;
  private readonly driver: FactDriver;
  private seq = 0;
  private bars = 0;

  constructor(
    wish: Intent | readonly Intent[],
    terms: { readonly stepLots?: number; readonly minNotional?: number } = {},
    second?: Intent | readonly Intent[],
  ) {
    this.engine = new Engine({
      instruments: [instrument({ id: "TEST@LIVE", lotScale: 3, ...terms })],
      series: [BarSeries.growing("main", 0, US_PER_MINUTE, 64, false)],
      strategy: defineStrategy({ name: "entry", create: () => ({ onBar: (bar) => [wish, second][bar.index] }) })(),
      options: engineOptions({ capital: 100_000 }),
      live: true,
    });
    this.driver = new FactDriver(this.engine);
    this.bar(100);
  }

  /** A bar at one price; returns what it sends. */
  bar(price: number): readonly OrderCommand[] {
    const openUs = this.bars * US_PER_MINUTE;
    this.bars += 1;
    const closeUs = this.bars * US_PER_MINUTE;
    const times = { timeUs: closeUs, receiveUs: closeUs } as const;
    const prices = { open: price, high: price, low: price, close: price, volume: 0 } as const;
    this.driver.process({ kind: "bar", seq: this.next(), ...times, seriesIndex: 0, openUs, closeUs, ...prices });
    this.driver.process({ kind: "step", seq: this.next(), ...times });
    return this.driver.takeCommands();
  }

  /** Lots without the stop that their entry asked for. */
  get bareLots(): number {
    return this.engine.account.portfolio.position(0).bareLots;
  }

  ended(orderId: number): boolean {
    return this.engine.orderState(orderId)?.mayFill === false;
  }

  news(event: OrderFact["event"], orderId: number, more: Partial<OrderFact> = {}): readonly OrderCommand[] {
    const blank = { venueOrderId: "", tradeId: 0, lots: 0, notional: 0, fee: 0, feeLots: 0, isMaker: false, cause: 0 } as const;
    const timeUs = this.bars * US_PER_MINUTE + this.seq;
    this.driver.process({ kind: "order", seq: this.next(), timeUs, receiveUs: timeUs, event, orderId, ...blank, ...more });
    return this.driver.takeCommands();
  }

  /** A fill of the entry at 100; returns the stops that it sends. */
  fill(tradeId: number, lots: number, feeLots = 0, orderId = 1): readonly SubmitOrder[] {
    const commands = this.news("filled", orderId, { tradeId, lots, notional: lots * 100_000, feeLots });
    return commands.filter((each): each is SubmitOrder => each.kind === "submit" && each.triggerUnits > 0);
  }

  operate(action: "cancel-all" | "flatten"): readonly OrderCommand[] {
    const timeUs = this.bars * US_PER_MINUTE + this.seq;
    this.driver.process({ kind: "operator", seq: this.next(), timeUs, receiveUs: timeUs, action, reason: "a person" });
    return this.driver.takeCommands();
  }

  /** A trade by somebody else on the same account, at 100. */
  external(side: 1 | -1, tradeId: number, lots: number): void {
    const timeUs = this.bars * US_PER_MINUTE + this.seq;
    const amounts = { lots, notional: lots * 100_000, fee: 0, feeLots: 0 };
    this.driver.process({ kind: "external", seq: this.next(), timeUs, receiveUs: timeUs, instrumentIndex: 0, side, tradeId, ...amounts });
  }

  private next(): number {
    this.seq += 1;
    return this.seq;
  }
}

const guarded = (quantity: number): Intent => buy({ quantity, stopLoss: { ratio: 0.05 } });

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
