import { describe, expect, test } from "vitest";
import { buy, type OrderOptions, sell } from "../strategy/intent.ts";
import { fillsAfter } from "../testing/fill-lines.ts";

// Every order is decided at a close of 100. A word is open/high/low/close of the next bar: a fill at its open is told at minute 1,
// one on its path at minute 2. Prices were worked out by hand from the table of bar fills.
type Row = readonly [what: string, order: OrderOptions, bar: string, fills: readonly string[]];

const BUYS: readonly Row[] = [
  ["a market order fills at the open", {}, "102/105/99/101", ["1 buy 1 @ 102 taker"]],

  ["a limit that the bar does not reach rests", { limit: 95 }, "102/105/95.01/101", []],
  ["a limit that the path reaches fills at the limit", { limit: 95 }, "100/101/94/97", ["2 buy 1 @ 95 maker"]],
  ["a limit reached by the low itself fills", { limit: 95 }, "100/101/95/97", ["2 buy 1 @ 95 maker"]],
  ["a limit that the open has passed fills at the open", { limit: 95 }, "93/96/92/94", ["1 buy 1 @ 93 taker"]],
  ["a limit at which the bar opens fills there", { limit: 95 }, "95/97/94/96", ["1 buy 1 @ 95 taker"]],
  ["a marketable limit fills at the open, not at the limit", { limit: 103 }, "101/102/99/100", ["1 buy 1 @ 101 taker"]],

  ["a stop that the bar does not reach rests", { stop: 105 }, "100/104.99/95/101", []],
  ["a stop that the path reaches fills at the stop", { stop: 105 }, "100/106/99/103", ["2 buy 1 @ 105 taker"]],
  ["a stop that the open has passed fills at the open", { stop: 105 }, "108/109/104/106", ["1 buy 1 @ 108 taker"]],
  ["a stop already passed at submit triggers at the next open", { stop: 99 }, "97/98/96/97", ["1 buy 1 @ 97 taker"]],

  ["a stop-limit fills where it triggers when the limit allows", { stop: 105, limit: 106 }, "100/107/99/103", ["2 buy 1 @ 105 taker"]],
  [
    "a stop-limit opened between stop and limit fills at the open",
    { stop: 105, limit: 106 },
    "105.5/107/104/106",
    ["1 buy 1 @ 105.5 taker"],
  ],
  ["a stop-limit opened beyond its limit waits for the return", { stop: 105, limit: 106 }, "108/109/104/107", ["2 buy 1 @ 106 maker"]],
  ["a stop-limit opened beyond its limit rests without a return", { stop: 105, limit: 106 }, "108/109/106.5/107", []],
  ["a stop-limit with its limit below the stop waits for the return", { stop: 105, limit: 104 }, "100/106/99/103", ["2 buy 1 @ 104 maker"]],

  ["a market-if-touched fills where the path touches it", { touch: 95 }, "100/101/94/97", ["2 buy 1 @ 95 taker"]],
  ["a market-if-touched that the open has passed fills at the open", { touch: 95 }, "93/96/92/94", ["1 buy 1 @ 93 taker"]],
  ["a market-if-touched that is not touched rests", { touch: 95 }, "100/101/95.5/97", []],
  ["a market-if-touched already touched triggers at the next open", { touch: 101 }, "104/106/103/105", ["1 buy 1 @ 104 taker"]],

  ["a limit-if-touched fills at the touch when its limit allows", { touch: 95, limit: 96 }, "100/101/94/97", ["2 buy 1 @ 95 taker"]],
  ["a limit-if-touched rests as a limit below the touch", { touch: 95, limit: 94 }, "100/101/93/97", ["2 buy 1 @ 94 maker"]],
  ["a limit-if-touched whose limit stays untouched rests", { touch: 95, limit: 94 }, "100/101/94.5/97", []],
  ["a limit-if-touched that the open has passed fills at the open", { touch: 95, limit: 94 }, "93/96/92/94", ["1 buy 1 @ 93 taker"]],
  ["a limit-if-touched already touched rests as a limit", { touch: 101, limit: 103 }, "104/106/102/105", ["2 buy 1 @ 103 maker"]],
];

