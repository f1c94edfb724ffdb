import { instrument } from "@tradepulse/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Bridge, type BridgeCause, type BridgeInput, profitOf } from "./bridge.ts";
import { Fraction } from "./fraction.ts";
import { matchOrders } from "./match-orders.ts";
import type { OrderStory, StoryFill } from "./order-story.ts";

const MINUTE = 60e6;
/** Prices in whole units of 0.01, lots of 1, money in 10^-6: one lot at one unit is 10,000 quanta. */
const stock = instrument({ id: "TEST@SIM", priceScale: 2, lotScale: 0 });
const QUANTA = 10_000;

function order(
  decided: number,
  side: 1 | -1,
  fills: readonly (readonly [minute: number, lots: number, units: number, fee?: number])[],
  more: Partial<OrderStory> = {},
): OrderStory {
  return {
    id: 1,
    instrumentIndex: 0,
    decidedUs: decided * MINUTE,
    side,
    type: "market",
    state: "filled",
    cause: "",
    reason: "",
    fills: fills.map(
      ([minute, lots, units, fee = 0]): StoryFill => ({ timeUs: minute * MINUTE, lots, notional: lots * units * QUANTA, fee, feeLots: 0 }),
    ),
    ...more,
  };
}

function bridge(session: readonly OrderStory[], backtest: readonly OrderStory[], more: Partial<BridgeInput> = {}): Bridge {
  return new Bridge({
    instruments: [stock],
    pairs: matchOrders(session, backtest, MINUTE),
    external: [],
    markUnits: [1_200],
    // A bar a minute that opens one unit higher than the last.
    openUnitsAt: (_index, timeUs) => 1_000 + Math.floor(timeUs / MINUTE),
    isCodeSame: true,
    dataDifference: Fraction.zero,
    ...more,
  });
}

/** Amounts in money, those of nothing left out. */
function amounts({ rows }: Bridge): Partial<Record<BridgeCause, number>> {
  return Object.fromEntries(rows.flatMap(({ cause, amount }) => (amount.isZero ? [] : [[cause, amount.toNumber() / 1e6]])));
}

test("a worse price in the same bar is the fill price, and the fee is the fee", () => {
  const explained = bridge([order(1, 1, [[1, 10, 1_003, 50_000]])], [order(1, 1, [[1, 10, 1_001, 20_000]])]);
  expect(amounts(explained)).toEqual({ "fill price": -0.2, fee: -0.03 });
});

test("a fill two bars later is latency as far as the market moved, and fill price for the rest", () => {
  const explained = bridge([order(1, 1, [[3, 10, 1_005]])], [order(1, 1, [[1, 10, 1_001]])]);
  expect(amounts(explained)).toEqual({ latency: -0.2, "fill price": -0.2 });
});

test("an order that the session did not get filled is a missed fill, at what it would have earned", () => {
  const refused = order(1, 1, [], { state: "refused", cause: "in-doubt" });
  expect(amounts(bridge([refused], [order(1, 1, [[1, 10, 1_000]])]))).toEqual({ "missed fill": -20 });
  expect(amounts(bridge([order(1, 1, [[1, 4, 1_000]])], [order(1, 1, [[1, 10, 1_000]])]))).toEqual({ "missed fill": -12 });
});

test("an order that only one of them decided is a signal, or another version of the code", () => {
  const extra = order(9, 1, [[9, 10, 1_100]]);
  expect(amounts(bridge([extra], []))).toEqual({ signal: 10 });
  expect(amounts(bridge([], [extra], { isCodeSame: false }))).toEqual({ "code version": -10 });
});

test("a manual trade and other data have rows of their own", () => {
  const fill: StoryFill = { timeUs: 0, lots: 1, notional: 1_000 * QUANTA, fee: 1_000_000, feeLots: 0 };
  const explained = bridge([], [], { external: [{ instrumentIndex: 0, side: 1, fill }], dataDifference: Fraction.of(5_000_000) });
  expect(amounts(explained)).toEqual({ "manual trades": 1, data: 5 });
});

