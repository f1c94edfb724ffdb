import { expect, test } from "vitest";
import { BarSeries } from "../market/bar-series.ts";
import type { OperatorFact } from "../model/fact.ts";
import { instrument } from "../model/instrument.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import { riskEngine } from "../risk/risk-engine.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { buy } from "../strategy/intent.ts";
import { tape } from "../testing/tape.ts";
import { Engine } from "./engine.ts";
import { engineOptions } from "./engine-options.ts";
import { FactDriver } from "./fact-driver.ts";

/** An engine that fills its own orders, driven by facts: a number is the price of a minute, a word is the operator's. */
function played(facts: readonly (number | OperatorFact["action"])[]): string {
  const instruments = [instrument({ id: "TEST@SIM", lotScale: 0 })];
  const strategy = defineStrategy({
    name: "every-other-bar",
    create: () => ({ onBar: (bar) => (bar.index % 2 === 0 ? buy({ quantity: 1 }) : buy({ quantity: 1, limit: 5 })) }),
  });
  const engine = new Engine({
    instruments,
    series: [BarSeries.growing("main", 0, US_PER_MINUTE, 64, false)],
    strategy: strategy(),
    options: engineOptions({ capital: 1_000, risk: riskEngine({}, instruments) }),
  });
  const driver = new FactDriver(engine);
  let seq = 0;
  let timeUs = 0;
  for (const fact of facts) {
    seq += 1;
    if (typeof fact === "string") {
      driver.process({ kind: "operator", seq, timeUs, receiveUs: timeUs, action: fact, reason: "test" });
      continue;
    }
    const openUs = timeUs;
    timeUs += US_PER_MINUTE;
    const bar = { openUs, closeUs: timeUs, open: fact, high: fact, low: fact, close: fact, volume: 0 };
    driver.process({ kind: "bar", seq, timeUs, receiveUs: timeUs, seriesIndex: 0, ...bar });
    seq += 1;
    driver.process({ kind: "step", seq, timeUs, receiveUs: timeUs });
  }
  return tape(engine.events, engine.instruments, "all");
}

test("a halt stops new orders in an engine that fills its own, cancel-all ends what works, flatten closes at the next open", () => {
  expect(played([10, 10, "halt", "cancel-all", "flatten", 11, 11, "enable", 11])).toMatchInlineSnapshot(`
    "00:01  order #1 buy 1
    00:01  accepted #1
    00:01  fill  #1 buy 1 @ 10
    00:02  order #2 buy 1 limit 5
    00:02  accepted #2
    00:02  trading is halted (trading-halted)
    00:02  canceled #2 buy 1 (operator)
    00:02  order #3 sell 1: test
    00:02  accepted #3
    00:02  fill  #3 sell 1 @ 11
    00:03  refused #4 buy 1 (trading-halted)
    00:04  refused #5 buy 1 (trading-halted)
    00:04  trading is enabled (none)
    00:05  order #6 buy 1
    00:05  accepted #6"
  `);
});

test("while a strategy is held it sees every bar, and none of its wishes is carried out", () => {
  expect(played(["hold", 10, 10, "release", 10]).split("\n")).toEqual(["00:03  order #1 buy 1", "00:03  accepted #1"]);
});
