import { expect, test } from "vitest";
import { causeName } from "../model/event.ts";
import { type Instrument, instrument } from "../model/instrument.ts";
import { OrderSource, OrderType } from "../model/order-terms.ts";
import type { Side } from "../model/side.ts";
import { US_PER_HOUR } from "../model/time.ts";
import { riskEngine } from "./risk-engine.ts";
import type { RiskLimits } from "./risk-limits.ts";
import type { ProposedOrder, RiskView, WorkingOrder } from "./risk-view.ts";

/** One lot is one share, prices in cents, money in 10^-6 USD: a cent and a share are 10,000 quanta. */
const acme = instrument({ id: "ACME@TEST", priceScale: 2, lotScale: 0 });
const bolt = instrument({ id: "BOLT@TEST", priceScale: 2, lotScale: 0 });
const QUANTA_PER_CENT = 10_000;
const USD = 1_000_000;

/** An account with a price of 100.00 USD in both instruments, and what it holds and has at work. */
class Account implements RiskView {
  nowUs = 10 * US_PER_HOUR;
  readonly instrumentCount = 2;
  equity = 10_000 * USD;
  readonly lots = [0, 0];
  readonly marks = [10_000, 10_000];
  readonly markTimes = [10 * US_PER_HOUR, 10 * US_PER_HOUR];
  working: WorkingOrder[] = [];

