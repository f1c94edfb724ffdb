import { bars, play } from "@tradepulse/core/testing";
import { expect, test } from "vitest";
import rsiMeanReversion from "./rsi-mean-reversion.ts";

const parameters = { period: 2, oversold: 40, recovered: 70, trend: 8, patience: 2 };

// The index is 100 * gain / (gain + loss); with a period of 2 both averages keep half of what they were and take half of the change.
// Rising by 2 a bar, gain is 2 and loss 0. Then, by hand:
//
//   close          22     18          24
//   gain, loss     2, 0   1, 2        3.5, 1
//   index          100    33          78
//   average of 8          16.25
//
// The dip to 18 is oversold above the average of its last 8 closes: (10 + 12 + 14 + 16 + 18 + 20 + 22 + 18) / 8 = 16.25.
const recovery = bars("10 12 14 16 18 20 22 18 18/24/18/24 24");

test("rsiMeanReversion() buys a dip above the average and sells the recovery", () => {
  // 95 % of 110 buys 5 whole units at 18.
  expect(play(rsiMeanReversion(parameters), recovery)).toMatchInlineSnapshot(`
    "00:08  order buy 5: oversold at 33
    00:08  fill  buy 5 @ 18
    00:09  order sell 5: recovered to 78
    00:09  fill  sell 5 @ 24"
  `);
});

test("rsiMeanReversion() gives up two bars after the bar of its entry when the price stays down", () => {
  // A close that does not change halves gain and loss alike: the index stays at 33. The entry fills in the bar that closes at 00:09.
  expect(play(rsiMeanReversion(parameters), bars("10 12 14 16 18 20 22 18 18 18 18 18"))).toMatchInlineSnapshot(`
    "00:08  order buy 5: oversold at 33
    00:08  fill  buy 5 @ 18
    00:11  order sell 5: no recovery in 2 bars
    00:11  fill  sell 5 @ 18"
  `);
});

test("rsiMeanReversion() gives the same tape bar by bar, step by step and fact by fact", () => {
  const strategy = rsiMeanReversion(parameters);
  const tape = play(strategy, recovery, { driver: "bars" });
  expect(play(strategy, recovery, { driver: "steps" })).toBe(tape);
  expect(play(strategy, recovery, { driver: "facts" })).toBe(tape);
});

test("rsiMeanReversion() leaves a dip alone that has fallen below the average", () => {
  // 15 is below (10 + 12 + 14 + 16 + 18 + 20 + 22 + 15) / 8 = 15.875, and so are the bars after it.
  expect(play(rsiMeanReversion(parameters), bars("10 12 14 16 18 20 22 15 14 13 13"))).toBe("nothing happened");
});

test("rsiMeanReversion() waits until its average has its bars", () => {
  expect(play(rsiMeanReversion(parameters), bars("10 12 14 12 10 8 6"))).toBe("nothing happened");
});

test("rsiMeanReversion() does nothing in a market that does not move", () => {
  expect(play(rsiMeanReversion(parameters), bars("10 10 10 10 10 10 10 10 10 10 10"))).toBe("nothing happened");
});
