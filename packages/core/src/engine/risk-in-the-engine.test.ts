import { expect, test } from "vitest";
import { instrument } from "../model/instrument.ts";
import { riskEngine } from "../risk/risk-engine.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { amend, buy, close } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { play } from "../testing/play.ts";

// The same terms as the instrument that play() makes.
const instruments = [instrument({ id: "TEST@PLAY", lotScale: 0, displayDecimals: 2 })];

const buysThrice = defineStrategy({
  name: "buys-thrice",
  create: () => ({
    onBar(bar) {
      if (bar.index < 3) return buy({ quantity: 4, reason: `buy ${bar.index}` });
    },
  }),
});

test("maxPosition refuses the order that would pass it, with the value and the limit", () => {
  const tape = play(buysThrice(), bars("10 10 10 10 10"), { capital: 1_000, risk: riskEngine({ maxPosition: 8 }, instruments) });
  expect(tape).toMatchInlineSnapshot(`
    "00:01  order buy 4: buy 0
    00:01  fill  buy 4 @ 10
    00:02  order buy 4: buy 1
    00:02  fill  buy 4 @ 10
    00:03  refused buy 4 (max-position)"
  `);
});

test("maxDrawdown latches reduce-only: entries are refused, exits pass", () => {
  const strategy = defineStrategy({
    name: "falls",
    create: () => ({
      onBar(bar) {
        if (bar.index === 0) return buy({ quantity: 50 });
        if (bar.index === 3) return buy({ quantity: 1 });
        if (bar.index === 4) return close();
      },
    }),
  });
  // 50 units bought at 10 for 1,000 of capital: at 7 the account is worth 850, 15 % below its peak.
  const tape = play(strategy(), bars("10 10 9 7 7 7"), {
    capital: 1_000,
    risk: riskEngine({ maxDrawdown: { fromPeak: { fraction: 0.1 } } }, instruments),
  });
  expect(tape).toMatchInlineSnapshot(`
    "00:01  order buy 50
    00:01  fill  buy 50 @ 10
    00:04  trading is reduce-only (max-drawdown)
    00:04  refused buy 1 (max-drawdown)
    00:05  order sell 50
    00:05  fill  sell 50 @ 7"
  `);
});

test("amend() beyond a limit is refused and leaves the order as it was", () => {
  const strategy = defineStrategy({
    name: "amends",
    create: () => ({
      onBar(bar) {
        if (bar.index === 0) return buy({ quantity: 4, limit: 5, tag: "entry" });
        if (bar.index === 1) return amend({ tag: "entry" }, { quantity: 20 });
      },
    }),
  });
  const tape = play(strategy(), bars("10 10 10 10/10/4/10"), { capital: 1_000, risk: riskEngine({ maxOrderQuantity: 8 }, instruments) });
  expect(tape).toMatchInlineSnapshot(`
    "00:01  order buy 4 limit 5
    00:02  amend-refused (max-order-quantity)
    00:04  fill  buy 4 @ 5"
  `);
});
