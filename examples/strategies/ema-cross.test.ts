import { bars, play } from "@tradepulse/core/testing";
import { expect, test } from "vitest";
import emaCross from "./ema-cross.ts";

// With ema(2) = quick and ema(4) = steady, quick moves by 2/3 of the distance to the close, steady by 2/5. By hand:
//
//   close   10     10     10     10     11      12      13      13      11      9
//   quick          10     10     10     10.667  11.556  12.519  12.840  11.613  9.871
//   steady                       10     10.400  11.040  11.824  12.294  11.777  10.666
//
// Quick stands above steady from the bar that closes at 00:05 and below it from the one that closes at 00:09.
const market = bars("10 10 10 10 11 12 13 13 11 9 8");

test("emaCross() buys the cross up, sells the cross down, and trades nothing in between", () => {
  // 95 % of 110 buys 9 whole units at the close of 11; the next open is 12, then 9.
  expect(play(emaCross({ fast: 2, slow: 4 }), market)).toMatchInlineSnapshot(`
    "00:05  order buy 9: fast average crossed above slow
    00:05  fill  buy 9 @ 12
    00:09  order sell 9: fast average crossed below slow
    00:09  fill  sell 9 @ 9"
  `);
});

test("emaCross() gives the same tape bar by bar, step by step and fact by fact", () => {
  const strategy = emaCross({ fast: 2, slow: 4 });
  const tape = play(strategy, market, { driver: "bars" });
  expect(play(strategy, market, { driver: "steps" })).toBe(tape);
  expect(play(strategy, market, { driver: "facts" })).toBe(tape);
});

test("emaCross() waits until the slow average has its bars", () => {
  expect(play(emaCross({ fast: 2, slow: 4 }), bars("10 20 30"))).toBe("nothing happened");
});

test("emaCross() does nothing in a market that does not move", () => {
  expect(play(emaCross({ fast: 2, slow: 4 }), bars("10 10 10 10 10 10 10 10"))).toBe("nothing happened");
});

test("emaCross() does nothing while the market only falls", () => {
  expect(play(emaCross({ fast: 2, slow: 4 }), bars("20 19 18 17 16 15 14"))).toBe("nothing happened");
});
