import { describe, expect, test } from "vitest";
import type { FillBarChildren } from "../simulator/venue-terms.ts";
import { bracket, buy, cancelAll, type Intent, sell } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { fillsAfter, RICH } from "../testing/fill-lines.ts";
import { type PlayOptions, play } from "../testing/play.ts";
import { scripted } from "../testing/scripted.ts";

const tapeOf = (script: Parameters<typeof scripted>[0], text: string, options: PlayOptions = {}): string[] =>
  play(scripted(script), bars(text), { ...RICH, ...options }).split("\n");

describe("prices of the legs", () => {
  // In at 100, out in the next bar. Offsets and ratios count from the price of the fill.
  test.each([
    ["a stop as a price", { stopLoss: 95 }, "100/101/90/91", "3 sell 1 @ 95 taker"],
    ["a stop as an offset", { stopLoss: { offset: 4 } }, "100/101/90/91", "3 sell 1 @ 96 taker"],
    ["a stop as a ratio", { stopLoss: { ratio: 0.03 } }, "100/101/90/91", "3 sell 1 @ 97 taker"],
    ["a trailing stop", { stopLoss: { trail: { amount: 6 } } }, "100/100/90/91", "3 sell 1 @ 94 taker"],
    ["a target as a price", { takeProfit: 105 }, "100/110/100/109", "3 sell 1 @ 105 maker"],
    ["a target as an offset", { takeProfit: { offset: 4 } }, "100/110/100/109", "3 sell 1 @ 104 maker"],
    ["a target as a ratio", { takeProfit: { ratio: 0.03 } }, "100/110/100/109", "3 sell 1 @ 103 maker"],
  ] as const)("%s of a long", (_what, legs, bar, exit) => {
    expect(fillsAfter(buy({ quantity: 1, ...legs }), `100 ${bar}`)[1]).toBe(exit);
  });

  test.each([
    ["a stop as a price", { stopLoss: 105 }, "100/110/99/109", "3 buy 1 @ 105 taker"],
    ["a stop as an offset", { stopLoss: { offset: 4 } }, "100/110/99/109", "3 buy 1 @ 104 taker"],
    ["a stop as a ratio", { stopLoss: { ratio: 0.03 } }, "100/110/99/109", "3 buy 1 @ 103 taker"],
    ["a trailing stop", { stopLoss: { trail: { amount: 6 } } }, "100/110/100/109", "3 buy 1 @ 106 taker"],
    ["a target as a price", { takeProfit: 95 }, "100/101/90/91", "3 buy 1 @ 95 maker"],
    ["a target as an offset", { takeProfit: { offset: 4 } }, "100/101/90/91", "3 buy 1 @ 96 maker"],
    ["a target as a ratio", { takeProfit: { ratio: 0.03 } }, "100/101/90/91", "3 buy 1 @ 97 maker"],
  ] as const)("%s of a short", (_what, legs, bar, exit) => {
    expect(fillsAfter(sell({ quantity: 1, ...legs }), `100 ${bar}`)[1]).toBe(exit);
  });

  test("an offset counts from the fill, not from the price at the decision", () => {
    // Decided at 100, filled at a gapped open of 110: the stop stands at 106.
    expect(fillsAfter(buy({ quantity: 1, stopLoss: { offset: 4 } }), "110/111/109/110 108/108/100/101")[1]).toBe("3 sell 1 @ 106 taker");
  });

  test("computed prices are rounded on a known tick: limits away from the market, stops towards trouble", () => {
    const instrument = { priceScale: 2, tickUnits: 25, tickKnown: true };
    // 0.6 % of 100: 99.4 becomes 99.25 for a stop below, 100.6 becomes 100.75 for a limit above.
    const legs = { stopLoss: { ratio: 0.006 }, takeProfit: { ratio: 0.006 } };
    expect(fillsAfter(buy({ quantity: 1, ...legs }), "100 100/100/90/91", { instrument })[1]).toBe("3 sell 1 @ 99.25 taker");
    expect(fillsAfter(buy({ quantity: 1, ...legs }), "100 100/110/100/109", { instrument })[1]).toBe("3 sell 1 @ 100.75 maker");
  });
});

