import fc from "fast-check";
import { expect, test } from "vitest";
import { instrument } from "../model/instrument.ts";
import { OrderSource, OrderType } from "../model/order-terms.ts";
import type { Side } from "../model/side.ts";
import { riskEngine } from "./risk-engine.ts";
import type { RiskLimits } from "./risk-limits.ts";
import type { ProposedOrder, RiskView, WorkingOrder } from "./risk-view.ts";

/** One lot is one share, prices in cents, money in 10^-6 USD. */
const instruments = ["ACME@TEST", "BOLT@TEST"].map((id) => instrument({ id, priceScale: 2, lotScale: 0 }));
const QUANTA_PER_CENT = 10_000;
const USD = 1_000_000;

/** A venue that fills whatever the test picks, and the account that results. Prices stay where they are. */
class RandomVenue implements RiskView {
  nowUs = 0;
  readonly instrumentCount = 2;
  equity = 10_000 * USD;
  readonly lots = [0, 0];
  readonly marks: readonly number[];
  working: { -readonly [K in keyof WorkingOrder]: WorkingOrder[K] }[] = [];
  private lastId = 0;

  constructor(marks: readonly number[]) {
    this.marks = marks;
  }
  signedLots(k: number): number {
    return this.lots[k]!;
  }
  markUnits(k: number): number {
    return this.marks[k]!;
  }
  markUs(): number {
    return this.nowUs;
  }
  valueOf(_k: number, lots: number, units: number): number {
    return lots * units * QUANTA_PER_CENT;
  }
  workingOrders(): Iterable<WorkingOrder> {
    return this.working;
  }
  get workingCount(): number {
    return this.working.length;
  }

  take(order: ProposedOrder): void {
    this.lastId += 1;
    const { instrumentIndex, side, type, lots, priceUnits, notional, isReduceOnly, groupId } = order;
    this.working.push({ id: this.lastId, instrumentIndex, side, type, lotsLeft: lots, priceUnits, notional, isReduceOnly, groupId });
  }

  /** Fills part of one order, cut to the position when it only reduces; the rest of its group shrinks by as much. */
  fill(pick: number, wanted: number): void {
    const order = this.working[pick % Math.max(1, this.working.length)];
    if (order === undefined) return;
    const k = order.instrumentIndex;
    const closable = Math.max(0, -order.side * this.lots[k]!);
    const lots = Math.min(wanted, order.lotsLeft, order.isReduceOnly ? closable : Number.POSITIVE_INFINITY);
    this.lots[k] = this.lots[k]! + order.side * lots;
    const isComplete = lots === order.lotsLeft;
    for (const each of this.working) {
      if (each !== order && (order.groupId === 0 || each.groupId !== order.groupId)) continue;
      const left = each !== order && isComplete ? 0 : Math.max(0, each.lotsLeft - lots);
      each.notional = (each.notional / each.lotsLeft) * left;
      each.lotsLeft = left;
    }
    this.working = this.working.filter((each) => each.lotsLeft > 0);
  }

  cancel(pick: number): void {
    this.working.splice(pick % Math.max(1, this.working.length), 1);
  }

  /** Largest position, in lots or at the last prices, that fills of the working orders can lead to. */
  worst(k: number, worthOf: (lots: number, order?: WorkingOrder) => number): number {
    const side = (wanted: Side): number => {
      const largest = new Map<number, number>();
      let sum = Math.max(0, wanted * worthOf(this.lots[k]!));
      for (const order of this.working) {
        if (order.instrumentIndex !== k || order.side !== wanted || order.isReduceOnly) continue;
        const worth = worthOf(order.lotsLeft, order);
        if (order.groupId === 0) sum += worth;
        else largest.set(order.groupId, Math.max(worth, largest.get(order.groupId) ?? 0));
      }
      return sum + [...largest.values()].reduce((total, each) => total + each, 0);
    };
    return Math.max(side(1), side(-1));
  }
}

const types = [OrderType.market, OrderType.limit, OrderType.stop, OrderType.stopLimit, OrderType.limitIfTouched] as const;
const anyOrder = (reduceOnly: fc.Arbitrary<boolean>): fc.Arbitrary<ProposedOrder> =>
  fc
    .record({
      instrumentIndex: fc.nat({ max: 1 }),
      strategyId: fc.constant(1),
      source: fc.constant(OrderSource.strategy),
      side: fc.constantFrom<Side>(1, -1),
      type: fc.constantFrom(...types),
      lots: fc.integer({ min: 1, max: 30 }),
      priceUnits: fc.integer({ min: 5_000, max: 20_000 }),
      isReduceOnly: reduceOnly,
      groupId: fc.constantFrom(0, 0, 0, 1, 2),
    })
    .map((order) => ({ ...order, notional: order.lots * order.priceUnits * QUANTA_PER_CENT }));

type Step =
  | { readonly kind: "send"; readonly order: ProposedOrder }
  | { readonly kind: "amend"; readonly pick: number; readonly order: ProposedOrder }
  | { readonly kind: "fill"; readonly pick: number; readonly lots: number }
  | { readonly kind: "cancel"; readonly pick: number };