  signedLots(k: number): number {
    return this.lots[k]!;
  }
  markUnits(k: number): number {
    return this.marks[k]!;
  }
  markUs(k: number): number {
    return this.markTimes[k]!;
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
}

function order(side: Side, lots: number, price: number, extra: Partial<ProposedOrder> = {}): ProposedOrder {
  const priceUnits = Math.round(price * 100);
  return {
    instrumentIndex: 0,
    strategyId: 1,
    source: OrderSource.strategy,
    side,
    type: OrderType.limit,
    lots,
    priceUnits,
    notional: lots * priceUnits * QUANTA_PER_CENT,
    isReduceOnly: false,
    groupId: 0,
    ...extra,
  };
}

function resting(id: number, side: Side, lots: number, price: number, extra: Partial<WorkingOrder> = {}): WorkingOrder {
  const { instrumentIndex, type, priceUnits, notional, isReduceOnly, groupId } = order(side, lots, price);
  return { id, instrumentIndex, side, type, lotsLeft: lots, priceUnits, notional, isReduceOnly, groupId, ...extra };
}

function setUp(limits: RiskLimits, instruments: readonly Instrument[] = [acme, bolt]) {
  const account = new Account();
  const risk = riskEngine(limits, instruments);
  const verdict = (proposed: ProposedOrder): string => {
    const refusal = risk.check(proposed, account);
    return refusal === undefined ? "passes" : `${causeName(refusal.cause)} ${refusal.present} > ${refusal.limit}`;
  };
  return { account, risk, verdict };
}

test("riskEngine() without limits passes everything and watches nothing", () => {
  const { risk, verdict } = setUp({});
  expect(verdict(order(1, 1e9, 1e6))).toBe("passes");
  expect([risk.watchesMarks, risk.watchesBars, risk.watchesTrades]).toEqual([false, false, false]);
});

test("maxOrderNotional passes an order below and at the limit and refuses one above", () => {
  const { verdict } = setUp({ maxOrderNotional: 1_000 });
  expect(verdict(order(1, 9, 100))).toBe("passes");
  expect(verdict(order(1, 10, 100))).toBe("passes");
  expect(verdict(order(1, 10, 100.01))).toBe("max-order-notional 1000100000 > 1000000000");
  expect(verdict(order(1, 10, 100, { notional: Number.NaN }))).toContain("max-order-notional");
});

test("maxOrderQuantity passes an order below and at the limit and refuses one above", () => {
  const { verdict } = setUp({ maxOrderQuantity: { "ACME@TEST": 10 } });
  expect(verdict(order(1, 9, 100))).toBe("passes");
  expect(verdict(order(-1, 10, 100))).toBe("passes");
  expect(verdict(order(-1, 11, 100))).toBe("max-order-quantity 11 > 10");
  expect(verdict(order(1, 11, 100, { instrumentIndex: 1 }))).toBe("passes");
});

test("maxPosition counts what is held and what works on the same side", () => {
  const { account, verdict } = setUp({ maxPosition: 10 });
  account.lots[0] = 4;
  account.working = [resting(1, 1, 3, 99)];
  expect(verdict(order(1, 2, 100))).toBe("passes");
  expect(verdict(order(1, 3, 100))).toBe("passes");
  expect(verdict(order(1, 4, 100))).toBe("max-position 11 > 10");
});

test("maxPosition takes the worse of all buys and all sells, which do not net", () => {
  const { account, verdict } = setUp({ maxPosition: 10 });
  account.working = [resting(1, 1, 8, 99), resting(2, -1, 6, 101)];
  expect(verdict(order(-1, 4, 101))).toBe("passes");
  expect(verdict(order(-1, 5, 101))).toBe("max-position 11 > 10");
  expect(verdict(order(1, 3, 99))).toBe("max-position 11 > 10");
});

test("maxPosition lets no plain order count on a position that a reduce-only order may close first", () => {
  const { account, verdict } = setUp({ maxPosition: 10 });
  account.lots[0] = 10;
  account.working = [resting(1, -1, 10, 95, { type: OrderType.stop, isReduceOnly: true })];
  expect(verdict(order(-1, 10, 100))).toBe("passes");
  expect(verdict(order(-1, 20, 100))).toBe("max-position 20 > 10");
});

test("maxPosition counts orders of one group as their larger leg", () => {
  const { account, verdict } = setUp({ maxPosition: 10 });
  account.working = [resting(1, 1, 6, 99, { groupId: 7 }), resting(2, 1, 8, 95, { groupId: 7 })];
  expect(verdict(order(1, 2, 100))).toBe("passes");
  expect(verdict(order(1, 3, 100))).toBe("max-position 11 > 10");
  expect(verdict(order(1, 10, 90, { groupId: 7 }))).toBe("passes");
  expect(verdict(order(1, 11, 90, { groupId: 7 }))).toBe("max-position 11 > 10");
});

test("maxPosition lets a position beyond the limit leave, and refuses what makes it worse", () => {
  const { account, verdict } = setUp({ maxPosition: 10 });
  account.lots[0] = 15;
  expect(verdict(order(-1, 15, 100))).toBe("passes");
  expect(verdict(order(-1, 16, 100))).toBe("max-position 16 > 10");
  expect(verdict(order(1, 1, 100))).toBe("max-position 16 > 10");
});

test("maxGrossExposure adds longs, shorts and working orders of all instruments", () => {
  const { account, verdict } = setUp({ maxGrossExposure: 3_000 });
  account.lots[0] = 10;
  account.lots[1] = -10;
  account.working = [resting(1, 1, 5, 100)];
  expect(verdict(order(1, 4, 100))).toBe("passes");
  expect(verdict(order(1, 5, 100))).toBe("passes");
  expect(verdict(order(1, 6, 100))).toBe("max-gross-exposure 3100000000 > 3000000000");
});

test("maxGrossExposure values an order at its price or the last price, whichever is worse", () => {
  const { verdict } = setUp({ maxGrossExposure: 1_000 });
  expect(verdict(order(1, 10, 90))).toBe("passes");
  expect(verdict(order(1, 10, 110, { type: OrderType.stop }))).toBe("max-gross-exposure 1100000000 > 1000000000");
  expect(verdict(order(1, 11, 50))).toBe("max-gross-exposure 1100000000 > 1000000000");
});

test("maxNetExposure nets held positions and lets every working order of one side fill", () => {
  const { account, verdict } = setUp({ maxNetExposure: 1_000 });
  account.lots[0] = 10;
  account.lots[1] = -8;
  expect(verdict(order(1, 7, 100))).toBe("passes");
  expect(verdict(order(1, 8, 100))).toBe("passes");
  expect(verdict(order(1, 9, 100))).toBe("max-net-exposure 1100000000 > 1000000000");
  account.working = [resting(1, 1, 3, 105, { instrumentIndex: 1, type: OrderType.stop, isReduceOnly: true })];
  expect(verdict(order(1, 6, 100))).toBe("max-net-exposure 1100000000 > 1000000000");
});

test("maxOpenOrders refuses an order while as many work, but not the amendment of one", () => {
  const { account, risk, verdict } = setUp({ maxOpenOrders: 2 });
  account.working = [resting(1, 1, 1, 99)];
  expect(verdict(order(1, 1, 98))).toBe("passes");
  account.working.push(resting(2, 1, 1, 98));
  expect(verdict(order(1, 1, 97))).toBe("max-open-orders 2 > 2");
  expect(risk.checkAmend(2, order(1, 1, 97), account)).toBeUndefined();
});

test("orderRate approves n orders in an interval and the next one when the first is an interval old", () => {
  const { account, verdict } = setUp({ orderRate: { orders: 2, intervalUs: 1_000 } });
  const start = account.nowUs;
  expect(verdict(order(1, 1, 100))).toBe("passes");
  account.nowUs = start + 400;
  expect(verdict(order(1, 1, 100))).toBe("passes");
  account.nowUs = start + 999;
  expect(verdict(order(1, 1, 100))).toBe("order-rate 2 > 2");
  expect(verdict(order(-1, 1, 100, { isReduceOnly: true }))).toBe("order-rate 2 > 2");
  account.nowUs = start + 1_000;
  expect(verdict(order(1, 1, 100))).toBe("passes");
  expect(verdict(order(1, 1, 100))).toBe("order-rate 2 > 2");
});

test("orderRate does not count orders that another limit refused", () => {
  const { verdict } = setUp({ orderRate: { orders: 1, intervalUs: 1_000 }, maxOrderQuantity: 5 });
  expect(verdict(order(1, 6, 100))).toBe("max-order-quantity 6 > 5");
  expect(verdict(order(1, 5, 100))).toBe("passes");
});

test("priceCollar passes prices up to the collar on both sides and refuses those beyond", () => {
  const { account, verdict } = setUp({ priceCollar: 0.1 });
  expect(verdict(order(1, 1, 105))).toBe("passes");
  expect(verdict(order(1, 1, 110))).toBe("passes");
  expect(verdict(order(1, 1, 110.01))).toBe("price-collar 11001 > 11000");
  expect(verdict(order(1, 1, 90))).toBe("passes");
  expect(verdict(order(-1, 1, 89.99, { isReduceOnly: true }))).toBe("price-collar 8999 > 9000");
  expect(verdict(order(1, 1, 200, { type: OrderType.market }))).toBe("passes");
  account.marks[0] = 0;
  expect(verdict(order(1, 1, 100))).toBe("price-collar 10000 > 0");
});

test("staleAfterUs refuses a decision on a price older than that, and on none at all", () => {
  const { account, verdict } = setUp({ staleAfterUs: 5_000 });
  account.nowUs = account.markTimes[0]! + 4_999;
  expect(verdict(order(1, 1, 100))).toBe("passes");
  account.nowUs += 1;
  expect(verdict(order(1, 1, 100))).toBe("passes");
  account.nowUs += 1;
  expect(verdict(order(1, 1, 100))).toBe("stale-data 5001 > 5000");
  expect(verdict(order(-1, 1, 100, { isReduceOnly: true }))).toBe("passes");
  account.marks[0] = 0;
  expect(verdict(order(1, 1, 100))).toContain("stale-data");
});

test("minNotional refuses an order below the limit, or below the instrument's own where that is larger", () => {
  const { verdict } = setUp({ minNotional: 500 }, [acme, { ...bolt, minNotional: 800 * USD }]);
  expect(verdict(order(1, 4, 100))).toBe("min-notional 400000000 > 500000000");
  expect(verdict(order(1, 5, 100))).toBe("passes");
  expect(verdict(order(1, 6, 100))).toBe("passes");
  expect(verdict(order(1, 7, 100, { instrumentIndex: 1 }))).toBe("min-notional 700000000 > 800000000");
  expect(verdict(order(-1, 1, 100, { isReduceOnly: true }))).toBe("passes");
});

test("the grid refuses prices off a known tick and sizes that are no whole lots, reduce-only or not", () => {
  const { verdict } = setUp({}, [{ ...acme, tickKnown: true, tickUnits: 5 }, bolt]);
  expect(verdict(order(1, 1, 100.05))).toBe("passes");
  expect(verdict(order(1, 1, 100.06))).toBe("off-tick 10006 > 5");
  expect(verdict(order(-1, 1, 100.06, { isReduceOnly: true }))).toBe("off-tick 10006 > 5");
  expect(verdict(order(1, 1, 100.06, { type: OrderType.market }))).toBe("passes");
  expect(verdict(order(1, 1, 100.06, { instrumentIndex: 1 }))).toBe("passes");
  expect(verdict(order(1, 1.5, 100))).toBe("size 1.5 > 1");
  expect(verdict(order(1, 0, 100))).toBe("size 0 > 1");
  expect(verdict(order(1, 1, -1))).toBe("price -100 > 1");
});

test("selfTrade refuses the newer order when it reaches a working limit order of the other side", () => {
  const { account, verdict } = setUp({ selfTrade: "cancel-newer" });
  account.working = [resting(1, -1, 5, 101), resting(2, -1, 5, 99, { type: OrderType.stop })];
  expect(verdict(order(1, 1, 100.99))).toBe("passes");
  expect(verdict(order(1, 1, 101))).toBe("self-trade 10100 > 10100");
  expect(verdict(order(1, 1, 102))).toBe("self-trade 10200 > 10100");
  expect(verdict(order(-1, 1, 101))).toBe("passes");
  expect(verdict(order(1, 1, 102, { instrumentIndex: 1 }))).toBe("passes");
  expect(setUp({ selfTrade: "allow" }).verdict(order(1, 1, 102))).toBe("passes");
});

test("duplicateGuardUs refuses the same order again until the guard has passed", () => {
  const { account, risk, verdict } = setUp({ duplicateGuardUs: 1_000 });
  expect(verdict(order(1, 1, 100))).toBe("passes");
  account.nowUs += 999;
  expect(verdict(order(1, 1, 100))).toBe("duplicate-order 999 > 1000");
  expect(verdict(order(1, 2, 100))).toBe("passes");
  expect(verdict(order(1, 1, 100, { strategyId: 2 }))).toBe("passes");
  expect(risk.checkAmend(1, order(1, 1, 100), account)).toBeUndefined();
  account.nowUs += 1_000;
  expect(verdict(order(1, 1, 100))).toBe("passes");
});

test("checkAmend() counts the new terms instead of the old", () => {
  const { account, risk } = setUp({ maxPosition: 10 });
  account.working = [resting(1, 1, 8, 99), resting(2, 1, 2, 98)];
  expect(risk.checkAmend(1, order(1, 8, 97), account)).toBeUndefined();
  expect(risk.checkAmend(1, order(1, 9, 97), account)).toMatchObject({ present: 11, limit: 10 });
});
