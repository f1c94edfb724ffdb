import { describe, expect, test } from "vitest";
import { buy, type Intent, sell, type Trail } from "../strategy/intent.ts";
import { fillsAfter, fillsOfScript } from "../testing/fill-lines.ts";
import { scripted } from "../testing/scripted.ts";
import type { PathModel } from "./path-model.ts";

const long = (trail: Trail): Intent => buy({ quantity: 1, stopLoss: { trail } });
const short = (trail: Trail): Intent => sell({ quantity: 1, stopLoss: { trail } });

/** The exit of a position that was opened at the open of a quiet bar at 100. */
function exit(wish: Intent, text: string, path: PathModel = "worst-case"): string {
  return fillsAfter(wish, `100 ${text}`, { venue: { path } })[1] ?? "open";
}

describe("a trailing stop of a long, 5 below the best price", () => {
  test.each([
    // From 100 the stop stands at 95.
    ["is not reached", "100/100/95.01/100", "worst-case", "open"],
    ["fills at its first price", "100/101/94/97", "worst-case", "3 sell 1 @ 95 taker"],
    ["fills at the open that jumped over it", "93/94/92/93", "worst-case", "2 sell 1 @ 93 taker"],
    // Worst case: low 96 first, high 104 lifts it to 99, then 96 again takes it.
    ["rises with the high and is tested on the way down", "100/104/96/103", "worst-case", "3 sell 1 @ 99 taker"],
    ["low first leaves it where it stood", "100/104/96/103", "olhc", "open"],
    // O-L-H-C: the high lifts it to 103, the close at 102 takes it.
    ["is tested on the way to the close", "100/108/96/102", "olhc", "3 sell 1 @ 103 taker"],
    ["high first lifts it before the low", "100/108/96/107", "ohlc", "3 sell 1 @ 103 taker"],
    // Open 110: tested at 95 first, then lifted to 105, and the low at 104 takes it whatever comes next.
    ["is lifted by the open itself", "110/112/104/111", "olhc", "3 sell 1 @ 105 taker"],
    // The stop of the last close decides at the open: 106 is above 95 although the bar then makes it 101.
    ["is tested at the open as it stood before", "106/106/105/105.5", "worst-case", "open"],
  ] as const)("%s", (_what, bar, path, fill) => {
    expect(exit(long({ amount: 5 }), bar, path)).toBe(fill);
  });

  test("never goes back", () => {
    // 108 lifts it to 103; the next bar's high of 107 does not lower it.
    expect(exit(long({ amount: 5 }), "104/108/104/107 106/107/102.5/103")).toBe("4 sell 1 @ 103 taker");
  });
});

describe("a trailing stop of a short, 5 above the best price", () => {
  test.each([
    ["is not reached", "100/104.99/100/100", "worst-case", "open"],
    ["fills at its first price", "100/106/99/103", "worst-case", "3 buy 1 @ 105 taker"],
    ["fills at the open that jumped over it", "107/108/106/107", "worst-case", "2 buy 1 @ 107 taker"],
    ["falls with the low and is tested on the way up", "100/104/96/97", "worst-case", "3 buy 1 @ 101 taker"],
    ["is lowered by the open itself", "90/96/88/89", "ohlc", "3 buy 1 @ 95 taker"],
  ] as const)("%s", (_what, bar, path, fill) => {
    expect(exit(short({ amount: 5 }), bar, path)).toBe(fill);
  });
});

describe("a trailing stop as a ratio", () => {
  test("stands at the ratio below the best price", () => {
    // 10 % below 120 is 108.
    expect(exit(long({ ratio: 0.1 }), "110/120/109/119 119/119/107/110")).toBe("4 sell 1 @ 108 taker");
  });

  test("is rounded away from the market on a known tick", () => {
    // 0.3 % below 100 is 99.7; on a tick of 0.25 that is 99.50. Above for a short: 100.3 is 100.50.
    const instrument = { priceScale: 2, tickUnits: 25, tickKnown: true };
    expect(fillsAfter(long({ ratio: 0.003 }), "100 100/100/99/99.75", { instrument })[1]).toBe("3 sell 1 @ 99.5 taker");
    expect(fillsAfter(short({ ratio: 0.003 }), "100 100/101/100/100.25", { instrument })[1]).toBe("3 buy 1 @ 100.5 taker");
  });
});

