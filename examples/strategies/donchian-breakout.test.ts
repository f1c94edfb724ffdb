import { bars, play } from "@tradepulse/core/testing";
import { expect, test } from "vitest";
import donchianBreakout from "./donchian-breakout.ts";

const parameters = { entry: 3, exit: 2, range: 2, stop: 2, risk: 0.05 };
const options = { capital: 1010 };

// Bars are open/high/low/close. True ranges 2, 2, then max(12, 9) - min(9, 9) = 3 in the bar of the breakout, so by hand the
// average true range is (2 + 2) / 2 = 2, then 2 + (3 - 2) / 2 = 2.5. The stop lies 2 * 2.5 = 5 below the highest price since entry.
// Five per cent of 1010 is 50.5: at 5 a unit that is 10 units.
const start = "9/10/8/9 9/10/8/9 9/10/8/9 9/12/9/11";
// In at 11, stop at 6; the high of 13 lifts the stop to 8, and the next bar falls through it.
const stopped = bars(`${start} 11/13/11/12 12/12/7/8 8/8/7/7`);

test("donchianBreakout() buys the breakout, sized by its stop, and leaves at the stop that followed the price", () => {
  expect(play(donchianBreakout(parameters), stopped, options)).toMatchInlineSnapshot(`
    "00:04  order buy 10: close above the high of 3 bars
    00:04  fill  buy 10 @ 11
    00:04  order sell 10 trailing: trailing stop
    00:06  fill  sell 10 @ 8"
  `);
});

test("donchianBreakout() sells a close below the shorter low and takes its stop out", () => {
  // The high of 14 puts the stop at 9. The close of 10 is below 11, the lowest low of the two bars before, and above the stop.
  const market = bars(`${start} 11/13/11/12 12/14/12/14 14/14/10/10 10/10/10/10`);
  expect(play(donchianBreakout(parameters), market, options)).toMatchInlineSnapshot(`
    "00:04  order buy 10: close above the high of 3 bars
    00:04  fill  buy 10 @ 11
    00:04  order sell 10 trailing: trailing stop
    00:07  order sell 10: close below the low of 2 bars
    00:07  fill  sell 10 @ 10
    00:07  canceled sell 10 (parent)"
  `);
});

test("donchianBreakout() gives the same tape bar by bar, step by step and fact by fact", () => {
  const strategy = donchianBreakout(parameters);
  const tape = play(strategy, stopped, { ...options, driver: "bars" });
  expect(play(strategy, stopped, { ...options, driver: "steps" })).toBe(tape);
  expect(play(strategy, stopped, { ...options, driver: "facts" })).toBe(tape);
});

test("donchianBreakout() buys less when the market is wilder, so that a stop always costs the same", () => {
  // A breakout bar with a true range of 8 gives an average of 2 + (8 - 2) / 2 = 5 and a stop 10 away: 50.5 buys the risk of 5 units.
  expect(play(donchianBreakout(parameters), bars("9/10/8/9 9/10/8/9 9/10/8/9 9/16/8/15 15"), options)).toContain("order buy 5:");
});

test("donchianBreakout() does not take the high of the breakout bar itself for an earlier one", () => {
  // Every close is the high of its own bar; only a close above the highs of the bars before it counts.
  expect(play(donchianBreakout(parameters), bars("9/12/8/10 10/12/8/12 10/12/8/12 10/12/8/12 10/12/8/12"), options)).toBe(
    "nothing happened",
  );
});

test("donchianBreakout() waits until the channel of the bars before is complete", () => {
  expect(play(donchianBreakout(parameters), bars("9/10/8/9 9/10/8/9 9/12/9/12"), options)).toBe("nothing happened");
});

test("donchianBreakout() does nothing in a market that does not move", () => {
  expect(play(donchianBreakout(parameters), bars("10 10 10 10 10 10 10"), options)).toBe("nothing happened");
});
