import { expect, test } from "vitest";
import { BarSeries } from "../market/bar-series.ts";
import type { OrderCommand } from "../model/command.ts";
import { causeCode } from "../model/event.ts";
import type { OrderFact } from "../model/fact.ts";
import { instrument } from "../model/instrument.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import { riskEngine } from "../risk/risk-engine.ts";
import { type BoundStrategy, defineStrategy } from "../strategy/define-strategy.ts";
import { amend, buy, cancelAll, close, type Intent, oneCancelsOther, sell } from "../strategy/intent.ts";
import { tape } from "../testing/tape.ts";
import { Engine } from "./engine.ts";
import { engineOptions } from "./engine-options.ts";
import { FactDriver } from "./fact-driver.ts";

const UNITS = 1e8;

/** A live engine with one instrument, driven by hand: bars, and news of orders. */
class Session {
  readonly engine: Engine;
  readonly driver: FactDriver;
  private seq = 0;
  private timeUs = 0;

  constructor(strategy: BoundStrategy, capital = 1_000, terms: { readonly stepLots?: number } = {}) {
    const instruments = [instrument({ id: "TEST@LIVE", lotScale: 0, ...terms })];
    this.engine = new Engine({
      instruments,
      series: [BarSeries.growing("main", 0, US_PER_MINUTE, 64, false)],
      strategy,
      options: engineOptions({ capital, risk: riskEngine({ maxPosition: 50 }, instruments) }),
      live: true,
    });
    this.driver = new FactDriver(this.engine);
  }

  bar(open: number, high = open, low = open, close = open): readonly OrderCommand[] {
    const openUs = this.timeUs;
    this.timeUs += US_PER_MINUTE;
    const head = { timeUs: this.timeUs, receiveUs: this.timeUs } as const;
    this.seq += 1;
    this.driver.process({
      kind: "bar",
      seq: this.seq,
      ...head,
      seriesIndex: 0,
      openUs,
      closeUs: this.timeUs,
      open,
      high,
      low,
      close,
      volume: 0,
    });
    this.seq += 1;
    this.driver.process({ kind: "step", seq: this.seq, ...head });
    return this.driver.takeCommands();
  }

  news(event: OrderFact["event"], orderId: number, more: Partial<OrderFact> = {}): readonly OrderCommand[] {
    this.seq += 1;
    const blank = { venueOrderId: "", tradeId: 0, lots: 0, notional: 0, fee: 0, feeLots: 0, isMaker: false, cause: 0 } as const;
    this.driver.process({ kind: "order", seq: this.seq, timeUs: this.timeUs, receiveUs: this.timeUs, event, orderId, ...blank, ...more });
    return this.driver.takeCommands();
  }

  fill(orderId: number, tradeId: number, lots: number, price: number): readonly OrderCommand[] {
    return this.news("filled", orderId, { tradeId, lots, notional: lots * price * 1e6 });
  }

  external(fill: { readonly side: 1 | -1; readonly tradeId: number; readonly lots: number; readonly notional: number }): void {
    this.seq += 1;
    this.driver.process({
      kind: "external",
      seq: this.seq,
      timeUs: this.timeUs,
      receiveUs: this.timeUs,
      instrumentIndex: 0,
      fee: 0,
      feeLots: 0,
      ...fill,
    });
  }

  get lots(): number {
    return this.engine.account.signedLots(0);
  }

  get tape(): string {
    return tape(this.engine.events, this.engine.instruments, "all");
  }
}

/** Returns its wishes by the number of the bar. */
const scripted = (wishes: Readonly<Record<number, Intent | readonly Intent[]>>): BoundStrategy =>
  defineStrategy({ name: "scripted", create: () => ({ onBar: (bar) => wishes[bar.index] }) })();

test("a live engine issues commands and waits for news: nothing fills by itself", () => {
  const session = new Session(scripted({ 0: buy({ quantity: 4, limit: 9, reason: "dip" }) }));
  const commands = session.bar(10);
  expect(commands).toMatchObject([{ kind: "submit", seq: 1, orderId: 1, side: 1, lots: 4, limitUnits: 9 * UNITS }]);
  session.bar(8);
  expect(session.lots).toBe(0);
  session.news("accepted", 1);
  session.fill(1, 77, 4, 9);
  expect(session.lots).toBe(4);
  expect(session.tape).toMatchInlineSnapshot(`
    "00:01  order #1 buy 4 limit 9: dip
    00:02  accepted #1
    00:02  fill  #1 buy 4 @ 9"
  `);
});

