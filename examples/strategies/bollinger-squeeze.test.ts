import { bars, play } from "@tradepulse/core/testing";
import { expect, test } from "vitest";
import bollingerSqueeze from "./bollinger-squeeze.ts";

const parameters = { period: 3, deviations: 1, memory: 3, window: 1 };

// Mean and deviation of the last 3 closes, and the band one deviation above the mean, by hand:
//
//   close       10     12     10      11      11      11   12      13      14      13      11
//   mean                      10.667  11      10.667  11   11.333  12      13      13.333  12.667
//   deviation                 0.943   0.816   0.471   0    0.471   0.816   0.816   0.471   1.247
//   upper                     11.609  11.816  11.138  11   11.805  12.816  13.816  13.805  13.914
//
// The deviation is the least of three at 11 (00:05) and again at 11 (00:06). One bar later 12 closes above 11.805.
// The close of 13 at 00:10 is below its mean.
const market = bars("10 12 10 11 11 11 12 13 14 13 11 10");

test("bollingerSqueeze() buys the breakout after a squeeze and sells below the middle band", () => {
  // 95 % of 110 buys 8 whole units at 12. The next opens are 13 and 11.
  expect(play(bollingerSqueeze(parameters), market)).toMatchInlineSnapshot(`
    "00:07  order buy 8: broke out of a squeeze
    00:07  fill  buy 8 @ 13
    00:10  order sell 8: close below the middle band
    00:10  fill  sell 8 @ 11"
  `);
});

test("bollingerSqueeze() gives the same tape bar by bar, step by step and fact by fact", () => {
  const strategy = bollingerSqueeze(parameters);
  const tape = play(strategy, market, { driver: "bars" });
  expect(play(strategy, market, { driver: "steps" })).toBe(tape);
  expect(play(strategy, market, { driver: "facts" })).toBe(tape);
});

test("bollingerSqueeze() lets a breakout pass that comes after its window", () => {
  expect(play(bollingerSqueeze({ ...parameters, window: 0 }), market)).toBe("nothing happened");
});

test("bollingerSqueeze() waits until it remembers enough bars to tell a squeeze", () => {
  // Deviations exist from the third bar, three of them from the fifth: the breakout of the fourth is too early.
  expect(play(bollingerSqueeze(parameters), bars("10 10 10 12"))).toBe("nothing happened");
});

test("bollingerSqueeze() does nothing in a market that does not move, though it is one long squeeze", () => {
  expect(play(bollingerSqueeze(parameters), bars("10 10 10 10 10 10 10 10"))).toBe("nothing happened");
});
