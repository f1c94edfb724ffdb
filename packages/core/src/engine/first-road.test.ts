import { expect, test } from "vitest";
import { ema } from "../indicators/ema.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { buy, close } from "../strategy/intent.ts";
import { param } from "../strategy/param.ts";
import { bars } from "../testing/bars.ts";
import { play, runTest } from "../testing/play.ts";
import { runHash } from "./digest.ts";

const emaCross = defineStrategy({
  name: "ema-cross",
  params: { fast: param.int(12, { min: 2, max: 50 }), slow: param.int(26, { min: 3, max: 200 }), fraction: param.ratio(0.95) },
  create({ fast, slow, fraction }, { indicator }) {
    const quick = indicator(ema(fast));
    const steady = indicator(ema(slow));
    return {
      onBar(_bar, { position }) {
        if (!steady.ready) return;
        if (position.isFlat && quick.value > steady.value) return buy({ fraction, reason: "fast average crossed above slow" });
        if (position.isLong && quick.value < steady.value) return close({ reason: "fast average crossed below slow" });
      },
    };
  },
});

test("emaCross() buys the cross up, sells the cross down, and trades nothing in between", () => {
  const market = bars("10 10 10 10 11 12 13 13 11 9 8");
  expect(play(emaCross({ fast: 2, slow: 4 }), market)).toMatchInlineSnapshot(`
    "00:05  order buy 9: fast average crossed above slow
    00:05  fill  buy 9 @ 12
    00:09  order sell 9: fast average crossed below slow
    00:09  fill  sell 9 @ 9"
  `);
});

test("the bar loop, the step driver and process(fact) give one event list", () => {
  const market = bars("10 10 10 10 11 12 13 13 11 9 8 9 11 13 14 10 8");
  const hashes = (["bars", "steps", "facts"] as const).map((driver) =>
    runHash(runTest(emaCross({ fast: 2, slow: 4 }), market, { driver }).events),
  );
  expect(new Set(hashes).size).toBe(1);
});
