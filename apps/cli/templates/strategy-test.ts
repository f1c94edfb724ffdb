import assert from "node:assert/strict";
import { test } from "node:test";
import { bars, play } from "@tradepulse/core/testing";
import strategy from "./strategy.ts";

// One number is one bar of a minute. play() runs the strategy with 110 of money, no costs and whole units.
const market = bars("10 10 10 12 13 13 9 8 8");

test("my-strategy buys above its average and sells below it", () => {
  assert.equal(
    play(strategy({ length: 3 }), market),
    [
      "00:04  order buy 8: close rose above its average",
      "00:04  fill  buy 8 @ 13",
      "00:07  order sell 8: close fell below its average",
      "00:07  fill  sell 8 @ 8",
    ].join("\n"),
  );
});

test("my-strategy waits until its average has all its bars", () => {
  assert.equal(play(strategy({ length: 20 }), market), "nothing happened");
});
