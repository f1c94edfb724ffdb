import { CASH_ACCOUNT, marginAccount } from "../portfolio/account-terms.ts";
import {
  NO_SLIPPAGE,
  NO_SPREAD,
  slippageFraction,
  slippageSquareRoot,
  slippageTicks,
  slippageVolumeShare,
  spreadFraction,
  spreadTicks,
} from "../simulator/cost-model.ts";
import { feeSchedule } from "../simulator/fee-model.ts";
import { PATH_MODELS } from "../simulator/path-model.ts";
import { Dice } from "./dice.ts";
import type { PlayOptions } from "./play.ts";

const USD = 1_000_000;

/** Options of a run out of dice: account, walk, costs, fees, sizes, instrument. */
export function randomOptions(seed: number): PlayOptions {
  const dice = new Dice(seed);
  const knowsTick = dice.chance(0.5);
  const lotScale = dice.pick([0, 2, 6]);
  const lot = 10 ** -lotScale;
  const fees = dice.pick([
    feeSchedule({}, USD, lot),
    feeSchedule({ maker: -0.0001, taker: 0.001 }, USD, lot),
    feeSchedule({ taker: 0.001, minimum: 1 }, USD, lot),
    feeSchedule({ fixed: 0.5, perUnit: 0.01, maximum: 3 }, USD, lot),
    feeSchedule({ perUnit: 0.005, minimum: 1, maximumRate: 0.01 }, USD, lot),
  ]);
  return {
    capital: dice.whole(200, 20_000),
    account: dice.chance(0.5)
      ? CASH_ACCOUNT
      : marginAccount({ leverage: dice.whole(1, 8), liquidationFee: dice.pick([0, 0.005]), insurance: dice.chance(0.5) }),
    sizeAt: dice.pick(["decision", "fill"]),
    buffer: dice.pick([0, 0, 0.05]),
    endOfData: dice.pick(["mark", "close"]),
    offTick: dice.pick(["round", "refuse"]),
    instrument: { lotScale, ...(knowsTick ? { priceScale: 2, tickUnits: 1, tickKnown: true } : {}) },
    venue: {
      path: dice.pick(PATH_MODELS),
      marketFill: dice.chance(0.2) ? "bar-close" : "next-open",
      fillBarChildren: dice.pick(["stop-only", "path", "next-bar"]),
      participation: dice.pick([Number.POSITIVE_INFINITY, 0.1, 0.5]),
      fillThroughTicks: dice.pick([0, 0, 1, 3]),
      shortfall: dice.pick(["shrink", "reject"]),
      roundFillsToTick: dice.chance(0.2),
      spread: dice.pick([NO_SPREAD, spreadFraction(0.001), spreadFraction(0.001, "entry"), spreadTicks(2)]),
      slippage: dice.pick([NO_SLIPPAGE, slippageFraction(0.001), slippageTicks(1), slippageVolumeShare(0.1), slippageSquareRoot(0.01)]),
      fees: [fees, fees, fees],
    },
  };
}
