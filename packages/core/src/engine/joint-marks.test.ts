import { expect, test } from "vitest";
import { marginAccount } from "../portfolio/account-terms.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { bars as barsInput } from "../strategy/inputs.ts";
import { buy, sell } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { play } from "../testing/play.ts";

const both = defineStrategy({
  name: "both",
  inputs: { a: barsInput(), b: barsInput() },
  create() {
    let done = false;
    return {
      onBars() {
        if (done) return;
        done = true;
        return [sell({ on: "a", quantity: 50 }), buy({ on: "b", quantity: 50 })];
      },
    };
  },
});

// Both legs fill at the opens of the second bar: 50 short at 10 and 50 long at 10 use all of 1000 at a leverage of one. Within that bar
// a rises to 12, which costs the short 100; had the open of b seen that close, only 30 would have been left to buy.
test.each(["steps", "facts"] as const)("the open of one instrument fills before the close of another is known (%s)", (driver) => {
  const a = bars("10 10/12/10/12 12");
  const b = bars("10 10 10");
  const options = { capital: 1000, account: marginAccount({ leverage: 1 }), driver };
  expect(play(both(), { a, b }, options)).toMatchInlineSnapshot(`
    "00:01  order sell 50 A@PLAY
    00:01  order buy 50 B@PLAY
    00:01  fill  sell 50 A@PLAY @ 10
    00:01  fill  buy 50 B@PLAY @ 10"
  `);
});
