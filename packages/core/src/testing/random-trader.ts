import type { BarView } from "../strategy/bar-view.ts";
import { type BoundStrategy, defineStrategy } from "../strategy/define-strategy.ts";
import { bars } from "../strategy/inputs.ts";
import {
  amend,
  buy,
  cancel,
  cancelAll,
  close,
  type Intent,
  type LegPrice,
  type OrderOptions,
  oneCancelsOther,
  type SizeOptions,
  type StopPrice,
  sell,
  target,
} from "../strategy/intent.ts";
import type { StrategyView } from "../strategy/strategy-view.ts";
import { Dice } from "./dice.ts";

/**
 * A trader out of dice that uses everything there is: every order type, time in force, flag, size, leg, group and way to take an order
 * back, some of it senseless. What it does depends on the seed and on what it sees, never on anything else. With several inputs it trades
 * each on its own bars.
 */
export function randomTrader(seed: number, inputs: readonly string[] = ["main"]): BoundStrategy {
  return defineStrategy({
    name: "random-trader",
    inputs: Object.fromEntries(inputs.map((name) => [name, bars()])),
    timers: { often: "7m" },
    create: () => {
      const dice = new Dice(seed);
      const tag = (): string => `t${dice.whole(0, 5)}`;
      return {
        onBar(bar, view) {
          if (!dice.chance(0.5)) return;
          const count = dice.whole(1, 3);
          const intents = Array.from({ length: count }, () => randomIntents(dice, bar, view, tag)).flat();
          return intents.map((each) => ({ ...each, input: bar.input }));
        },
        onFill(fill) {
          if (!dice.chance(0.2)) return;
          const price = fill.price * (1 + dice.whole(-3, 3) / 100);
          const options = { quantity: fill.quantity, limit: price, on: fill.input };
          return fill.side === "buy" ? sell(options) : buy(options);
        },
        onTimer: () => (dice.chance(0.3) ? cancelAll() : undefined),
        save: () => dice.place,
        restore(place) {
          dice.place = place as number;
        },
      };
    },
  })();
}

function randomIntents(dice: Dice, bar: BarView, view: Pick<StrategyView, "orders">, tag: () => string): readonly Intent[] {
  const price = (): number => bar.close * (1 + dice.whole(-40, 40) / 1_000);
  switch (dice.whole(0, 11)) {
    case 0:
      return [close(dice.chance(0.5) ? {} : { fraction: dice.whole(1, 4) / 4, ...(dice.chance(0.5) ? { limit: price() } : {}) })];
    case 1:
      return [
        target(
          dice.pick([{ fraction: dice.whole(-4, 4) / 4 }, { quantity: dice.whole(-20, 20) }, { notional: dice.whole(-2_000, 2_000) }]),
        ),
      ];
    case 2:
      return [cancel({ tag: tag() })];
    case 3:
      return [cancelAll()];
    case 4: {
      const { orders } = view;
      const which = orders.length === 0 || dice.chance(0.3) ? { tag: tag() } : { orderId: dice.pick(orders).id };
      return [amend(which, dice.pick([{ limit: price() }, { stop: price() }, { quantity: dice.whole(0, 30) }]))];
    }
    case 5:
      return oneCancelsOther(randomOrder(dice, bar, price, tag), randomOrder(dice, bar, price, tag));
    default:
      return [randomOrder(dice, bar, price, tag)];
  }
}

function randomOrder(dice: Dice, bar: BarView, price: () => number, tag: () => string): Intent {
  const options: OrderOptions = {
    ...randomSize(dice),
    ...randomPrices(dice, price),
    ...(dice.chance(0.2) ? { stopLoss: randomStop(dice, price) } : {}),
    ...(dice.chance(0.2) ? { takeProfit: randomLeg(dice, price) } : {}),
    ...(dice.chance(0.1) ? { reduceOnly: true } : {}),
    ...(dice.chance(0.1) ? { postOnly: true } : {}),
    ...randomLife(dice, bar),
    tag: tag(),
  };
  return dice.chance(0.5) ? buy(options) : sell(options);
}

function randomSize(dice: Dice): SizeOptions {
  switch (dice.whole(0, 5)) {
    case 0:
      return { fraction: dice.whole(1, 4) / 4 };
    case 1:
      return { notional: dice.whole(10, 3_000) };
    case 2:
      return { risk: dice.chance(0.5) ? { fraction: 0.02 } : { amount: 20 } };
    case 3:
      return { volatility: { target: 0.2, current: dice.whole(1, 8) / 10 } };
    default:
      return { quantity: dice.whole(1, 30) };
  }
}

function randomPrices(dice: Dice, price: () => number): OrderOptions {
  switch (dice.whole(0, 7)) {
    case 0:
    case 1:
      return { limit: price() };
    case 2:
      return { stop: price() };
    case 3:
      return { stop: price(), limit: price() };
    case 4:
      return { touch: price() };
    case 5:
      return { touch: price(), limit: price() };
    case 6:
      return { trail: randomTrail(dice) };
    default:
      return {};
  }
}

function randomTrail(dice: Dice): { readonly ratio: number } | { readonly amount: number } {
  const ratio = dice.whole(5, 50) / 1_000;
  const more = dice.chance(0.4) ? { activation: dice.whole(1, 30) / 1_000, ...(dice.chance(0.5) ? { after: ratio / 2 } : {}) } : {};
  return dice.chance(0.5) ? { ratio, ...more } : { amount: dice.whole(5, 300) / 100 };
}

function randomLeg(dice: Dice, price: () => number): LegPrice {
  return dice.pick([price(), { offset: dice.whole(1, 400) / 100 }, { ratio: dice.whole(5, 60) / 1_000 }]);
}

function randomStop(dice: Dice, price: () => number): StopPrice {
  return dice.chance(0.4) ? { trail: randomTrail(dice) } : randomLeg(dice, price);
}

function randomLife(dice: Dice, bar: BarView): OrderOptions {
  switch (dice.whole(0, 7)) {
    case 0:
      return { timeInForce: "IOC" };
    case 1:
      return { timeInForce: "FOK" };
    case 2:
      return { timeInForce: "DAY" };
    case 3:
      return { expiresUs: bar.closeUs + dice.whole(1, 600) * 1_000_000 };
    default:
      return {};
  }
}
