import { describe, expect, test } from "vitest";
import { bracket, buy, type Intent, sell } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { fillsAfter, fillsOfScript, RICH } from "../testing/fill-lines.ts";
import { runTest } from "../testing/play.ts";
import { scripted } from "../testing/scripted.ts";
import { lowIsNearer, type PathModel, pathPoints } from "./path-model.ts";

const up = { open: 100, high: 106, low: 94, close: 103 };

describe("pathPoints() names the points after the open", () => {
  test.each([
    ["ohlc", true, [106, 94, 103]],
    ["olhc", true, [94, 106, 103]],
    // Both extremes are 6 away and the bar closes up, so the low comes first.
    ["nearest-extreme-first", true, [94, 106, 103]],
    ["worst-case", true, [94, 106, 94, 103]],
    ["worst-case", false, [106, 94, 106, 103]],
    ["best-case", true, [106, 94, 106, 103]],
    ["best-case", false, [94, 106, 94, 103]],
  ] as const)("%s, adverse low %s", (model, adverseIsLow, points) => {
    const out = new Float64Array(4);
    const count = pathPoints(model, up, adverseIsLow, out);
    expect([...out.subarray(0, count)]).toEqual(points);
  });
});

test("lowIsNearer() takes the nearer extreme, and on a tie the one against the close", () => {
  expect(lowIsNearer(100, 106, 95, 103)).toBe(true);
  expect(lowIsNearer(100, 105, 94, 97)).toBe(false);
  expect(lowIsNearer(100, 106, 94, 103)).toBe(true);
  expect(lowIsNearer(100, 106, 94, 97)).toBe(false);
  expect(lowIsNearer(100, 106, 94, 100)).toBe(true);
});

// A long from 100 with stop 95 and target 105, then a bar that holds both. The walk says which comes first.
describe("a bracket whose stop and target are both within the bar", () => {
  const long = bracket({ side: "buy", quantity: 1, stopLoss: 95, takeProfit: 105 });
  const short = bracket({ side: "sell", quantity: 1, stopLoss: 105, takeProfit: 95 });
  const stopped = "3 sell 1 @ 95 taker";
  const paid = "3 sell 1 @ 105 maker";
  test.each([
    ["worst-case", long, "100/106/94/103", stopped],
    ["best-case", long, "100/106/94/103", paid],
    ["ohlc", long, "100/106/94/103", paid],
    ["olhc", long, "100/106/94/103", stopped],
    ["nearest-extreme-first", long, "100/106/94/103", stopped],
    ["nearest-extreme-first", long, "100/106/94/97", paid],
    ["nearest-extreme-first", long, "100/105.5/94/103", paid],
    ["worst-case", short, "100/106/94/103", "3 buy 1 @ 105 taker"],
    ["best-case", short, "100/106/94/103", "3 buy 1 @ 95 maker"],
    ["ohlc", short, "100/106/94/103", "3 buy 1 @ 105 taker"],
    ["olhc", short, "100/106/94/103", "3 buy 1 @ 95 maker"],
  ] as const)("%s over %s", (path: PathModel, wish: Intent, bar, exit) => {
    const fills = fillsAfter(wish, `100/101/99/100 ${bar}`, { venue: { path } });
    expect(fills.slice(1)).toEqual([exit]);
  });

  test("a gap over the stop fills at the open, before the target can", () => {
    expect(fillsAfter(long, "100/101/99/100 93/106/92/103").slice(1)).toEqual(["2 sell 1 @ 93 taker"]);
  });

  test("a gap over the target fills at the open", () => {
    expect(fillsAfter(long, "100/101/99/100 107/108/94/103").slice(1)).toEqual(["2 sell 1 @ 107 taker"]);
  });
});

describe("worst-case when flat goes against the first order that the walk fills", () => {
  // The stop of the entry is live on the rest of the walk (see bracket-legs.test.ts), so the walk after the entry decides.
  test("a buy limit below: the low first, then the high, then the low again", () => {
    // 100 -> 94 fills the limit at 95; its stop at 94.5 is passed on the way to 94.
    const entry = buy({ quantity: 1, limit: 95, stopLoss: 94.5 });
    expect(fillsAfter(entry, "100/106/94/103")).toEqual(["2 buy 1 @ 95 maker", "2 sell 1 @ 94.5 taker"]);
  });

  test("a buy stop above: after the high the walk returns to the low", () => {
    // O 100, L 94, H 106 fills the stop at 105, L again takes the protective stop at 99.
    const entry = buy({ quantity: 1, stop: 105, stopLoss: 99 });
    expect(fillsAfter(entry, "100/106/94/103")).toEqual(["2 buy 1 @ 105 taker", "2 sell 1 @ 99 taker"]);
  });

  test("a sell stop below: after the low the walk returns to the high", () => {
    const entry = sell({ quantity: 1, stop: 95, stopLoss: 101 });
    expect(fillsAfter(entry, "100/106/94/97")).toEqual(["2 sell 1 @ 95 taker", "2 buy 1 @ 101 taker"]);
  });

  test("an order at the open decides first", () => {
    // Sold at the open: the high is adverse, so the stop at 105 goes before the target at 95.
    const entry = bracket({ side: "sell", quantity: 1, stopLoss: 105, takeProfit: 95 });
    expect(fillsAfter(entry, "100/106/94/97")).toEqual(["1 sell 1 @ 100 taker", "2 buy 1 @ 105 taker"]);
  });

  test("a buy stop and a sell stop that both agree with neither walk take the nearer extreme", () => {
    // Low first would fill the sell stop, whose adverse extreme is the high; high first the buy stop. Low is nearer (5 against 6).
    const both = [buy({ quantity: 1, stop: 105 }), sell({ quantity: 1, stop: 96 })];
    expect(fillsAfter(both, "100/106/95/101")).toEqual(["2 sell 1 @ 96 taker", "2 buy 1 @ 105 taker"]);
  });
});

