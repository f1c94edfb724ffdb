import { describe, expect, test } from "vitest";
import { marginAccount } from "../portfolio/account-terms.ts";
import { spreadFraction } from "../simulator/cost-model.ts";
import { feeSchedule } from "../simulator/fee-model.ts";
import { buy, type Intent, sell, target } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { type PlayOptions, runTest } from "../testing/play.ts";
import { scripted } from "../testing/scripted.ts";

/** Lots held after a wish at a close of 100 that filled at the given open. 1,000 of money, lots of one unit. */
function lots(wish: Intent, options: PlayOptions = {}, open = 100): number {
  return runTest(scripted({ 0: wish }), bars(`100 ${open}`), { capital: 1_000, ...options }).account.signedLots(0);
}

const fee = { venue: { fees: [feeSchedule({ taker: 0.01 }, 1_000_000, 1)] } };
const spread = { venue: { spread: spreadFraction(0.1) } };
const fourfold = { account: marginAccount({ leverage: 4 }) };

describe("at the decision", () => {
  test.each([
    ["a quantity, rounded down to the lot", buy({ quantity: 2.7 }), {}, 2],
    ["a fraction of the money", buy({ fraction: 0.5 }), {}, 5],
    ["all of it without a size", buy(), {}, 10],
    // 500 / 101.
    ["a fraction, the fee included", buy({ fraction: 0.5 }), fee, 4],
    // Half of a tenth makes 105: 1,000 / 105.
    ["a fraction, the spread included", buy({ fraction: 1 }), spread, 9],
    ["a limit pays no spread: 1,000 / 100", buy({ fraction: 1, limit: 100 }), spread, 10],
    ["a fraction, a tenth kept back", buy({ fraction: 1 }), { buffer: 0.1 }, 9],
    ["a fraction times leverage", buy({ fraction: 0.5 }), fourfold, 20],
    ["a fraction of a short", sell({ fraction: 0.5 }), fourfold, -20],
    ["a notional", buy({ notional: 450 }), {}, 4],
    ["a notional of whole lots", buy({ notional: 500 }), {}, 5],
    // 20 of equity over a distance of 5.
    ["a risk by equity and a stop's price", buy({ risk: { fraction: 0.02 }, stopLoss: 95 }), {}, 4],
    ["a risk by equity and a stop's ratio", buy({ risk: { fraction: 0.02 }, stopLoss: { ratio: 0.05 } }), {}, 4],
    ["a risk by equity and a trailing stop", buy({ risk: { fraction: 0.02 }, stopLoss: { trail: { amount: 4 } } }), {}, 5],
    ["a risk by money and a stop's offset", buy({ risk: { amount: 30 }, stopLoss: { offset: 10 } }), {}, 3],
    // 10 * (100 - 99.7) is 3.0000000000000284 away from 3, and 3 / 0.3 from 10.
    ["a risk of whole lots", buy({ risk: { amount: 3 }, stopLoss: 99.7 }), {}, 10],
    ["a risk of whole lots by a ratio", buy({ risk: { fraction: 0.0007 }, stopLoss: { ratio: 0.001 } }), {}, 7],
    ["a risk of a short", sell({ risk: { fraction: 0.02 }, stopLoss: 105 }), fourfold, -4],
    ["a risk counts from the limit of the entry", buy({ risk: { amount: 30 }, limit: 101, stopLoss: 95 }), {}, 5],
    ["a risk, no more than the money buys", buy({ risk: { fraction: 0.5 }, stopLoss: 95 }), {}, 10],
    ["a volatility target", buy({ volatility: { target: 0.2, current: 0.4 } }), {}, 5],
    ["a volatility target, at most all", buy({ volatility: { target: 0.8, current: 0.4 } }), {}, 10],
    ["a volatility target, at most its cap", buy({ volatility: { target: 0.8, current: 0.4, cap: 0.3 } }), {}, 3],
    ["a target fraction of equity", target({ fraction: 0.3 }), {}, 3],
    ["a target fraction times leverage", target({ fraction: -0.5 }), fourfold, -20],
    ["a target notional", target({ notional: 350 }), {}, 3],
  ] as const)("%s", (_what, wish, options: PlayOptions, expected) => {
    expect(lots(wish, options)).toBe(expected);
  });

  test("stands whatever the fill costs, as far as the money goes", () => {
    expect(lots(buy({ fraction: 0.5 }), {}, 80)).toBe(5);
    expect(lots(buy({ fraction: 1 }), {}, 120)).toBe(8);
  });
});

describe("sizeAt fill", () => {
  const atFill = { sizeAt: "fill" } as const;
  test.each([
    // 1,000 / 80 = 12.5.
    ["a fraction of the money at the fill", buy({ fraction: 1 }), atFill, 80, 12],
    ["half of it", buy({ fraction: 0.5 }), atFill, 80, 6],
    // 80 + 0.8 = 80.80: 12.37; and with a tenth kept back 900 / 80 = 11.25.
    ["the fee included", buy({ fraction: 1 }), { ...atFill, ...fee }, 80, 12],
    ["a tenth kept back", buy({ fraction: 1 }), { ...atFill, buffer: 0.1 }, 80, 11],
    // 84 with half the spread: 11.9.
    ["the spread included", buy({ fraction: 1 }), { ...atFill, ...spread }, 80, 11],
    // Money that buys whole lots exactly buys one less: floor(1000 (1 - 2.2e-16) / 100).
    ["exactly whole lots leave one", buy({ fraction: 1 }), atFill, 100, 9],
    ["a notional", buy({ notional: 450 }), atFill, 80, 5],
    ["a fraction times leverage", buy({ fraction: 0.5 }), { ...atFill, ...fourfold }, 80, 24],
    ["a short", sell({ fraction: 0.5 }), { ...atFill, ...fourfold }, 80, -24],
    ["a quantity stays fixed", buy({ quantity: 3 }), atFill, 80, 3],
    // Risk is always fixed at the decision: its stop decides, not the fill.
    ["a risk stays fixed", buy({ risk: { fraction: 0.02 }, stopLoss: { offset: 5 } }), atFill, 120, 4],
  ] as const)("%s", (_what, wish, options: PlayOptions, open, expected) => {
    expect(lots(wish, options, open)).toBe(expected);
  });

  test("and sizes cut to the money stand on the instrument's step", () => {
    // Steps of 5 lots: 12.5 become 10, and 12 that the money cannot pay become 5.
    const instrument = { stepLots: 5 };
    expect(lots(buy({ fraction: 1 }), { sizeAt: "fill", instrument }, 80)).toBe(10);
    expect(lots(buy({ quantity: 10 }), { instrument }, 120)).toBe(5);
  });

  test("less than a lot at the fill is canceled", () => {
    expect(lots(buy({ fraction: 1 }), { sizeAt: "fill", capital: 110 }, 120)).toBe(0);
  });

  test("leaves room for the fixed part of the fee without shrinking", () => {
    const venue = { fees: [feeSchedule({ fixed: 50, taker: 0.01 }, 1_000_000, 1)] };
    const engine = runTest(scripted({ 0: buy({ fraction: 1 }) }), bars("100 80"), { capital: 1_000, sizeAt: "fill", venue });
    // (1,000 - 50) / 80.80 = 11.75.
    expect(engine.account.signedLots(0)).toBe(11);
    expect(engine.venue.executionCounts.shrunk).toBe(0);
  });
});