test("matchOrders() prefers the same instant to a nearer order of another", () => {
  const [first, second] = [order(1, 1, []), order(2, 1, [])];
  const [late, exact] = [order(1.5, 1, []), order(2, 1, [])];
  const pairs = matchOrders([late, exact], [first, second], MINUTE);
  expect(pairs.map(({ session, backtest }) => [session?.decidedUs, backtest?.decidedUs])).toEqual(
    expect.arrayContaining([
      [2 * MINUTE, 2 * MINUTE],
      [1.5 * MINUTE, 1 * MINUTE],
    ]),
  );
});

const anyFill = fc.record({
  timeUs: fc.integer({ min: 0, max: 50 }).map((minute) => minute * MINUTE),
  lots: fc.integer({ min: 1, max: 1_000_000 }),
  notional: fc.integer({ min: 1, max: 1e12 }),
  fee: fc.integer({ min: -1_000, max: 1e6 }),
  feeLots: fc.integer({ min: 0, max: 10 }),
});
const anyOrder = fc.record({
  id: fc.nat(),
  instrumentIndex: fc.integer({ min: 0, max: 1 }),
  decidedUs: fc.integer({ min: 0, max: 20 }).map((minute) => minute * MINUTE),
  side: fc.constantFrom(1 as const, -1 as const),
  type: fc.constantFrom("market", "limit"),
  state: fc.constant("filled"),
  cause: fc.constant(""),
  reason: fc.constant(""),
  fills: fc.array(anyFill, { maxLength: 3 }),
});

test("law: matchOrders() puts every order into one pair, and pairs none beyond the tolerance", () => {
  fc.assert(
    fc.property(fc.array(anyOrder, { maxLength: 30 }), fc.array(anyOrder, { maxLength: 30 }), (session, backtest) => {
      const pairs = matchOrders(session, backtest, 2 * MINUTE);
      expect(new Set(pairs.flatMap((pair) => pair.session ?? []))).toEqual(new Set(session));
      expect(new Set(pairs.flatMap((pair) => pair.backtest ?? []))).toEqual(new Set(backtest));
      expect(pairs.length).toBe(session.length + backtest.length - pairs.filter((pair) => pair.session && pair.backtest).length);
      for (const { session: ours, backtest: theirs } of pairs) {
        if (ours === undefined || theirs === undefined) continue;
        expect([theirs.side, theirs.type, theirs.instrumentIndex]).toEqual([ours.side, ours.type, ours.instrumentIndex]);
        expect(Math.abs(theirs.decidedUs - ours.decidedUs)).toBeLessThanOrEqual(2 * MINUTE);
      }
    }),
  );
});

test("law: whatever was decided, filled and paid, the rows sum to the difference of the two profits, exactly", () => {
  const odd = instrument({ id: "ODD@SIM", lotUnits: 7, multiplier: { numerator: 3, denominator: 11 } });
  fc.assert(
    fc.property(
      fc.array(anyOrder, { maxLength: 12 }),
      fc.array(anyOrder, { maxLength: 12 }),
      fc.array(anyFill, { maxLength: 3 }),
      (session, backtest, manual) => {
        const money = { instruments: [stock, odd], markUnits: [1_200, 98_765_432] };
        const external = manual.map((fill) => ({ instrumentIndex: 1, side: -1 as const, fill }));
        const explained = bridge(session, backtest, { ...money, external });
        const all = [...session, ...external.map((each) => ({ ...each, fills: [each.fill] }))];
        const difference = profitOf(money, all).minus(profitOf(money, backtest));
        expect(explained.difference.minus(difference).isZero).toBe(true);
        const byPair = [...explained.byPair.values()].reduce((sum, amount) => sum.plus(amount), Fraction.zero);
        const manualRow = explained.rows.find(({ cause }) => cause === "manual trades")!.amount;
        expect(byPair.plus(manualRow).minus(difference).isZero).toBe(true);
      },
    ),
  );
});
