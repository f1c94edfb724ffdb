import { describe, expect, test } from "vitest";
import { fillsOf } from "../engine/read-events.ts";
import { buy, type Intent, sell } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { fillsAfter, fillsOfScript, RICH } from "../testing/fill-lines.ts";
import { runTest } from "../testing/play.ts";
import { scripted } from "../testing/scripted.ts";
import {
  type SlippageModel,
  type SpreadModel,
  slippageFraction,
  slippageOfSpread,
  slippageSquareRoot,
  slippageTicks,
  slippageVolumeShare,
  spreadFraction,
  spreadTicks,
} from "./cost-model.ts";
import { type FeeOptions, feeSchedule } from "./fee-model.ts";

const USD = 1_000_000;

describe("spread", () => {
  const roundTrip = (spread: SpreadModel): string[] =>
    fillsOfScript(scripted({ 0: buy({ quantity: 1 }), 1: sell({ quantity: 1 }) }), "100 100 100", { venue: { spread } });
  test.each([
    ["half of a fraction on each side", spreadFraction(0.02), ["1 buy 1 @ 101 taker", "2 sell 1 @ 99 taker"]],
    ["all of a fraction on entry", spreadFraction(0.02, "entry"), ["1 buy 1 @ 102 taker", "2 sell 1 @ 100 taker"]],
    // A tick that is not known counts as the smallest displayed step, 0.01.
    ["half of its ticks on each side", spreadTicks(50), ["1 buy 1 @ 100.25 taker", "2 sell 1 @ 99.75 taker"]],
    ["all of its ticks on entry", spreadTicks(50, "entry"), ["1 buy 1 @ 100.5 taker", "2 sell 1 @ 100 taker"]],
    ["half a tick, off the grid", spreadTicks(1), ["1 buy 1 @ 100.005 taker", "2 sell 1 @ 99.995 taker"]],
  ] as const)("%s", (_what, spread, fills) => {
    expect(roundTrip(spread)).toEqual(fills);
  });

  test("a short pays it mirrored", () => {
    const script = scripted({ 0: sell({ quantity: 1 }), 1: buy({ quantity: 1 }) });
    expect(fillsOfScript(script, "100 100 100", { venue: { spread: spreadFraction(0.02, "entry") } })).toEqual([
      "1 sell 1 @ 98 taker",
      "2 buy 1 @ 100 taker",
    ]);
  });

  test("a stop pays it on top of its price, a limit never", () => {
    const spread = spreadFraction(0.02);
    expect(fillsAfter(buy({ quantity: 1, stop: 105 }), "100/106/99/103", { venue: { spread } })).toEqual(["2 buy 1 @ 106.05 taker"]);
    expect(fillsAfter(buy({ quantity: 1, limit: 95 }), "100/101/94/97", { venue: { spread } })).toEqual(["2 buy 1 @ 95 maker"]);
    expect(fillsAfter(buy({ quantity: 1, limit: 95 }), "94/95/93/94", { venue: { spread } })).toEqual(["1 buy 1 @ 94 taker"]);
  });
});

describe("slippage", () => {
  const filled = (slippage: SlippageModel, wish: Intent = buy({ quantity: 10 }), spread?: SpreadModel): string =>
    fillsAfter(wish, "100/100/100/100/400", { venue: { slippage, ...(spread === undefined ? {} : { spread }) } })[0]!;
  const withVolume = (slippage: SlippageModel, lots: number): string =>
    fillsOfScript(scripted({ 0: buy({ quantity: lots }) }), "100/100/100/100/400 100/100/100/100/400", { venue: { slippage } })[0]!;

  test.each([
    ["ticks", slippageTicks(25), "1 buy 10 @ 100.25 taker"],
    ["a fraction of the price", slippageFraction(0.001), "1 buy 10 @ 100.1 taker"],
  ] as const)("%s", (_what, slippage, fill) => {
    expect(filled(slippage)).toBe(fill);
  });

  test("a share of the spread comes on top of its half", () => {
    // Spread 2 % of 100 is 2: half of it is 1, a quarter more is 0.5.
    expect(filled(slippageOfSpread(0.25), buy({ quantity: 10 }), spreadFraction(0.02))).toBe("1 buy 10 @ 101.5 taker");
  });

  test.each([
    // 0.1 * (40 / 400)^2 = 0.001 of the price.
    ["volume share", slippageVolumeShare(0.1, 1), 40, "1 buy 40 @ 100.1 taker"],
    // Capped at a share of 0.05: 0.1 * 0.0025 = 0.00025.
    ["volume share, capped", slippageVolumeShare(0.1, 0.05), 40, "1 buy 40 @ 100.025 taker"],
    // 0.02 * sqrt(100 / 400) = 0.01.
    ["square root of the volume share", slippageSquareRoot(0.02), 100, "1 buy 100 @ 101 taker"],
  ] as const)("%s", (_what, slippage, lots, fill) => {
    expect(withVolume(slippage, lots)).toBe(fill);
  });

  test("never touches a limit, wherever it fills", () => {
    const slippage = slippageFraction(0.01);
    expect(filled(slippage, buy({ quantity: 1, limit: 101 }))).toBe("1 buy 1 @ 100 taker");
    expect(fillsAfter(buy({ quantity: 1, limit: 95 }), "100/101/94/97", { venue: { slippage } })).toEqual(["2 buy 1 @ 95 maker"]);
    // A stop-limit fills where it triggers, never worse than its limit.
    expect(fillsAfter(buy({ quantity: 1, stop: 105, limit: 105.5 }), "100/106/99/103", { venue: { slippage } })).toEqual([
      "2 buy 1 @ 105 taker",
    ]);
  });

  test("acts on market-if-touched and trailing stops", () => {
    const slippage = slippageFraction(0.01);
    expect(fillsAfter(buy({ quantity: 1, touch: 90 }), "100/100/89/91", { venue: { slippage } })).toEqual(["2 buy 1 @ 90.9 taker"]);
    expect(fillsAfter(sell({ quantity: 1, trail: { amount: 10 } }), "100/100/89/91", { venue: { slippage } })).toEqual([
      "2 sell 1 @ 89.1 taker",
    ]);
  });

  test("is rounded to the tick against the order on request", () => {
    const options = {
      venue: { slippage: slippageFraction(0.001), roundFillsToTick: true },
      instrument: { priceScale: 2, tickUnits: 25, tickKnown: true },
    };
    // 100.10 becomes 100.25; 99.90 becomes 99.75.
    expect(fillsAfter(buy({ quantity: 1 }), "100", options)).toEqual(["1 buy 1 @ 100.25 taker"]);
    expect(fillsAfter(sell({ quantity: 1 }), "100", options)).toEqual(["1 sell 1 @ 99.75 taker"]);
  });

  test("counts the fills that it carries beyond the range of the bar", () => {
    const count = (bar: string): number =>
      runTest(scripted({ 0: buy({ quantity: 1, stop: 105 }) }), bars(`100 ${bar}`), {
        ...RICH,
        venue: { slippage: slippageFraction(0.01) },
      }).venue.executionCounts.outsideBar;
    // 106.05 lies above a high of 106, not above one of 107.
    expect([count("100/106/99/103"), count("100/107/99/103")]).toEqual([1, 0]);
  });
});

