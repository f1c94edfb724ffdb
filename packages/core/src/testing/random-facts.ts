import type { OrderCommand } from "../model/command.ts";
import { causeCode } from "../model/event.ts";
import type { Fact, OperatorFact, OrderFact } from "../model/fact.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import { Dice } from "./dice.ts";

/** A fact without its place: whoever feeds the engine numbers it. */
export type LooseFact = Fact extends infer F ? (F extends Fact ? Omit<F, "seq" | "receiveUs"> : never) : never;

interface KnownOrder {
  readonly orderId: number;
  readonly instrumentIndex: number;
  readonly lots: number;
  readonly units: number;
  filled: number;
  hasEnded: boolean;
}

const OPERATOR: readonly OperatorFact["action"][] = [
  "halt",
  "reduce-only",
  "enable",
  "enable",
  "enable",
  "cancel-all",
  "flatten",
  "hold",
  "release",
  "release",
];
const PRICE_UNITS = 1e8;

/**
 * A world out of dice around a live engine: bars of several series with holes, and everything that a venue, a person and a guard may say, in any
 * order: fills in parts, twice, late, before the acknowledgement, beyond the quantity; outcomes unknown; trades of others; money that comes and goes.
 * What it says depends on the seed and on the commands that it is told of, never on the engine.
 */
export class RandomFacts {
  private readonly dice: Dice;
  private readonly orders: KnownOrder[] = [];
  private readonly told: OrderFact[] = [];
  private readonly closes: number[];
  /** Bars built from the first series' minutes: a series with index `instruments` of this many minutes; 0 for none. */
  private readonly longMinutes: number;
  private minute = 0;
  private tradeId = 0;

  constructor(seed: number, instruments: number, longMinutes = 0) {
    this.dice = new Dice(seed);
    this.closes = Array.from({ length: instruments }, () => this.dice.whole(2_000, 20_000));
    this.longMinutes = longMinutes;
  }

  /** The engine issued these on the facts before. */
  take(commands: readonly OrderCommand[]): void {
    for (const command of commands) {
      if (command.kind !== "submit") continue;
      const { orderId, instrumentIndex, lots } = command;
      const units = command.limitUnits || command.triggerUnits || this.closes[instrumentIndex]! * (PRICE_UNITS / 100);
      this.orders.push({ orderId, instrumentIndex, lots, units, filled: 0, hasEnded: false });
    }
  }

  /** What happens next: one fact, or the facts of one minute with now and then something in between. */
  next(): LooseFact[] {
    return this.dice.chance(0.5) ? this.bars() : [this.news()];
  }

  private bars(): LooseFact[] {
    const { dice } = this;
    this.minute += dice.chance(0.1) ? dice.whole(2, 90) : 1;
    const closeUs = this.minute * US_PER_MINUTE;
    const facts: LooseFact[] = [];
    for (const index of this.closes.keys()) {
      if (index > 0 && dice.chance(0.2)) continue;
      if (index === 0 && this.longMinutes > 0 && this.minute % this.longMinutes === 0) {
        facts.push(this.bar(this.closes.length, closeUs - this.longMinutes * US_PER_MINUTE, closeUs, 0));
      }
      facts.push(this.bar(index, closeUs - US_PER_MINUTE, closeUs, index));
      // Bars and their instant are pushed together by a session; the engine must stand it if they are not.
      if (dice.chance(0.1)) facts.push(this.news());
    }
    facts.push({ kind: "step", timeUs: closeUs });
    return facts;
  }

  private bar(seriesIndex: number, openUs: number, closeUs: number, instrument: number): LooseFact {
    const { dice, closes } = this;
    const open = closes[instrument]!;
    const close = Math.max(100, open + dice.whole(-60, 60));
    closes[instrument] = close;
    const high = Math.max(open, close) + dice.whole(0, 60);
    const low = Math.max(50, Math.min(open, close) - dice.whole(0, 60));
    const price = { open: open / 100, high: high / 100, low: low / 100, close: close / 100, volume: dice.whole(0, 100) };
    return { kind: "bar", timeUs: closeUs, seriesIndex, openUs, closeUs, ...price };
  }