const steps = (reduceOnly: fc.Arbitrary<boolean>): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("send" as const), order: anyOrder(reduceOnly) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("amend" as const), pick: fc.nat(), order: anyOrder(fc.constant(false)) }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("fill" as const), pick: fc.nat(), lots: fc.integer({ min: 1, max: 30 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), pick: fc.nat() }) },
    ),
    { minLength: 1, maxLength: 60 },
  );

const marks = fc.tuple(fc.integer({ min: 5_000, max: 20_000 }), fc.integer({ min: 5_000, max: 20_000 }));

/** Runs a flow through risk, and looks after every step. Answers how many orders were approved and refused. */
function run(limits: RiskLimits, prices: readonly number[], flow: readonly Step[], look: (venue: RandomVenue) => void): RandomVenue {
  const risk = riskEngine(limits, instruments);
  const venue = new RandomVenue(prices);
  for (const step of flow) {
    if (step.kind === "send" && risk.check(step.order, venue) === undefined) venue.take(step.order);
    else if (step.kind === "fill") venue.fill(step.pick, step.lots);
    else if (step.kind === "cancel") venue.cancel(step.pick);
    else if (step.kind === "amend") amend(step.pick, step.order);
    look(venue);
  }
  return venue;

  function amend(pick: number, terms: ProposedOrder): void {
    const old = venue.working[pick % Math.max(1, venue.working.length)];
    if (old === undefined) return;
    const { instrumentIndex, side, type, isReduceOnly, groupId } = old;
    const order = { ...terms, instrumentIndex, side, type, isReduceOnly, groupId };
    if (risk.checkAmend(old.id, order, venue) !== undefined) return;
    old.lotsLeft = order.lots;
    old.priceUnits = order.priceUnits;
    old.notional = order.notional;
  }
}

test("maxPosition holds at every instant of any order flow, reservations included", () => {
  fc.assert(
    fc.property(marks, steps(fc.boolean()), (prices, flow) => {
      run({ maxPosition: 40 }, prices, flow, (venue) => {
        for (const k of [0, 1]) {
          expect(Math.abs(venue.lots[k]!)).toBeLessThanOrEqual(40);
          expect(venue.worst(k, (lots) => lots)).toBeLessThanOrEqual(40);
        }
      });
    }),
    { numRuns: 400 },
  );
});

test("maxGrossExposure holds at every instant of any order flow, reservations included", () => {
  const limit = 8_000;
  fc.assert(
    fc.property(marks, steps(fc.boolean()), (prices, flow) => {
      run({ maxGrossExposure: limit }, prices, flow, (venue) => {
        const worst = [0, 1].map((k) =>
          venue.worst(k, (lots, order) =>
            Math.max(venue.valueOf(k, lots, prices[k]!), order === undefined ? Number.NEGATIVE_INFINITY : order.notional),
          ),
        );
        expect(worst[0]! + worst[1]!).toBeLessThanOrEqual(limit * USD + 1);
      });
    }),
    { numRuns: 400 },
  );
});

test("maxNetExposure holds at every instant of any flow of opening orders", () => {
  const limit = 4_000;
  fc.assert(
    fc.property(marks, steps(fc.constant(false)), (prices, flow) => {
      run({ maxNetExposure: limit }, prices, flow, (venue) => {
        const held = [0, 1].reduce((sum, k) => sum + venue.valueOf(k, venue.lots[k]!, prices[k]!), 0);
        expect(Math.abs(held)).toBeLessThanOrEqual(limit * USD);
      });
    }),
    { numRuns: 400 },
  );
});

test("maxOpenOrders holds at every instant of a flow of opening orders", () => {
  fc.assert(
    fc.property(marks, steps(fc.constant(false)), (prices, flow) => {
      run({ maxOpenOrders: 3 }, prices, flow, (venue) => expect(venue.workingCount).toBeLessThanOrEqual(3));
    }),
  );
});

test("orderRate approves no more than n orders in any span of the interval", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 80 }), fc.integer({ min: 1, max: 5 }), (waits, orders) => {
      const risk = riskEngine({ orderRate: { orders, intervalUs: 100 } }, instruments);
      const venue = new RandomVenue([10_000, 10_000]);
      const approved: number[] = [];
      for (const wait of waits) {
        venue.nowUs += wait;
        if (risk.check(aPlainOrder, venue) === undefined) approved.push(venue.nowUs);
        else expect(approved.filter((timeUs) => venue.nowUs - timeUs < 100)).toHaveLength(orders);
        expect(approved.filter((timeUs) => venue.nowUs - timeUs < 100).length).toBeLessThanOrEqual(orders);
      }
    }),
  );
});

const aPlainOrder: ProposedOrder = {
  instrumentIndex: 0,
  strategyId: 1,
  source: OrderSource.strategy,
  side: 1,
  type: OrderType.limit,
  lots: 1,
  priceUnits: 10_000,
  notional: 100 * USD,
  isReduceOnly: false,
  groupId: 0,
};