describe("fees", () => {
  /** Fees of the fills, in money. */
  const fees = (options: FeeOptions, script: Parameters<typeof scripted>[0], text: string, participation?: number): number[] => {
    const venue = { fees: [feeSchedule(options, USD, 1)], ...(participation === undefined ? {} : { participation }) };
    return fillsOf(runTest(scripted(script), bars(text), { ...RICH, venue }).events).map((fill) => fill.fee / USD);
  };
  const taken = { 0: buy({ quantity: 10 }) };
  const made = { 0: buy({ quantity: 10, limit: 95 }) };
  const through = "100 100/101/94/97";
  /** A tenth of 100 in each bar. */
  const thrice = "100/100/100/100/100 100/100/100/100/100 100/100/100/100/100 100/100/100/100/100";

  test.each([
    ["taker on a market order", { maker: 0.001, taker: 0.002 }, taken, "100 100", [2]],
    ["maker on a limit that the path reached", { maker: 0.001, taker: 0.002 }, made, through, [0.95]],
    ["taker on a limit that the open had passed", { maker: 0.001, taker: 0.002 }, made, "100 94/95/93/94", [1.88]],
    ["a rebate", { maker: -0.0001, taker: 0.002 }, made, through, [-0.095]],
    ["a fixed part", { fixed: 1.5 }, taken, "100 100", [1.5]],
    ["a fixed part and a fraction", { fixed: 1.5, taker: 0.001 }, taken, "100 100", [2.5]],
    ["a part for each unit", { perUnit: 0.005 }, taken, "100 100", [0.05]],
    ["a minimum", { taker: 0.001, minimum: 5 }, taken, "100 100", [5]],
    ["a minimum that does not matter", { taker: 0.01, minimum: 5 }, taken, "100 100", [10]],
    ["a maximum", { taker: 0.01, maximum: 4 }, taken, "100 100", [4]],
    ["a maximum as a fraction, which wins over the minimum", { perUnit: 0.001, minimum: 50, maximumRate: 0.01 }, taken, "100 100", [10]],
    ["a rebate with a maximum is kept", { maker: -0.0001, taker: 0.002, maximum: 4 }, made, through, [-0.095]],
  ] as const)("%s", (_what, options: FeeOptions, script, text, expected) => {
    expect(fees(options, script, text)).toEqual(expected);
  });

  test.each([
    // 25 lots in fills of 10, 10 and 5 at 100: notionals 1,000, 1,000 and 500.
    ["the fixed part once", { fixed: 1.5, taker: 0.001 }, [2.5, 1, 0.5]],
    // Owed 1, 2, 2.5 in all; at least 1.5 of it: 1.5, then 0.5, then 0.5.
    ["the minimum on the whole order", { taker: 0.001, minimum: 1.5 }, [1.5, 0.5, 0.5]],
    ["a minimum never reached is paid once", { taker: 0.001, minimum: 9 }, [9, 0, 0]],
    ["the maximum on the whole order", { taker: 0.001, maximum: 1.75 }, [1, 0.75, 0]],
  ] as const)("count per order, not per partial fill: %s", (_what, options: FeeOptions, expected) => {
    expect(fees(options, { 0: buy({ quantity: 25 }) }, thrice, 0.1)).toEqual(expected);
  });

  test("count on the price actually filled", () => {
    const venue = { fees: [feeSchedule({ taker: 0.01 }, USD, 1)], slippage: slippageFraction(0.01) };
    const engine = runTest(scripted(taken), bars("100 100"), { ...RICH, venue });
    // 10 at 101 is 1,010; one per cent of it is 10.10.
    expect(fillsOf(engine.events).map(({ fee, slippage }) => [fee / USD, slippage / USD])).toEqual([[10.1, 10]]);
  });
});
