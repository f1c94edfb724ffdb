import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fill } from "../model/fill.ts";
import { instrument } from "../model/instrument.ts";
import type { Side } from "../model/side.ts";
import { roundTripsOf, splitFill } from "./round-trips.ts";

/** One lot is one share, prices in cents, money in 10^-6 USD: a share at 1.00 is 1,000,000 quanta. */
const share = instrument({ id: "ACME@TEST", priceScale: 2, lotScale: 0 });
const context = { instruments: [share, share] };
const USD = 1_000_000;

function fill(timeUs: number, side: Side, lots: number, price: number, extra: Partial<Fill> = {}): Fill {
  return {
    seq: timeUs,
    timeUs,
    tradeId: timeUs,
    orderId: timeUs,
    instrumentIndex: 0,
    accountId: 0,
    strategyId: 0,
    side,
    lots,
    notional: Math.round(lots * price * USD),
    fee: 0,
    slippage: 0,
    liquidity: "taker",
    cause: "order",
    reason: "",
    tag: "",
    ...extra,
  };
}

test("roundTripsOf() pairs an entry with its exit, net of both fees", () => {
  const fills = [
    fill(10, 1, 10, 100, { fee: 2 * USD, slippage: USD, reason: "crossed above", tag: "a" }),
    fill(30, -1, 10, 110, { fee: 3 * USD, reason: "target reached", cause: "target" }),
  ];
  const [trip, ...others] = roundTripsOf(fills, { ...context, barCloseUs: [Float64Array.of(5, 10, 15, 20, 25, 30)] });
  expect(others).toEqual([]);
  expect(trip).toMatchObject({
    id: 1,
    side: 1,
    isOpen: false,
    entryUs: 10,
    exitUs: 30,
    heldUs: 20,
    heldBars: 4,
    entryLots: 10,
    entryPrice: 100,
    exitPrice: 110,
    fees: 5 * USD,
    slippage: USD,
    pnl: 95 * USD,
    realisedPnl: 95 * USD,
    returnFraction: 0.095,
    rMultiple: null,
    entryReason: "crossed above",
    exitReason: "target reached",
    entryTag: "a",
    exitCause: "target",
    fillCount: 2,
  });
});

test("roundTripsOf() earns on a short when the price falls", () => {
  const [trip] = roundTripsOf([fill(1, -1, 10, 100), fill(2, 1, 10, 90)], context);
  expect(trip).toMatchObject({ side: -1, pnl: 100 * USD, returnFraction: 0.1 });
});

test("roundTripsOf() nets additions and partial exits into one round trip", () => {
  const fills = [fill(1, 1, 10, 100), fill(2, 1, 10, 110), fill(3, -1, 5, 120), fill(4, 1, 5, 100), fill(5, -1, 20, 130)];
  const trips = roundTripsOf(fills, context);
  expect(trips).toHaveLength(1);
  expect(trips[0]).toMatchObject({ entryLots: 25, peakLots: 20, fillCount: 5, pnl: (600 + 2600 - 1000 - 1100 - 500) * USD });
});

test("roundTripsOf() splits a fill that crosses zero, and no quantum is lost", () => {
  const cross = fill(2, -1, 7, 110, { fee: 100, slippage: -5, notional: 770 * USD + 1 });
  const [long, short] = roundTripsOf([fill(1, 1, 3, 100), cross, fill(3, 1, 4, 100)], context);
  expect(long).toMatchObject({ isOpen: false, side: 1, exitUs: 2, exitNotional: 330 * USD, fees: 43 });
  expect(short).toMatchObject({ isOpen: false, side: -1, entryUs: 2, entryNotional: 440 * USD + 1, fees: 57 });
  const [closing, opening] = splitFill(cross, 3);
  expect([closing.slippage, opening!.slippage]).toEqual([-2, -3]);
});

test("roundTripsOf() keeps strategies, accounts and instruments apart", () => {
  const fills = [fill(1, 1, 10, 100), fill(2, -1, 10, 100, { strategyId: 1 }), fill(3, 1, 1, 5, { instrumentIndex: 1 })];
  expect(roundTripsOf(fills, context).map((trip) => [trip.strategyId, trip.instrumentIndex, trip.side])).toEqual([
    [0, 0, 1],
    [1, 0, -1],
    [0, 1, 1],
  ]);
});