test("a fill counts exactly once, whatever is delivered again and in whatever order", () => {
  const session = new Session(scripted({ 0: buy({ quantity: 4, limit: 9 }) }));
  session.bar(10);
  // The fill comes before the acknowledgement, twice, and the acknowledgement after it.
  session.fill(1, 77, 1, 9);
  session.fill(1, 77, 1, 9);
  session.news("accepted", 1);
  session.fill(1, 78, 3, 9);
  session.fill(1, 77, 1, 9);
  expect(session.lots).toBe(4);
  expect(session.engine.facts!.counts).toMatchObject({ duplicateFills: 2, staleNews: 1, lateFills: 0 });
});

test("an unknown outcome keeps its reservation, blocks new risk, and ends by evidence only", () => {
  const session = new Session(scripted({ 0: buy({ quantity: 4, limit: 9 }), 1: buy({ quantity: 1 }), 3: buy({ quantity: 1 }) }));
  session.bar(10);
  session.news("unknown", 1);
  const reserved = session.engine.account.reserved;
  expect(reserved).toBeGreaterThan(0);
  expect(session.bar(10)).toEqual([]);
  for (let bars = 0; bars < 1; bars += 1) session.bar(10);
  expect(session.engine.account.reserved).toBe(reserved);
  session.news("rejected", 1, { cause: causeCode("absent") });
  expect(session.engine.account.reserved).toBe(0);
  expect(session.bar(10)).toMatchObject([{ kind: "submit", lots: 1 }]);
  expect(session.tape).toContain("(in-doubt)");
});

test("an unknown order that did fill is adopted with its fills", () => {
  const session = new Session(scripted({ 0: buy({ quantity: 4 }) }));
  session.bar(10);
  session.news("unknown", 1);
  session.fill(1, 5, 4, 10);
  expect(session.lots).toBe(4);
  expect(session.engine.facts!.mayTakeRisk(0)).toBe(true);
});

test("cancel is not a fact until proved: a fill in the race counts, and one after the proof counts too", () => {
  const session = new Session(scripted({ 0: buy({ quantity: 4, limit: 9 }), 1: cancelAll() }));
  session.bar(10);
  session.news("accepted", 1);
  expect(session.bar(10)).toMatchObject([{ kind: "cancel", orderId: 1 }]);
  session.fill(1, 1, 1, 9);
  expect(session.engine.account.reserved).toBeGreaterThan(0);
  session.news("canceled", 1, { cause: causeCode("strategy") });
  expect(session.engine.account.reserved).toBe(0);
  session.fill(1, 2, 1, 9);
  expect(session.lots).toBe(2);
  expect(session.engine.facts!.counts.lateFills).toBe(1);
});

test("more filled than ordered halts trading and is never clamped", () => {
  const session = new Session(scripted({ 0: buy({ quantity: 4 }), 1: buy({ quantity: 1 }) }));
  session.bar(10);
  session.fill(1, 1, 4, 10);
  session.fill(1, 2, 1, 10);
  expect(session.lots).toBe(5);
  expect(session.bar(10)).toEqual([]);
  expect(session.tape).toContain("trading is halted");
});

test("the stop of a bracket rests at the venue; its target goes out after the stop's cancel is proved", () => {
  const session = new Session(scripted({ 0: buy({ quantity: 4, stopLoss: 8, takeProfit: 12 }) }));
  session.bar(10);
  const afterFill = session.fill(1, 1, 4, 10);
  expect(afterFill).toMatchObject([{ kind: "submit", side: -1, triggerUnits: 8 * UNITS }]);
  session.news("accepted", 2);
  expect(session.bar(11, 12.5, 11, 12)).toMatchObject([{ kind: "cancel", orderId: 2 }]);
  expect(session.news("canceled", 2, { cause: causeCode("parent") })).toMatchObject([{ kind: "submit", orderId: 3, side: -1, lots: 4 }]);
});

test("reduce-only is kept by the engine itself, since a spot venue knows none: what would open is not sent, what would pass the position is cut to it", () => {
  const session = new Session(
    scripted({
      0: buy({ quantity: 4, reduceOnly: true, limit: 9 }),
      1: buy({ quantity: 4 }),
      2: sell({ quantity: 9, reduceOnly: true, limit: 12 }),
    }),
  );
  expect(session.bar(10)).toEqual([]);
  expect(session.tape).toContain("canceled #1");
  session.bar(10);
  session.fill(2, 1, 4, 10);
  expect(session.bar(10)).toMatchObject([{ kind: "submit", orderId: 3, side: -1, lots: 4 }]);
});