describe("a bracket on the wrong side is refused at submit", () => {
  test.each([
    ["a stop above a long", { side: "buy", stopLoss: 101, takeProfit: 105 }, "00:01  refused buy 1 (wrong-side)"],
    ["a stop at the price of a long", { side: "buy", stopLoss: 100, takeProfit: 105 }, "00:01  refused buy 1 (wrong-side)"],
    ["a target below a long", { side: "buy", stopLoss: 95, takeProfit: 99 }, "00:01  refused buy 1 (wrong-side)"],
    ["a stop below a short", { side: "sell", stopLoss: 99, takeProfit: 95 }, "00:01  refused sell 1 (wrong-side)"],
    ["a target above a short", { side: "sell", stopLoss: 105, takeProfit: 101 }, "00:01  refused sell 1 (wrong-side)"],
    ["a stop above the limit of the entry", { side: "buy", limit: 95, stopLoss: 96, takeProfit: 105 }, "00:01  refused buy 1 (wrong-side)"],
    ["a stop that is no number", { side: "buy", stopLoss: Number.NaN, takeProfit: 105 }, "00:01  refused buy 1 (price)"],
    ["an offset of zero", { side: "buy", stopLoss: { offset: 0 }, takeProfit: 105 }, "00:01  refused buy 1 (price)"],
  ] as const)("%s", (_what, options, line) => {
    expect(tapeOf({ 0: bracket({ quantity: 1, ...options }) }, "100 100").at(-1)).toBe(line);
  });

  test("counts from the entry's own price where it has one", () => {
    expect(tapeOf({ 0: bracket({ side: "buy", quantity: 1, stop: 110, stopLoss: 105, takeProfit: 120 }) }, "100 100").at(0)).toBe(
      "00:01  order buy 1 stop 110",
    );
  });
});

describe("fillBarChildren: which legs are live on the bar that filled their entry", () => {
  const settings: readonly FillBarChildren[] = ["stop-only", "path", "next-bar"];
  const exits = (wish: Intent, bar: string, fillBarChildren: FillBarChildren): string[] =>
    fillsAfter(wish, bar, { venue: { fillBarChildren } }).slice(1);

  // The path goes 100, low, high, low, close; the next bar of the script does not exist, so what is not live stays open.
  test.each([
    // A market entry at the open has seen the whole bar: always live.
    [
      "market entry, target within the bar",
      buy({ quantity: 1, stopLoss: 90, takeProfit: 105 }),
      "100/106/99/103",
      ["2 sell 1 @ 105 maker"],
      ["2 sell 1 @ 105 maker"],
      ["2 sell 1 @ 105 maker"],
    ],
    [
      "market entry, stop within the bar",
      buy({ quantity: 1, stopLoss: 95, takeProfit: 120 }),
      "100/106/94/103",
      ["2 sell 1 @ 95 taker"],
      ["2 sell 1 @ 95 taker"],
      ["2 sell 1 @ 95 taker"],
    ],
    // In by limit at 95 on the way to the low of 94.
    [
      "limit entry, stop within the bar",
      buy({ quantity: 1, limit: 95, stopLoss: 94.5 }),
      "100/106/94/103",
      ["2 sell 1 @ 94.5 taker"],
      ["2 sell 1 @ 94.5 taker"],
      [],
    ],
    [
      "limit entry, target within the bar",
      buy({ quantity: 1, limit: 95, takeProfit: 105 }),
      "100/106/94/103",
      [],
      ["2 sell 1 @ 105 maker"],
      [],
    ],
    [
      "limit entry at a gapped open, stop within the bar",
      buy({ quantity: 1, limit: 95, stopLoss: 90 }),
      "93/96/89/91",
      ["2 sell 1 @ 90 taker"],
      ["2 sell 1 @ 90 taker"],
      [],
    ],
    [
      "limit entry at a gapped open, target within the bar",
      buy({ quantity: 1, limit: 95, takeProfit: 96 }),
      "93/97/92/94",
      [],
      ["2 sell 1 @ 96 maker"],
      [],
    ],
    // In by stop at 105 on the way up from the low.
    [
      "stop entry, stop within the bar",
      buy({ quantity: 1, stop: 105, stopLoss: 100, takeProfit: 107 }),
      "101/106/99/103",
      ["2 sell 1 @ 100 taker"],
      ["2 sell 1 @ 100 taker"],
      [],
    ],
    // The target is touched, the stop nowhere in the bar: no walk could tell another story.
    [
      "stop entry, target touched and stop not",
      buy({ quantity: 1, stop: 105, stopLoss: 95, takeProfit: 107 }),
      "101/108/99/103",
      ["2 sell 1 @ 107 maker"],
      ["2 sell 1 @ 107 maker"],
      [],
    ],
    // Both within: the stop alone is live; with the whole path the target comes first, on the way to the high.
    [
      "stop entry, both within the bar",
      buy({ quantity: 1, stop: 105, stopLoss: 100, takeProfit: 107 }),
      "101/108/99/103",
      ["2 sell 1 @ 100 taker"],
      ["2 sell 1 @ 107 maker"],
      [],
    ],
  ] as const)("%s", (_what, wish, bar, stopOnly, path, nextBar) => {
    expect(settings.map((setting) => exits(wish, bar, setting))).toEqual([stopOnly, path, nextBar]);
  });

  test("a leg that was not live acts from the next bar", () => {
    const entry = buy({ quantity: 1, limit: 95, stopLoss: 90, takeProfit: 105 });
    expect(fillsAfter(entry, "100/106/94/103 103/106/102/104")).toEqual(["2 buy 1 @ 95 maker", "3 sell 1 @ 105 maker"]);
  });

  test("a stop that the close has passed before it was live triggers at the next open", () => {
    const entry = buy({ quantity: 1, limit: 95, stopLoss: 94 });
    // Filled at 95, closed at 93 below the stop; the next open of 97 fills it all the same.
    expect(fillsAfter(entry, "100/100/92/93 97/98/96/97", { venue: { fillBarChildren: "next-bar" } })).toEqual([
      "2 buy 1 @ 95 maker",
      "2 sell 1 @ 97 taker",
    ]);
  });

  test("a stop that the fill has already passed acts at once", () => {
    // Decided at 100 with a stop at 95; the open gaps to 90.
    expect(fillsAfter(buy({ quantity: 1, stopLoss: 95 }), "90/91/89/90 97/98/96/97")).toEqual([
      "1 buy 1 @ 90 taker",
      "1 sell 1 @ 90 taker",
    ]);
  });
});

