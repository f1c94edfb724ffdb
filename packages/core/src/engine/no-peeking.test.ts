import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ema } from "../indicators/ema.ts";
import { zscore } from "../indicators/zscore.ts";
import { barColumnsOf } from "../model/bar.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import { marginAccount } from "../portfolio/account-terms.ts";
import { type BoundStrategy, defineStrategy } from "../strategy/define-strategy.ts";
import { bars as barsInput } from "../strategy/inputs.ts";
import { buy, close, target } from "../strategy/intent.ts";
import type { TestMarket } from "../testing/bars.ts";
import { Dice } from "../testing/dice.ts";
import { firstDifference, shuffled } from "../testing/future.ts";
import { runTest } from "../testing/play.ts";
import { randomMarket } from "../testing/random-market.ts";
import { randomOptions } from "../testing/random-options.ts";
import { randomTrader } from "../testing/random-trader.ts";

/** A slow and a fast view of the same market, indicators on both: what could leak a later value. */
const twoSpeeds = defineStrategy({
  name: "two-speeds",
  inputs: { main: barsInput(), slow: barsInput({ of: "main", interval: "5m" }) },
  create(_params, { main, slow, indicator }) {
    const quick = indicator(ema(3));
    const steady = indicator(ema(3), { of: slow });
    const score = indicator(zscore(5), { of: main.close });
    return {
      onBars({ position }) {
        if (!steady.ready || !score.ready) return;
        if (position.isFlat && quick.value > steady.value) return buy({ fraction: 0.9, stopLoss: { trail: { ratio: 0.02 } } });
        if (position.isLong && score.value < -1) return close();
      },
    };
  },
});

const worlds = fc.record({
  market: fc.nat(),
  trader: fc.nat(),
  options: fc.nat(),
  rows: fc.integer({ min: 2, max: 70 }),
  cut: fc.double({ min: 0, max: 1, noNaN: true }),
});
const cutOf = ({ rows, cut }: { readonly rows: number; readonly cut: number }): number => 1 + Math.floor(cut * (rows - 2));

describe("nothing that comes later changes what was before", () => {
  test("when the future is cut off", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const market = randomMarket(world.market, world.rows);
        const options = randomOptions(world.options);
        expect(firstDifference(() => randomTrader(world.trader), market, cutOf(world), options)).toBeUndefined();
        expect(firstDifference(() => twoSpeeds(), market, cutOf(world))).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });

  test("when the future is shuffled", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const cut = cutOf(world);
        const market = shuffled(randomMarket(world.market, world.rows), cut, world.market);
        const options = randomOptions(world.options);
        expect(firstDifference(() => randomTrader(world.trader), market, cut, options)).toBeUndefined();
        expect(firstDifference(() => twoSpeeds(), market, cut)).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });
});

/** A random walk of bars: each opens where the last closed, so the sign of a bar says nothing about the next. */
function randomWalk(seed: number, rows: number): TestMarket {
  const dice = new Dice(seed);
  let price = 10_000;
  const out = Array.from({ length: rows }, (_, k) => {
    const open = price;
    price = Math.max(1, open + dice.whole(-10, 10));
    const { high, low } = { high: Math.max(open, price), low: Math.min(open, price) };
    return { openUs: k * US_PER_MINUTE, closeUs: (k + 1) * US_PER_MINUTE, open, high, low, close: price, volume: Number.NaN };
  });
  return { columns: barColumnsOf(out), intervalUs: US_PER_MINUTE };
}

/** Holds one unit by the sign of the bar that just closed. */
const signOfBar = defineStrategy({
  name: "sign-of-bar",
  create: () => ({ onBar: (bar) => (bar.close === bar.open ? undefined : target({ quantity: Math.sign(bar.close - bar.open) })) }),
});

/** The same with the sign of the bar to come, which it reads behind the engine's back: the planted defect. */
const signOfNextBar = (market: TestMarket): BoundStrategy =>
  defineStrategy({
    name: "sign-of-next-bar",
    create: () => ({
      onBar(bar) {
        const { open, close: last } = market.columns;
        const move = last[bar.index + 1]! - open[bar.index + 1]!;
        return move === 0 || Number.isNaN(move) ? undefined : target({ quantity: Math.sign(move) });
      },
    }),
  })();

describe("the sign of the current bar on a random walk", () => {
  const market = randomWalk(7, 5_000);
  const options = { capital: 1_000_000, account: marginAccount({ leverage: 1 }) };
  const profit = (strategy: BoundStrategy): number => runTest(strategy, market, options).equity - 1_000_000;
  const { open, close: last } = market.columns;
  const sumOfMoves = Array.from(last).reduce((sum, price, k) => sum + Math.abs(price - open[k]!), 0);

  test("earns about nothing: a position decided at a close earns from the next open on", () => {
    // 5,000 moves of up to 10: their standard deviation is sqrt(110 / 3), that of the sum 430. The earlier system earned the sum of all.
    expect(Math.abs(profit(signOfBar()))).toBeLessThan(3 * 430);
    expect(sumOfMoves).toBeGreaterThan(20_000);
  });

  test("a planted look ahead earns the sum of the moves, and is caught by cutting and by shuffling the future", () => {
    expect(profit(signOfNextBar(market))).toBeGreaterThan(0.95 * sumOfMoves);
    const short = randomWalk(8, 60);
    const cuts = Array.from({ length: 50 }, (_, k) => k + 5);
    const caught = (strategy: (market: TestMarket) => BoundStrategy, other: (cut: number) => TestMarket): number =>
      cuts.filter((cut) => firstDifference(strategy, other(cut), cut, options) !== undefined).length;
    const cutOff = (): TestMarket => short;
    const mixed = (cut: number): TestMarket => shuffled(short, cut, cut);
    expect(caught(signOfNextBar, cutOff)).toBeGreaterThan(10);
    expect(caught(signOfNextBar, mixed)).toBeGreaterThan(10);
    expect([caught(() => signOfBar(), cutOff), caught(() => signOfBar(), mixed)]).toEqual([0, 0]);
  });
});
