import { expect, test } from "vitest";
import type { Fill } from "../model/fill.ts";
import { instrument } from "../model/instrument.ts";
import { US_PER_DAY, US_PER_HOUR } from "../model/time.ts";
import type { Finding, FindingsInput } from "./finding.ts";
import { findingsOf } from "./findings.ts";
import { roundTripsOf } from "./round-trips.ts";
import { summarize } from "./summary.ts";

const share = instrument({ id: "ACME@TEST", priceScale: 2, lotScale: 0 });
const USD = 1_000_000;

/** A buy and a sell of one lot a day apart for each PnL in dollars; a negative side first where `short` says so. */
function fillsFor(profits: readonly number[], costs: { fee?: number; short?: (i: number) => boolean } = {}): Fill[] {
  const { fee = 0, short = () => false } = costs;
  return profits.flatMap((profit, i) => {
    const side = short(i) ? -1 : 1;
    return [leg(2 * i + 1, side, 1000, fee), leg(2 * i + 2, -side as 1 | -1, 1000 + side * profit, fee)];
  });
}

function leg(day: number, side: 1 | -1, price: number, fee = 0): Fill {
  return {
    seq: day,
    timeUs: day * US_PER_DAY,
    tradeId: day,
    orderId: day,
    instrumentIndex: 0,
    accountId: 0,
    strategyId: 0,
    side,
    lots: 1,
    notional: price * USD,
    fee: fee * USD,
    slippage: 0,
    liquidity: "taker",
    cause: "order",
    reason: "",
    tag: "",
  };
}

function findings(fills: readonly Fill[], extra: Partial<FindingsInput> = {}, finalEquity = 1100): readonly Finding[] {
  const summary = summarize({
    startUs: 0,
    endUs: 200 * US_PER_DAY,
    openingEquity: 1000 * USD,
    equityTimeUs: Float64Array.of(200 * US_PER_DAY),
    equity: Float64Array.of(finalEquity * USD),
    fills,
    marks: Float64Array.of(1000),
    instruments: [share],
    calendar: "24/7",
  });
  return findingsOf({ summary, fills, roundTrips: roundTripsOf(fills, { instruments: [share] }), ...extra });
}

const ids = (list: readonly Finding[]): string[] => list.map((one) => `${one.severity} ${one.id}`);

/** Forty trades, long and short, none of which stands out: nothing to find. */
const sound = fillsFor(
  Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 10 : -4)),
  { short: (i) => i % 3 === 0 },
);

test("findingsOf() has nothing to say about a sound run", () => {
  expect(
    findings(sound, { parameterCount: 3, counts: { volumeKnown: true, ambiguousFills: 0, gaps: { count: 0, longestUs: 0 } } }),
  ).toEqual([]);
});

test("findingsOf() says that there was no trade, and nothing else about trades", () => {
  expect(ids(findings([]))).toEqual(["serious no-trades"]);
});

test("findingsOf() counts trades against 30 and against the parameters", () => {
  const list = findings(fillsFor([10, -4, 10, -4, 10, -4, 10, -4], { short: (i) => i > 3 }), { parameterCount: 9 });
  expect(ids(list)).toEqual(["serious parameters-against-trades", "warning too-few-trades", "warning few-trades-carry-the-result"]);
  expect(list[1]!.text).toBe(
    "8 closed round trips can be luck: below 30, win rate, expectancy and profit factor say little about the next trades.",
  );
  expect(list[0]!.numbers).toEqual({ parameters: 9, trades: 8, tradesPerParameter: 8 / 9, threshold: 10 });
});

test("findingsOf() is serious when the profit hangs on one round trip, and names how many it takes", () => {
  const many = Array.from({ length: 38 }, (_, i) => (i % 2 === 0 ? 10 : -11));
  const short = (i: number): boolean => i % 3 === 0;
  const one = findings(fillsFor([...many, 200], { short }));
  expect(ids(one)).toEqual(["serious few-trades-carry-the-result"]);
  expect(one[0]!.numbers).toMatchObject({ best: 3, flippedBy: 1, share: expect.closeTo(220 / 390, 12) });
  expect(one[0]!.text).toContain("Without the best one the closed round trips earn nothing together.");
  const three = findings(fillsFor([...many, 12, 12, 12], { short }));
  expect(ids(three)).toEqual(["warning few-trades-carry-the-result"]);
  expect(three[0]!.numbers["flippedBy"]).toBe(2);
});

test("findingsOf() compares costs with the gross profit", () => {
  const profits = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 20 : -8));
  const short = (i: number): boolean => i % 3 === 0;
  expect(ids(findings(fillsFor(profits, { fee: 1, short })))).toEqual([]);
  // Net of two fees of 3 a winner earns 14: costs 240 against 280.
  const list = findings(fillsFor(profits, { fee: 3, short })).filter((one) => one.id === "high-costs");
  expect(list[0]).toMatchObject({ severity: "warning", numbers: { share: expect.closeTo(240 / 280, 12) } });
  expect(ids(findings(fillsFor([-5, -5], { fee: 1 })))).toContain("serious high-costs");
});

test("findingsOf() notes one direction, a position left open, and what ended it", () => {
  const profits = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 10 : -4));
  const fills = [...fillsFor(profits), leg(190, 1, 1000)];
  expect(ids(findings(fills))).toEqual(["note single-direction", "note open-at-the-end"]);
  const forced = fills.map((one, i) =>
    i === 3 ? { ...one, cause: "liquidation" as const } : i === 5 ? { ...one, cause: "end-of-data" as const } : one,
  );
  expect(ids(findings(forced))).toEqual(["serious liquidation", "note single-direction", "note open-at-the-end", "note end-of-data"]);
});

test("findingsOf() weighs ambiguous fills by their share", () => {
  const severity = (ambiguousFills: number): string => findings(sound, { counts: { ambiguousFills } })[0]!.severity;
  expect([severity(1), severity(10), severity(60)]).toEqual(["note", "warning", "serious"]);
});

test("findingsOf() reports what the engine counted", () => {
  const list = findings(sound, {
    counts: {
      orders: 80,
      fillsOverParticipation: 2,
      participationLimit: 0.1,
      staleMarks: 4,
      shrunkOrders: 1,
      fillsOutsideBar: 1,
      volumeKnown: false,
      gaps: { count: 2, longestUs: 36 * US_PER_HOUR },
    },
  });
  expect(list.map((one) => `${one.severity} ${one.title}: ${one.text}`)).toMatchInlineSnapshot(`
    [
      "warning Fills large against the volume: 2 fills took more than 10.0 % of the volume of the bar: a market would have answered with a worse price.",
      "warning Gaps in the data: The data have 2 gaps, the longest of 1.5 days: nothing could fill or be decided there.",
      "warning Stale prices: 4 valuations used a price from an earlier bar, because the current bar was missing: equity and drawdown look calmer than they were.",
      "note Fills outside the range of the bar: 1 fill has a price beyond the high or low of the bar, because spread and slippage were added to it.",
      "note Orders shrunk to the cash: 1 order was filled smaller than asked because the cash did not cover the size; a venue would have rejected what it cannot cover.",
      "note Volume unknown: The data have no volume: no fill was limited by it, and none could be judged against it.",
    ]
  `);
});

test("findingsOf() weighs one bar of delay by what it takes away", () => {
  const severity = (delayedTotalReturn: number): string | undefined => findings(sound, { delayedTotalReturn })[0]?.severity;
  expect([severity(0.09), severity(0.07), severity(0.03), severity(-0.01)]).toEqual([undefined, "note", "warning", "serious"]);
});
