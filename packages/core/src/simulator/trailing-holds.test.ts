import { describe, expect, test } from "vitest";
import { buy, sell, type Trail } from "../strategy/intent.ts";
import { fillsAfter, RICH } from "../testing/fill-lines.ts";

const trail: Trail = { amount: 10, activation: 5, after: 2, holds: true };
const long = buy({ quantity: 1, stopLoss: { trail } });

describe("a trailing stop that holds until its activation", () => {
  test("stands still at its distance from the entry while the price rises less than the activation", () => {
    // In at 100: the stop stays at 90 although the high of 104 would lift a following one to 94.
    expect(fillsAfter(long, "100 104/104/92/93 93/93/89/91", RICH)).toEqual(["1 buy 1 @ 100 taker", "4 sell 1 @ 90 taker"]);
  });

  test("follows at the nearer distance from then on", () => {
    // The high of 106 starts it: 106 - 2 = 104, and the low of the same bar comes after.
    expect(fillsAfter(long, "100 101/106/101/105", RICH)).toEqual(["1 buy 1 @ 100 taker", "3 sell 1 @ 104 taker"]);
  });

  test("a short mirrors it", () => {
    const short = sell({ quantity: 1, stopLoss: { trail } });
    expect(fillsAfter(short, "100 96/108/96/107 107/111/107/109", RICH)).toEqual(["1 sell 1 @ 100 taker", "4 buy 1 @ 110 taker"]);
  });
});