test("roundTripsOf() lists a position left at the end as open, marked at the given price", () => {
  const fills = [fill(1, 1, 10, 100, { fee: USD }), fill(2, -1, 4, 120)];
  const [trip] = roundTripsOf(fills, { ...context, marks: Float64Array.of(90), endUs: 9 });
  expect(trip).toMatchObject({
    isOpen: true,
    openLots: 6,
    exitUs: 9,
    heldUs: 8,
    exitNotional: (480 + 540) * USD,
    pnl: (480 + 540 - 1000 - 1) * USD,
    realisedPnl: (480 - 400 - 1) * USD,
  });
  expect(roundTripsOf(fills, context)[0]!.exitNotional).toBe((480 + 720) * USD);
});

test("roundTripsOf() gives the multiple of risk when the stop of the entry is known", () => {
  const fills = [fill(1, 1, 10, 100), fill(2, -1, 10, 115)];
  expect(roundTripsOf(fills, { ...context, stops: new Map([[1, 95]]) })[0]!.rMultiple).toBeCloseTo(3, 12);
  expect(roundTripsOf(fills, { ...context, stops: new Map([[1, 100]]) })[0]!.rMultiple).toBeNull();
});

const anyFills = fc.array(
  fc.record({
    side: fc.constantFrom<Side>(1, -1),
    lots: fc.integer({ min: 1, max: 50 }),
    notional: fc.integer({ min: 1, max: 9_000_000_000 }),
    fee: fc.integer({ min: -500, max: 5000 }),
    slippage: fc.integer({ min: -500, max: 5000 }),
    strategyId: fc.integer({ min: 0, max: 1 }),
    instrumentIndex: fc.integer({ min: 0, max: 1 }),
  }),
  { maxLength: 60 },
);

test("round trips conserve money: with positions marked at nothing, the sum of PnL is the cash that moved, in quanta", () => {
  fc.assert(
    fc.property(anyFills, (rows) => {
      const fills = rows.map((row, i) => fill(i + 1, row.side, row.lots, 1, row));
      const trips = roundTripsOf(fills, { ...context, marks: Float64Array.of(0, 0) });
      const sum = (of: (trip: (typeof trips)[number]) => number): number => trips.reduce((total, trip) => total + of(trip), 0);
      const paid = (of: (one: Fill) => number): number => fills.reduce((total, one) => total + of(one), 0);
      expect(sum((trip) => trip.pnl)).toBe(paid((one) => -one.side * one.notional - one.fee));
      expect(sum((trip) => trip.fees)).toBe(paid((one) => one.fee));
      expect(sum((trip) => trip.slippage)).toBe(paid((one) => one.slippage));
      for (const trip of trips) if (!trip.isOpen) expect(trip.realisedPnl).toBe(trip.pnl);
    }),
  );
});

test("when everything is closed, the sum of PnL is the change of cash, in quanta", () => {
  fc.assert(
    fc.property(anyFills, (rows) => {
      const fills = rows.map((row, i) => fill(i + 1, row.side, row.lots, 1, row));
      const position = new Map<string, number>();
      for (const f of fills) {
        const key = `${f.strategyId} ${f.instrumentIndex}`;
        position.set(key, (position.get(key) ?? 0) + f.side * f.lots);
      }
      for (const [key, lots] of position) {
        const [strategyId, instrumentIndex] = key.split(" ").map(Number);
        const side = lots > 0 ? -1 : 1;
        if (lots !== 0)
          fills.push(fill(fills.length + 1, side, Math.abs(lots), 3, { strategyId: strategyId!, instrumentIndex: instrumentIndex! }));
      }
      const trips = roundTripsOf(fills, context);
      expect(trips.every((trip) => !trip.isOpen)).toBe(true);
      const cash = fills.reduce((sum, f) => sum - f.side * f.notional - f.fee, 0);
      expect(trips.reduce((sum, trip) => sum + trip.pnl, 0)).toBe(cash);
    }),
  );
});
