import { expect, test } from "vitest";
import { marginAccount } from "../portfolio/account-terms.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { buy, type StopPrice } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { play } from "../testing/play.ts";

function buyOnFirstBar(stopLoss: StopPrice, takeProfit: number) {
  return defineStrategy({
    name: "gapped-entry",
    create: () => ({ onBar: (bar) => (bar.index === 0 ? buy({ quantity: 1, stopLoss, takeProfit }) : undefined) }),
  })();
}

const options = { account: marginAccount({ leverage: 1 }) };

test("play() fills a stop at once when its market entry opens beyond it", () => {
  expect(play(buyOnFirstBar(9, 12), bars("10 8/9.5/7/9 9"), options)).toMatchInlineSnapshot(`
    "00:01  order buy 1
    00:01  fill  buy 1 @ 8
    00:01  order sell 1 stop 9: stop loss
    00:01  order sell 1 limit 12: take profit
    00:01  fill  sell 1 @ 8
    00:01  canceled sell 1 (oco)"
  `);
});

test("play() fills a target at once, at the open and not at its own price, when its market entry opens beyond it", () => {
  expect(play(buyOnFirstBar(9, 12), bars("10 13/13.5/8/9 9"), options)).toMatchInlineSnapshot(`
    "00:01  order buy 1
    00:01  fill  buy 1 @ 13
    00:01  order sell 1 stop 9: stop loss
    00:01  order sell 1 limit 12: take profit
    00:01  fill  sell 1 @ 13
    00:01  canceled sell 1 (oco)"
  `);
});
