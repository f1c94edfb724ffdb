import { expect, test } from "vitest";
import { BarSeries } from "../market/bar-series.ts";
import type { OrderCommand, SubmitOrder } from "../model/command.ts";
import type { OrderFact } from "../model/fact.ts";
import { instrument } from "../model/instrument.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { buy, type Intent } from "../strategy/intent.ts";
import { Engine } from "./engine.ts";
import { engineOptions } from "./engine-options.ts";
import { FactDriver } from "./fact-driver.ts";

/** A live engine whose strategy wishes one entry on the first bar; the venue's part is played by hand. */
class Entry {
  readonly engine: Engine;
  private readonly driver: FactDriver;
  private seq = 0;

  constructor(wish: Intent, terms: { readonly stepLots?: number; readonly minNotional?: number } = {}) {
    this.engine = new Engine({
      instruments: [instrument({ id: "TEST@LIVE", lotScale: 3, ...terms })],
      series: [BarSeries.growing("main", 0, US_PER_MINUTE, 64, false)],
      strategy: defineStrategy({ name: "entry", create: () => ({ onBar: (bar) => (bar.index === 0 ? wish : undefined) }) })(),
      options: engineOptions({ capital: 100_000 }),
      live: true,
    });
    this.driver = new FactDriver(this.engine);
    const times = { timeUs: US_PER_MINUTE, receiveUs: US_PER_MINUTE } as const;
    const prices = { open: 100, high: 100, low: 100, close: 100, volume: 0 } as const;
    this.driver.process({ kind: "bar", seq: this.next(), ...times, seriesIndex: 0, openUs: 0, closeUs: US_PER_MINUTE, ...prices });
    this.driver.process({ kind: "step", seq: this.next(), ...times });
    this.driver.takeCommands();
  }

  news(event: OrderFact["event"], orderId: number, more: Partial<OrderFact> = {}): readonly OrderCommand[] {
    const blank = { venueOrderId: "", tradeId: 0, lots: 0, notional: 0, fee: 0, feeLots: 0, isMaker: false, cause: 0 } as const;
    const timeUs = US_PER_MINUTE + this.seq;
    this.driver.process({ kind: "order", seq: this.next(), timeUs, receiveUs: timeUs, event, orderId, ...blank, ...more });
    return this.driver.takeCommands();
  }

  /** A fill of the entry at 100; returns the stops that it sends. */
  fill(tradeId: number, lots: number, feeLots = 0): readonly SubmitOrder[] {
    const commands = this.news("filled", 1, { tradeId, lots, notional: lots * 100_000, feeLots });
    return commands.filter((each): each is SubmitOrder => each.kind === "submit" && each.triggerUnits > 0);
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