describe("orders on one segment fill in order of distance", () => {
  test("nearer limits first, whatever their numbers", () => {
    const orders = [buy({ quantity: 1, limit: 95 }), buy({ quantity: 2, limit: 97 }), buy({ quantity: 3, limit: 96 })];
    expect(fillsAfter(orders, "100/101/94/97")).toEqual(["2 buy 2 @ 97 maker", "2 buy 3 @ 96 maker", "2 buy 1 @ 95 maker"]);
  });

  test("at one price stops before limits, then the smaller number", () => {
    const orders = [sell({ quantity: 1, limit: 105 }), buy({ quantity: 2, stop: 105 }), sell({ quantity: 3, limit: 105 })];
    expect(fillsAfter(orders, "100/106/99/103")).toEqual(["2 buy 2 @ 105 taker", "2 sell 1 @ 105 maker", "2 sell 3 @ 105 maker"]);
  });

  test("at the extreme itself all orders that it touches act", () => {
    const orders = [buy({ quantity: 1, limit: 94 }), buy({ quantity: 2, limit: 94 })];
    expect(fillsAfter(orders, "100/101/94/97")).toEqual(["2 buy 1 @ 94 maker", "2 buy 2 @ 94 maker"]);
  });
});

describe("at the open", () => {
  test("reduce-only market orders come first, then what the open has passed, then other market orders", () => {
    const script = scripted({
      0: buy({ quantity: 5 }),
      1: [sell({ quantity: 1, limit: 101 }), buy({ quantity: 2 }), sell({ quantity: 5, reduceOnly: true })],
    });
    // Long 5 from 100. At 102: the reduce-only sale of 5, the limit that the open has passed, then the market buy.
    expect(fillsOfScript(script, "100 100 102")).toEqual([
      "1 buy 5 @ 100 taker",
      "2 sell 5 @ 102 taker",
      "2 sell 1 @ 102 taker",
      "2 buy 2 @ 102 taker",
    ]);
  });

  test("of what the open has passed, reduce-only goes first, then the smaller number", () => {
    const script = scripted({
      0: buy({ quantity: 5 }),
      1: [buy({ quantity: 1, stop: 101 }), sell({ quantity: 2, limit: 101, reduceOnly: true }), sell({ quantity: 1, limit: 101.5 })],
    });
    expect(fillsOfScript(script, "100 100 102").slice(1)).toEqual(["2 sell 2 @ 102 taker", "2 buy 1 @ 102 taker", "2 sell 1 @ 102 taker"]);
  });
});

describe("ambiguity", () => {
  const ambiguous = (wish: Intent | readonly Intent[], text: string): number =>
    runTest(scripted({ 0: wish }), bars(`100 ${text}`), RICH).venue.counts.ambiguousBars;
  const long = bracket({ side: "buy", quantity: 1, stopLoss: 95, takeProfit: 105 });

  test.each([
    ["stop and target within one bar", long, "100/101/99/100 100/106/94/103", 1],
    ["the stop alone within the bar", long, "100/101/99/100 100/104/94/97", 0],
    ["stop and target in the bar of an entry at the open", long, "100/106/94/103", 1],
    ["a gap over the stop", long, "100/101/99/100 93/106/92/103", 0],
    ["two buy limits on one side", [buy({ quantity: 1, limit: 95 }), buy({ quantity: 1, limit: 96 })], "100/101/94/97", 0],
    [
      "a buy limit and a sell limit on both sides",
      [buy({ quantity: 1, limit: 95 }), sell({ quantity: 1, limit: 105 })],
      "100/106/94/97",
      1,
    ],
    // High first: the stop rises to 103 and fills there. Low first: it still stands at 95.
    [
      "a trailing stop that the other extreme would have moved",
      buy({ quantity: 1, stopLoss: { trail: { amount: 5 } } }),
      "100/101/99/100 100/108/94/97",
      1,
    ],
    [
      "a trailing stop that falls from the open",
      buy({ quantity: 1, stopLoss: { trail: { amount: 5 } } }),
      "100/101/99/100 100/100/94/95",
      0,
    ],
    ["nothing within the bar", long, "100/101/99/100 100/101/99/100", 0],
  ] as const)("%s", (_what, wish, text, count) => {
    expect(ambiguous(wish, text)).toBe(count);
  });

  test("names the bars by the time they open", () => {
    const engine = runTest(scripted({ 0: long }), bars("100 100/101/99/100 100/106/94/103"), RICH);
    expect(engine.venue.counts.ambiguousUs).toEqual([120_000_000]);
  });
});