test("a strategy that fails is stopped, its open orders are canceled, trading halts, and fills are still booked", () => {
  let reactions = 0;
  const failing = defineStrategy({
    name: "failing",
    create: () => ({
      onBar(bar) {
        reactions += 1;
        if (bar.index === 0) return buy({ quantity: 4, limit: 9 });
        throw new RangeError("nothing I know");
      },
    }),
  });
  const session = new Session(failing());
  session.bar(10);
  session.news("accepted", 1);
  expect(session.bar(10)).toMatchObject([{ kind: "cancel", orderId: 1 }]);
  session.fill(1, 7, 4, 9);
  session.bar(10);
  expect(reactions).toBe(2);
  expect(session.lots).toBe(4);
  expect(session.engine.strategyStop.failure?.code).toBe("TP_STRATEGY_THREW");
  expect(session.engine.options.risk?.tradingState).toBe(2);
});

test("both orders of a group count in the worst case of a live account: at the venue each fills by itself", () => {
  const session = new Session(scripted({ 0: oneCancelsOther(buy({ quantity: 40, limit: 9 }), buy({ quantity: 40, stop: 11 })) }));
  expect(session.bar(10)).toMatchObject([{ kind: "submit", orderId: 1, lots: 40 }]);
  expect(session.tape).toContain("(max-position)");
});

test("what leaves is whole steps: a position between two of them is sold up to the last", () => {
  const session = new Session(scripted({ 1: close() }), 1_000, { stepLots: 10 });
  session.bar(10);
  session.external({ side: 1, tradeId: 5, lots: 47, notional: 470e6 });
  expect(session.bar(10)).toMatchObject([{ kind: "submit", side: -1, lots: 40 }]);
});

test("a trade between two foreign orders of the account counts on both sides, each once", () => {
  const session = new Session(scripted({}));
  session.bar(10);
  session.external({ side: 1, tradeId: 5, lots: 4, notional: 40e6 });
  session.external({ side: -1, tradeId: 5, lots: 4, notional: 40e6 });
  session.external({ side: 1, tradeId: 5, lots: 4, notional: 40e6 });
  expect(session.lots).toBe(0);
});

test("a reduction that is still on its way is not sent again: the position does not know of it yet", () => {
  const session = new Session(scripted({ 0: buy({ quantity: 4 }), 1: close(), 2: close(), 3: close() }));
  session.bar(10);
  session.fill(1, 1, 4, 10);
  expect(session.bar(10)).toMatchObject([{ kind: "submit", orderId: 2, side: -1, lots: 4 }]);
  expect(session.bar(10)).toEqual([]);
  session.fill(2, 2, 1, 10);
  session.news("canceled", 2, { cause: causeCode("strategy") });
  expect(session.bar(10)).toMatchObject([{ kind: "submit", side: -1, lots: 3 }]);
});

test("a live order keeps the terms that it was sent with: an amendment is refused, not remembered", () => {
  const session = new Session(scripted({ 0: buy({ quantity: 4, limit: 9, tag: "entry" }), 1: amend({ tag: "entry" }, { quantity: 1 }) }));
  session.bar(10);
  session.news("accepted", 1);
  expect(session.bar(10)).toEqual([]);
  session.fill(1, 1, 4, 9);
  expect(session.lots).toBe(4);
  expect(session.engine.facts!.counts.overfills).toBe(0);
  expect(session.tape).toContain("amend");
});

test("an entry that fills in parts gets a stop for each of them, since a stop at a venue cannot grow", () => {
  const session = new Session(scripted({ 0: buy({ quantity: 4, limit: 9, stopLoss: 8 }) }));
  session.bar(10);
  expect(session.fill(1, 1, 1, 9)).toMatchObject([{ kind: "submit", side: -1, lots: 1, triggerUnits: 8 * UNITS }]);
  expect(session.fill(1, 2, 3, 9)).toMatchObject([{ kind: "submit", side: -1, lots: 3, triggerUnits: 8 * UNITS }]);
});

test("a position below zero is never bought back on a cash account: it only says that something was not read yet", () => {
  const session = new Session(scripted({ 1: close() }));
  session.bar(10);
  session.external({ side: -1, tradeId: 5, lots: 4, notional: 40e6 });
  expect(session.lots).toBe(-4);
  expect(session.bar(10)).toEqual([]);
});

test("an order that is called rejected after a fill ends as canceled: what has filled stays", () => {
  const session = new Session(scripted({ 0: buy({ quantity: 4, limit: 9 }) }));
  session.bar(10);
  session.fill(1, 1, 1, 9);
  session.news("rejected", 1, { cause: causeCode("venue") });
  expect(session.lots).toBe(1);
  expect(session.engine.openOrderIds()).toEqual([]);
  expect(session.tape).toContain("canceled #1");
});