describe("children", () => {
  test("exist for filled quantity only and grow with it", () => {
    // A tenth of 100: the entry fills 10, then 10, then 5, and its stop grows along.
    const script = { 0: buy({ quantity: 25, stopLoss: 50 }) };
    const text = "100/100/100/100/100 100/100/100/100/100 100/100/100/100/100 100/100/100/100/100";
    expect(tapeOf(script, text, { venue: { participation: 0.1 } }).slice(0, 6)).toEqual([
      "00:01  order buy 25",
      "00:01  fill  buy 10 @ 100",
      "00:01  order sell 10 stop 50: stop loss",
      "00:02  fill  buy 10 @ 100",
      "00:02  amended to 20 stop 50",
      "00:03  fill  buy 5 @ 100",
    ]);
  });

  test("die with the position", () => {
    const script = { 0: bracket({ side: "buy", quantity: 2, stopLoss: 90, takeProfit: 120 }), 1: sell({ quantity: 2 }) };
    expect(tapeOf(script, "100 100 101").slice(-4)).toEqual([
      "00:02  order sell 2",
      "00:02  fill  sell 2 @ 101",
      "00:02  canceled sell 2 (parent)",
      "00:02  canceled sell 2 (parent)",
    ]);
  });

  test("a partial fill of one leg reduces the other", () => {
    const script = { 0: bracket({ side: "buy", quantity: 8, stopLoss: 90, takeProfit: 105 }) };
    // The target gets a tenth of 50: 5; the stop is left with 3, and a gap takes these.
    const text = "100/100/100/100/100 100/100/100/100/100 100/106/100/104/50 80/80/80/80/100";
    expect(tapeOf(script, text, { venue: { participation: 0.1 } }).slice(-4)).toEqual([
      "00:03  fill  sell 5 @ 105",
      "00:03  amended to 3 stop 90",
      "00:03  fill  sell 3 @ 80",
      "00:03  canceled sell 3 (oco)",
    ]);
  });

  test("do not exist for an entry that only closed the other side", () => {
    const script = { 0: sell({ quantity: 5 }), 1: buy({ quantity: 3, stopLoss: 90 }) };
    expect(tapeOf(script, "100 100 100")).toEqual([
      "00:01  order sell 5",
      "00:01  fill  sell 5 @ 100",
      "00:02  order buy 3",
      "00:02  fill  buy 3 @ 100",
    ]);
  });

  test("protect what an entry opened beyond the other side", () => {
    const script = { 0: sell({ quantity: 2 }), 1: buy({ quantity: 5, stopLoss: 90 }) };
    expect(tapeOf(script, "100 100 100").slice(3, 5)).toEqual(["00:02  fill  buy 5 @ 100", "00:02  order sell 3 stop 90: stop loss"]);
  });

  test("two brackets live side by side", () => {
    // Two entries of one; the first stop takes one of two, the second stays.
    const script = { 0: buy({ quantity: 1, stopLoss: 95 }), 1: buy({ quantity: 1, stopLoss: 90 }) };
    expect(tapeOf(script, "100 100 100 100/100/94/96").slice(-2)).toEqual([
      "00:04  fill  sell 1 @ 95",
      "00:04  expired sell 1 (end-of-data)",
    ]);
  });

  test("are canceled by cancelAll and leave the position open", () => {
    const script = { 0: bracket({ side: "buy", quantity: 1, stopLoss: 95, takeProfit: 105 }), 1: cancelAll() };
    expect(tapeOf(script, "100 100 80").slice(-2)).toEqual(["00:02  canceled sell 1 (strategy)", "00:02  canceled sell 1 (strategy)"]);
  });
});
