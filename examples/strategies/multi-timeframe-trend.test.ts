import { US_PER_DAY } from "@tradepulse/core";
import { bars, play } from "@tradepulse/core/testing";
import { expect, test } from "vitest";
import multiTimeframeTrend from "./multi-timeframe-trend.ts";

const parameters = { tide: 2, wave: 2 };

// One line a week, Monday to Sunday; the first day, 1970-01-01, was a Thursday. Weekly closes are 10, 12, 14, 9, and by hand:
//
//   week ends     01-05  01-12  01-19  01-26
//   close         10     12     14     9
//   average of 2         11     13     10.333
//
// So the tide rises from 01-12 and has turned on 01-26, not before: what happens inside a week is not seen. On the daily bars ema(2)
// moves by 2/3 of the distance: 11.963 on the last day of the second week, 11.321 after 11, 12.440 after 13. The close is below it, then
// above it: a turn up, at the close of the day that began on 01-13.
const weeks = `
                10 10 10 10
  11 11 11 11   12 12 12
  11 13 13 14   14 14 14
  13 12 10  9    9  9  9
   9  9
`;
const market = bars(weeks, US_PER_DAY);

test("multiTimeframeTrend() buys a turn up while weeks rise and sells when a week has ended below its average", () => {
  // 95 % of 110 buys 8 whole units at 13.
  expect(play(multiTimeframeTrend(parameters), market)).toMatchInlineSnapshot(`
    "1970-01-14T00:00Z  order buy 8: turned up in a rising market
    1970-01-14T00:00Z  fill  buy 8 @ 13
    1970-01-26T00:00Z  order sell 8: the weekly trend ended
    1970-01-26T00:00Z  fill  sell 8 @ 9"
  `);
});

test("multiTimeframeTrend() gives the same tape step by step and fact by fact", () => {
  const strategy = multiTimeframeTrend(parameters);
  expect(play(strategy, market, { driver: "facts" })).toBe(play(strategy, market, { driver: "steps" }));
});

test("multiTimeframeTrend() waits until the weekly average has its weeks", () => {
  // Everything up to the end of the second week, its last day left out.
  expect(play(multiTimeframeTrend(parameters), bars("10 10 10 10 11 10 12 11 13 12", US_PER_DAY))).toBe("nothing happened");
});

test("multiTimeframeTrend() ignores a turn up while weeks fall", () => {
  expect(play(multiTimeframeTrend(parameters), bars("20 20 20 20 19 19 18 18 17 17 17 16 18 17 19", US_PER_DAY))).toBe("nothing happened");
});

test("multiTimeframeTrend() does nothing in a market that does not move", () => {
  expect(play(multiTimeframeTrend(parameters), bars("10 ".repeat(40), US_PER_DAY))).toBe("nothing happened");
});
