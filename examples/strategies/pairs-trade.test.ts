import { marginAccount } from "@tradepulse/core";
import { bars, play } from "@tradepulse/core/testing";
import { expect, test } from "vitest";
import pairsTrade from "./pairs-trade.ts";

const parameters = { period: 4, entry: 1.5, exit: 0, fraction: 0.5 };
const options = { capital: 1010, account: marginAccount({ leverage: 1 }) };

// The spread ln(a / b) is 0 until a rises to 12; call it s then. Over four bars, by hand:
//
//   spreads        0 0 0 s             0 0 s s     0 s s 0
//   mean           s/4                 s/2         s/2
//   deviation      s * sqrt(3) / 4     s/2         s/2
//   z-score        sqrt(3) = 1.7       1           -1
//
// Half of 1010 is 505 for each leg: 42 units at 12 and 50 at 10.
const together = { a: bars("10 10 10 10 12 12 10 10"), b: bars("10 10 10 10 10 10 10 10") };

test("pairsTrade() sells the dear one, buys the cheap one, and closes both when they have met again", () => {
  expect(play(pairsTrade(parameters), together, options)).toMatchInlineSnapshot(`
    "00:05  order sell 42 A@PLAY: 1.7 deviations apart
    00:05  order buy 50 B@PLAY: 1.7 deviations apart
    00:05  fill  sell 42 A@PLAY @ 12
    00:05  fill  buy 50 B@PLAY @ 10
    00:07  order buy 42 A@PLAY: the pair met again
    00:07  order sell 50 B@PLAY: the pair met again
    00:07  fill  buy 42 A@PLAY @ 10
    00:07  fill  sell 50 B@PLAY @ 10"
  `);
});

test("pairsTrade() does the mirror when the two change places", () => {
  const tape = play(pairsTrade(parameters), { a: together.b, b: together.a }, options);
  expect(tape.split("\n").slice(0, 2)).toEqual([
    "00:05  order buy 50 A@PLAY: -1.7 deviations apart",
    "00:05  order sell 42 B@PLAY: -1.7 deviations apart",
  ]);
});

test("pairsTrade() gives the same tape step by step and fact by fact", () => {
  const strategy = pairsTrade(parameters);
  expect(play(strategy, together, { ...options, driver: "facts" })).toBe(play(strategy, together, { ...options, driver: "steps" }));
});

test("pairsTrade() closes a pair that breaks apart and leaves it alone until it has met again", () => {
  // Powers of 1.1, so that spreads are multiples of s. Over six bars, by hand:
  //
  //   closes at      00:06        00:07        00:08        00:09         00:10
  //   spreads / s    0 0 0 0 0 1  0 0 0 0 1 1  0 0 0 1 1 4  0 0 1 1 4 4   0 1 1 4 4 8
  //   z-score        2.24         1.41         2.12         1.37          1.85
  //
  // 2.24 is too far already, 1.41 opens the pair, 2.12 breaks it, and 1.85 would open it again had it met in between.
  const a = bars("10 10 10 10 10 11 11 11/14.641/11/14.641 14.641 21.4358881 21.4358881");
  const b = bars("10 10 10 10 10 10 10 10 10 10 10");
  const strategy = pairsTrade({ period: 6, entry: 1.4, exit: 0, giveUp: 2.1, fraction: 0.5 });
  expect(play(strategy, { a, b }, options)).toMatchInlineSnapshot(`
    "00:07  order sell 45 A@PLAY: 1.4 deviations apart
    00:07  order buy 50 B@PLAY: 1.4 deviations apart
    00:07  fill  sell 45 A@PLAY @ 11
    00:07  fill  buy 50 B@PLAY @ 10
    00:08  order buy 45 A@PLAY: the pair broke apart
    00:08  order sell 50 B@PLAY: the pair broke apart
    00:08  fill  buy 45 A@PLAY @ 14.641
    00:08  fill  sell 50 B@PLAY @ 10"
  `);
});

test("pairsTrade() gives the leg up that stands alone, as in a cash account, which cannot sell short", () => {
  expect(play(pairsTrade(parameters), together, { capital: 1010 })).toMatchInlineSnapshot(`
    "00:05  refused sell 42 A@PLAY (no-short)
    00:05  order buy 50 B@PLAY: 1.7 deviations apart
    00:05  fill  buy 50 B@PLAY @ 10
    00:06  order sell 50 B@PLAY: the other leg is missing
    00:06  fill  sell 50 B@PLAY @ 10"
  `);
});

test("pairsTrade() judges the pair only at instants at which both have a bar", () => {
  // Without its bar at 00:05, b cannot be compared with the rise of a; at 00:06 the spreads are 0 0 0 s, one bar later.
  const b = bars("10 10 10 10 - 10 10 10");
  const lines = play(pairsTrade(parameters), { a: together.a, b }, options).split("\n");
  expect(lines[0]).toBe("00:06  order sell 42 A@PLAY: 1.7 deviations apart");
});

test("pairsTrade() waits until the pair has its bars", () => {
  expect(play(pairsTrade(parameters), { a: bars("10 11 12"), b: bars("10 10 10") }, options)).toBe("nothing happened");
});

test("pairsTrade() does nothing while two markets move as one", () => {
  expect(play(pairsTrade(parameters), { a: bars("10 11 12 13 14 15"), b: bars("10 11 12 13 14 15") }, options)).toBe("nothing happened");
});
