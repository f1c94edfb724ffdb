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

/** For tests: a live engine whose strategy wishes one entry on the first bar and `later` on those that follow; the venue's part is played by hand. */
export class Entry {
  readonly engine: Engine;
  private readonly driver: FactDriver;
  private seq = 0;
  private bars = 0;

  constructor(
    wish: Intent | readonly Intent[],
    terms: { readonly stepLots?: number; readonly minNotional?: number } = {},
    ...later: readonly (Intent | readonly Intent[])[]
  ) {
    this.engine = new Engine({
      instruments: [instrument({ id: "TEST@LIVE", lotScale: 3, ...terms })],
      series: [BarSeries.growing("main", 0, US_PER_MINUTE, 64, false)],
      strategy: defineStrategy({ name: "entry", create: () => ({ onBar: (bar) => [wish, ...later][bar.index] }) })(),
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

export const guarded = (quantity: number): Intent => buy({ quantity, stopLoss: { ratio: 0.05 } });