  private news(): LooseFact {
    const { dice } = this;
    const timeUs = this.minute * US_PER_MINUTE;
    const instrumentIndex = dice.whole(0, this.closes.length - 1);
    switch (dice.whole(0, 15)) {
      case 0: {
        const lots = dice.whole(1, 5);
        const side = dice.chance(0.5) ? 1 : -1;
        const tradeId = dice.chance(0.2) ? this.tradeId : this.nextTrade();
        const notional = dice.chance(0.2) ? 0 : lots * this.closes[instrumentIndex]! * 1e4;
        return {
          kind: "external",
          timeUs,
          instrumentIndex,
          side,
          tradeId,
          lots,
          notional,
          fee: dice.whole(0, 500),
          feeLots: dice.whole(0, 9) === 0 ? 1 : 0,
        };
      }
      case 1:
        return { kind: "transfer", timeUs, quanta: dice.whole(-1e6, 2e6) };
      case 2:
        return { kind: "operator", timeUs, action: dice.pick(OPERATOR), reason: `word ${dice.whole(1, 9)}` };
      case 3:
        return {
          kind: "trust",
          timeUs,
          instrumentIndex: dice.whole(-1, this.closes.length - 1),
          isTrusted: dice.chance(0.8),
          reason: "dice",
        };
      case 4:
        return { kind: "timer", timeUs, dueUs: timeUs - dice.whole(0, 3) * US_PER_MINUTE };
      default:
        return this.orderNews(timeUs);
    }
  }

  private orderNews(timeUs: number): LooseFact {
    const { dice, orders, told } = this;
    // Said before, word for word: a stream that repeats itself.
    if (told.length > 0 && dice.chance(0.12)) return { ...dice.pick(told.slice(-40)), timeUs };
    const recent = orders.filter(({ hasEnded }) => !hasEnded);
    const order = recent.length > 0 && dice.chance(0.93) ? dice.pick(recent) : orders.length > 0 ? dice.pick(orders) : undefined;
    const fact = this.aboutOrder(order, timeUs);
    told.push(fact as OrderFact);
    return fact;
  }

  private aboutOrder(order: KnownOrder | undefined, timeUs: number): LooseFact {
    const { dice } = this;
    const orderId = order?.orderId ?? dice.whole(1, 500);
    const blank = { venueOrderId: "", tradeId: 0, lots: 0, notional: 0, fee: 0, feeLots: 0, isMaker: false, cause: 0 };
    const plain = { kind: "order", timeUs, orderId, ...blank } as const;
    if (order === undefined) return { ...plain, event: "accepted" };
    switch (dice.whole(0, 12)) {
      case 0:
        return { ...plain, event: "unknown" };
      case 1:
        return { ...plain, event: dice.pick(["cancel-failed", "amend-failed", "amended"]) };
      case 2:
        order.hasEnded = true;
        return {
          ...plain,
          event: dice.pick(["rejected", "canceled", "expired"]),
          cause: causeCode(dice.pick(["venue", "strategy", "parent", "oco"])),
        };
      case 3:
      case 4:
      case 5:
      case 6:
        return { ...plain, ...this.fillOf(order) };
      default:
        return { ...plain, event: "accepted" };
    }
  }

  private fillOf(order: KnownOrder) {
    const { dice } = this;
    const left = Math.max(1, order.lots - order.filled);
    const lots = dice.chance(0.01) ? left + 1 : dice.chance(0.4) ? left : dice.whole(1, left);
    order.filled += lots;
    if (order.filled >= order.lots) order.hasEnded = true;
    const notional = Math.round((lots * order.units) / 100);
    const fees = dice.chance(0.1) ? { feeLots: 1 } : { fee: dice.whole(0, 5_000) };
    return { event: "filled", tradeId: this.nextTrade(), lots, notional, isMaker: dice.chance(0.5), ...fees } as const;
  }

  /** Venues use a trade id for two orders now and then. */
  private nextTrade(): number {
    if (!this.dice.chance(0.05)) this.tradeId += 1;
    return this.tradeId;
  }
}
