import {
  type BoundStrategy,
  bars,
  buy,
  cancel,
  cancelAll,
  close,
  defineStrategy,
  type Intent,
  type SavedValue,
  sell,
} from "@tradepulse/core";
import { BAD_STRATEGIES, Dice, randomTrader } from "@tradepulse/core/testing";
import type { Scenario } from "./scenario.ts";

/** Names of the inputs, one an instrument. */
export const INPUT_NAMES = ["main", "second", "third"] as const;

/** The strategy of a scenario, made afresh for every start of the process. Same scenario, same bars: same wishes. */
export function traderOf(scenario: Scenario, quietFromUs: number, runawayUs: readonly (readonly [number, number])[]): BoundStrategy {
  const names = INPUT_NAMES.slice(0, scenario.symbols.length);
  switch (scenario.trader) {
    case "dice":
      return quiet(randomTrader(scenario.seed, names), quietFromUs, scenario.operations);
    case "bad":
      return BAD_STRATEGIES[scenario.badIndex % BAD_STRATEGIES.length]!.make(new Float64Array(0));
    case "busy":
      return busyTrader(scenario, names, quietFromUs, runawayUs, 0.5);
    case "maker":
      return busyTrader(scenario, names, quietFromUs, runawayUs, 0.15);
    case "guarded":
      return guardedTrader(scenario, names, quietFromUs, runawayUs);
  }
}

/** Wishes of every kind that a spot venue takes: at the market, at a limit, behind a stop, with a bracket; cancels them and closes. */
function busyTrader(
  scenario: Scenario,
  names: readonly string[],
  quietFromUs: number,
  runawayUs: readonly (readonly [number, number])[],
  atMarket: number,
): BoundStrategy {
  // Long bars are few: then there is more to do on each.
  const eagerness = scenario.barUs >= 60_000_000 ? 0.9 : 0.45;
  const acts = scenario.operations === undefined ? undefined : new Set(scenario.operations);
  return defineStrategy({
    name: `storm-${scenario.trader}`,
    inputs: Object.fromEntries(names.map((name) => [name, bars()])),
    create() {
      let count = 0;
      return {
        ...keeping(
          () => count,
          (saved) => {
            count = saved;
          },
        ),
        onBar(bar, view): readonly Intent[] | Intent | undefined {
          count += 1;
          // A stream a bar: an action taken away leaves the others as they were.
          const dice = new Dice(scenario.seed * 1_000_003 + count);
          if (bar.closeUs > quietFromUs) return undefined;
          if (acts !== undefined && !acts.has(count)) return undefined;
          const on = bar.input;
          if (runawayUs.some(([from, until]) => from <= bar.closeUs && bar.closeUs < until))
            return Array.from({ length: 300 }, () => buy({ on, quantity: quantityOf(dice, bar.close), limit: bar.close * 0.99 }));
          if (!dice.chance(eagerness)) return undefined;
          const draw = dice.whole(0, 11);
          const held = view.position.quantity;
          if (draw === 0) return cancelAll();
          if (draw === 1) return { ...close(), input: on };
          if (draw === 2 && view.orders.length > 0) return cancel({ orderId: dice.pick(view.orders).id });
          if (draw <= 4 && held > 0) return sell({ on, quantity: held / 2, ...priceOf(dice, bar.close, -1, atMarket) });
          const quantity = quantityOf(dice, bar.close);
          if (draw === 5)
            return buy({ on, quantity, stopLoss: { ratio: dice.whole(1, 20) / 1_000 }, takeProfit: { ratio: dice.whole(1, 20) / 1_000 } });
          if (draw === 6) return buy({ on, quantity, stop: bar.close * (1 + dice.whole(1, 10) / 1_000) });
          return buy({ on, quantity, ...priceOf(dice, bar.close, 1, atMarket) });
        },
        onFill(fill) {
          if (fill.timeUs > quietFromUs || acts !== undefined || fill.side === "sell" || fill.orderId % 4 !== 0) return undefined;
          return sell({ on: fill.input, quantity: fill.quantity / 2, limit: fill.price * 1.002 });
        },
      };
    },
  })();
}