// The mirror at 100: prices p become 200 - p, highs become lows.
const SELLS: readonly Row[] = [
  ["a market order fills at the open", {}, "98/101/95/99", ["1 sell 1 @ 98 taker"]],

  ["a limit that the bar does not reach rests", { limit: 105 }, "98/104.99/95/99", []],
  ["a limit that the path reaches fills at the limit", { limit: 105 }, "100/106/99/103", ["2 sell 1 @ 105 maker"]],
  ["a limit reached by the high itself fills", { limit: 105 }, "100/105/99/103", ["2 sell 1 @ 105 maker"]],
  ["a limit that the open has passed fills at the open", { limit: 105 }, "107/108/104/106", ["1 sell 1 @ 107 taker"]],
  ["a limit at which the bar opens fills there", { limit: 105 }, "105/106/103/104", ["1 sell 1 @ 105 taker"]],
  ["a marketable limit fills at the open, not at the limit", { limit: 97 }, "99/101/98/100", ["1 sell 1 @ 99 taker"]],

  ["a stop that the bar does not reach rests", { stop: 95 }, "100/105/95.01/99", []],
  ["a stop that the path reaches fills at the stop", { stop: 95 }, "100/101/94/97", ["2 sell 1 @ 95 taker"]],
  ["a stop that the open has passed fills at the open", { stop: 95 }, "92/96/91/94", ["1 sell 1 @ 92 taker"]],
  ["a stop already passed at submit triggers at the next open", { stop: 101 }, "103/104/102/103", ["1 sell 1 @ 103 taker"]],

  ["a stop-limit fills where it triggers when the limit allows", { stop: 95, limit: 94 }, "100/101/93/97", ["2 sell 1 @ 95 taker"]],
  ["a stop-limit opened between stop and limit fills at the open", { stop: 95, limit: 94 }, "94.5/96/93/94", ["1 sell 1 @ 94.5 taker"]],
  ["a stop-limit opened beyond its limit waits for the return", { stop: 95, limit: 94 }, "92/96/91/93", ["2 sell 1 @ 94 maker"]],
  ["a stop-limit opened beyond its limit rests without a return", { stop: 95, limit: 94 }, "92/93.5/91/93", []],
  ["a stop-limit with its limit above the stop waits for the return", { stop: 95, limit: 96 }, "100/101/94/97", ["2 sell 1 @ 96 maker"]],

  ["a market-if-touched fills where the path touches it", { touch: 105 }, "100/106/99/103", ["2 sell 1 @ 105 taker"]],
  ["a market-if-touched that the open has passed fills at the open", { touch: 105 }, "107/108/104/106", ["1 sell 1 @ 107 taker"]],
  ["a market-if-touched that is not touched rests", { touch: 105 }, "100/104.5/99/103", []],
  ["a market-if-touched already touched triggers at the next open", { touch: 99 }, "96/97/94/95", ["1 sell 1 @ 96 taker"]],

  ["a limit-if-touched fills at the touch when its limit allows", { touch: 105, limit: 104 }, "100/106/99/103", ["2 sell 1 @ 105 taker"]],
  ["a limit-if-touched rests as a limit above the touch", { touch: 105, limit: 106 }, "100/107/99/103", ["2 sell 1 @ 106 maker"]],
  ["a limit-if-touched whose limit stays untouched rests", { touch: 105, limit: 106 }, "100/105.5/99/103", []],
  [
    "a limit-if-touched that the open has passed fills at the open",
    { touch: 105, limit: 106 },
    "107/108/104/106",
    ["1 sell 1 @ 107 taker"],
  ],
  ["a limit-if-touched already touched rests as a limit", { touch: 99, limit: 97 }, "96/98/94/95", ["2 sell 1 @ 97 maker"]],
];

describe("buys", () => {
  test.each(BUYS)("%s", (_what, order, bar, fills) => {
    expect(fillsAfter(buy({ quantity: 1, ...order }), bar)).toEqual(fills);
  });
});

describe("sells", () => {
  test.each(SELLS)("%s", (_what, order, bar, fills) => {
    expect(fillsAfter(sell({ quantity: 1, ...order }), bar)).toEqual(fills);
  });
});

describe("a stop-limit whose limit lies behind the stop depends on the walk", () => {
  const order = buy({ quantity: 1, stop: 105, limit: 104 });
  // High first: triggered at 105 on the way up, filled at 104 on the way down. Low first: triggered on the way to the high, then the
  // close decides.
  test.each([
    ["ohlc", "100/106/99/105", ["2 buy 1 @ 104 maker"]],
    ["olhc", "100/106/99/105", []],
    ["olhc", "100/106/99/103", ["2 buy 1 @ 104 maker"]],
  ] as const)("%s over %s", (path, bar, fills) => {
    expect(fillsAfter(order, bar, { venue: { path } })).toEqual(fills);
  });
});

describe("fillThroughTicks", () => {
  // One tick of 0.01 beyond the limit; the fill itself stays at the limit.
  test.each([
    ["the low at the limit is not enough", "100/101/95/97", []],
    ["the low one tick beyond is", "100/101/94.99/97", ["2 buy 1 @ 95 maker"]],
    ["an open at the limit is not enough either", "95/97/95/96", []],
    ["an open beyond it fills at the open", "94.99/97/94.99/96", ["1 buy 1 @ 94.99 taker"]],
  ] as const)("%s", (_what, bar, fills) => {
    expect(fillsAfter(buy({ quantity: 1, limit: 95 }), bar, { venue: { fillThroughTicks: 1 } })).toEqual(fills);
  });
});

test("an order decided at a close never fills in that bar", () => {
  // The first bar itself stands at 100 only; a limit at 100 could fill in it, were it live there.
  expect(fillsAfter(buy({ quantity: 1, limit: 100 }), "101/102/100.5/101")).toEqual([]);
});

test("an order that rests fills in a later bar", () => {
  expect(fillsAfter(buy({ quantity: 1, limit: 95 }), "100 99/100/96/97 97/98/94/95")).toEqual(["4 buy 1 @ 95 maker"]);
});