describe("activation and the distance after it", () => {
  test.each([
    // Armed at 100 + 4 = 104: no stop before, and a fall takes nothing.
    ["no stop before the activation", { amount: 2, activation: 4 }, "100/103.99/90/95", "open"],
    // Low 96 first, then the high of 105 arms it at 103, and the way back takes it.
    ["armed by the high", { amount: 2, activation: 4 }, "100/105/96/104", "3 sell 1 @ 103 taker"],
    // Distance 5 until armed, 1 afterwards: at 104 it stands at 103.
    ["a first distance until then", { amount: 5, activation: 4, after: 1 }, "100/103/94/97", "3 sell 1 @ 95 taker"],
    [
      "a closer distance afterwards",
      { amount: 5, activation: 4, after: 1 },
      "101/104/101/103.5 103.5/103.5/101/102",
      "3 sell 1 @ 103 taker",
    ],
    // 4 % of 100 arms it at 104; 1 % below 104 is 102.96.
    ["both as ratios", { ratio: 0.05, activation: 0.04, after: 0.01 }, "101/104/101/103.5 103.5/103.5/101/102", "3 sell 1 @ 102.96 taker"],
  ] as const)("%s", (_what, trail, bars, fill) => {
    expect(exit(long(trail), bars)).toBe(fill);
  });

  test("the activation of a free order counts from the average entry", () => {
    // Entered at 100 and at 110, so 105 on average; an activation of 6 needs 111, not 110 + 6.
    const script = scripted({
      0: buy({ quantity: 1 }),
      1: buy({ quantity: 1 }),
      2: sell({ quantity: 2, trail: { amount: 2, activation: 6 }, reduceOnly: true }),
    });
    expect(fillsOfScript(script, "100 100 110 110/111/110/110.5 110/110/108/108").slice(2)).toEqual(["5 sell 2 @ 109 taker"]);
  });
});

describe("the bar of its own entry, in the worst case", () => {
  test.each([
    // In at 100 with a stop at 95: the low of 96 is not there, the high of 108 would lift it to 103 past the low. It moved just enough
    // to arm (at 100, so 95) and then dived: out at the adverse extreme, 96.
    ["the adverse extreme above the stop at arming", { amount: 5 }, "100/108/96/107", ["1 buy 1 @ 100 taker", "2 sell 1 @ 96 taker"]],
    // The low itself takes the first stop.
    ["the first stop within the bar", { amount: 5 }, "100/108/94/107", ["1 buy 1 @ 100 taker", "2 sell 1 @ 95 taker"]],
    // A high of 100.5 lifts it to 95.5, still below the low.
    ["a favourable extreme that does not lift it past the low", { amount: 5 }, "100/100.5/96/97", ["1 buy 1 @ 100 taker"]],
    // Armed at 104 with a stop at 102; the low at 97 lies below, so it fills at 102.
    ["an activation within the bar", { amount: 2, activation: 4 }, "100/108/97/107", ["1 buy 1 @ 100 taker", "2 sell 1 @ 102 taker"]],
    // Armed at 104; the closer distance of 1 stands at 103.
    [
      "a closer distance once armed",
      { amount: 9, activation: 4, after: 1 },
      "100/108/97/107",
      ["1 buy 1 @ 100 taker", "2 sell 1 @ 103 taker"],
    ],
  ] as const)("%s", (_what, trail, bar, fills) => {
    expect(fillsAfter(long(trail), bar)).toEqual(fills);
  });

  test("a short mirrors it", () => {
    expect(fillsAfter(short({ amount: 5 }), "100/104/92/93")).toEqual(["1 sell 1 @ 100 taker", "2 buy 1 @ 104 taker"]);
  });
});

describe("a trailing order without a position", () => {
  test("a buy follows the price down and enters on the rise", () => {
    // From the last close of 100 it stands at 105; the low of 90 brings it to 95.
    expect(fillsAfter(buy({ quantity: 1, trail: { amount: 5 } }), "94/94/90/91 91/96/91/95")).toEqual(["3 buy 1 @ 95 taker"]);
  });

  test("a sell follows the price up and enters on the fall", () => {
    expect(fillsAfter(sell({ quantity: 1, trail: { amount: 5 } }), "106/110/106/109 109/109/104/105")).toEqual(["3 sell 1 @ 105 taker"]);
  });
});

test("a trailing stop starts from the fill price of its entry, costs included", () => {
  // Bought at 100 plus a slippage of 1: the stop stands at 101 - 5 = 96, the sale slips to 95.
  const slippage = { kind: "ticks", amount: 100, cap: 0 } as const;
  expect(fillsAfter(long({ amount: 5 }), "100 100/100/95.5/97", { venue: { slippage } })).toEqual([
    "1 buy 1 @ 101 taker",
    "3 sell 1 @ 95 taker",
  ]);
});