/** Every entry carries a stop, some a target as well; what is held is left to them. */
function guardedTrader(
  scenario: Scenario,
  names: readonly string[],
  quietFromUs: number,
  runawayUs: readonly (readonly [number, number])[],
): BoundStrategy {
  const acts = scenario.operations === undefined ? undefined : new Set(scenario.operations);
  return defineStrategy({
    name: "storm-guarded",
    inputs: Object.fromEntries(names.map((name) => [name, bars()])),
    create() {
      let count = 0;
      return {
        ...keeping(
          () => count,
          (saved) => {
            count = saved;
          },
        ),
        onBar(bar, view): readonly Intent[] | Intent | undefined {
          count += 1;
          const dice = new Dice(scenario.seed * 1_000_003 + count);
          if (bar.closeUs > quietFromUs || acts?.has(count) === false) return undefined;
          const on = bar.input;
          const entry = (): Intent => {
            const stopLoss = { ratio: dice.whole(1, 30) / 1_000 };
            const terms = { on, quantity: quantityOf(dice, bar.close), ...priceOf(dice, bar.close, 1, 0.5), stopLoss };
            return buy(dice.chance(0.5) ? terms : { ...terms, takeProfit: { ratio: dice.whole(1, 20) / 1_000 } });
          };
          if (runawayUs.some(([from, until]) => from <= bar.closeUs && bar.closeUs < until)) return Array.from({ length: 300 }, entry);
          if (!dice.chance(0.4)) return undefined;
          const held = view.position.quantity;
          // Its own way out, whole or in part, too small for any venue, taken back again: stops make way for it and come again.
          if (held > 0 && dice.chance(0.2)) {
            const draw = dice.whole(0, 5);
            if (draw === 0) return { ...close(), input: on };
            if (draw === 1) return [sell({ on, quantity: held * 0.4, tag: "out" }), cancel({ tag: "out" })];
            if (draw === 2) return { ...close({ fraction: 0.00003 }), input: on };
            const quantity = held * (draw === 3 ? 0.7 : 0.4);
            const parts = Array.from({ length: draw === 3 ? 2 : 1 }, () => sell({ on, quantity, tag: "out" }));
            return draw === 5 ? [...parts, entry()] : parts;
          }
          const entries = view.orders.filter(({ side }) => side === "buy");
          return dice.chance(0.2) && entries.length > 0 ? cancel({ orderId: dice.pick(entries).id }) : entry();
        },
      };
    },
  })();
}

function quantityOf(dice: Dice, price: number): number {
  return Math.round((dice.whole(10, 400) / price) * 10) / 10;
}

function priceOf(
  dice: Dice,
  price: number,
  side: 1 | -1,
  atMarket: number,
): { readonly limit?: number; readonly postOnly?: boolean; readonly timeInForce?: "IOC" | "FOK" } {
  if (dice.chance(atMarket)) return {};
  const limit = price * (1 - (side * dice.whole(-3, 12)) / 1_000);
  if (dice.chance(0.15)) return { limit, postOnly: true };
  if (dice.chance(0.15)) return { limit, timeInForce: dice.chance(0.5) ? "IOC" : "FOK" };
  return { limit };
}

/** What a trader keeps over a start from a snapshot: how many bars it has seen. */
function keeping(save: () => number, restore: (count: number) => void): { save(): SavedValue; restore(saved: SavedValue): void } {
  return { save, restore: (saved) => restore(saved as number) };
}

/** Lets a strategy wish nothing more from an instant on, and before that only at the bars that are named. */
function quiet(strategy: BoundStrategy, fromUs: number, operations: readonly number[] | undefined): BoundStrategy {
  const acts = operations === undefined ? undefined : new Set(operations);
  return {
    ...strategy,
    create: (tools) => {
      const loud = strategy.create(tools);
      let count = 0;
      return {
        save: () => [count, loud.save?.() ?? null],
        restore(saved) {
          const [bars, rest] = saved as readonly [number, SavedValue];
          count = bars;
          loud.restore?.(rest);
        },
        onBar(bar, view) {
          count += 1;
          const wish = loud.onBar?.(bar, view);
          return bar.closeUs > fromUs || acts?.has(count) === false ? undefined : wish;
        },
        onFill: (fill, view) => (fill.timeUs > fromUs || acts !== undefined ? undefined : loud.onFill?.(fill, view)),
        onTimer: (timer, view) => (timer.timeUs > fromUs || acts !== undefined ? undefined : loud.onTimer?.(timer, view)),
      };
    },
  };
}
