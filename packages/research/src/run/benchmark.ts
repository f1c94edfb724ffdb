import { buy, defineStrategy, type TimeUs } from "@tradepulse/core";
import type { RunOptions } from "../options/run-options.ts";
import type { EquityPoints } from "./backtest-result.ts";
import type { BoundRun } from "./bind-inputs.ts";
import { driveEngine, type Pace } from "./drive-engine.ts";
import { engineSettings } from "./engine-settings.ts";

/**
 * The first instrument bought with all the money at the open of the first bar after the warm-up, with the costs of the run, and held.
 * `warmUntilUs` is the close of the bar with which all indicators of the strategy have a value. `null` when nothing can be bought.
 */
export async function buyAndHold(
  run: BoundRun,
  options: RunOptions,
  warmUntilUs: TimeUs,
  pacing: Pace,
): Promise<(EquityPoints & { readonly name: string }) | null> {
  const main = run.inputs.find(({ of }) => of === undefined)!;
  const instrument = run.instruments[main.instrumentIndex]!;
  const firstRow = main.warmupBars - 1;
  const hold = defineStrategy({
    name: "buy-and-hold",
    create: () => {
      let isBought = false;
      return {
        onBar(bar) {
          if (isBought || bar.index < firstRow || bar.closeUs < warmUntilUs) return undefined;
          isBought = true;
          return buy({ fraction: 1 });
        },
      };
    },
  });
  const held: RunOptions = {
    ...options,
    account: { ...options.account, kind: "cash" },
    participation: null,
    shortfall: "shrink",
    limits: {},
    protections: {},
  };
  const only = { instruments: [instrument], inputs: [{ ...main, instrumentIndex: 0 }] };
  const driven = await driveEngine(hold(), "buy-and-hold", only, engineSettings(held, only.instruments, Number.NEGATIVE_INFINITY), pacing);
  if (driven.engine.account.signedLots(0) === 0) return null;
  const { samples } = driven.engine;
  const points = driven.barEquity ?? { timeUs: Float64Array.from(samples.timesUs), equity: Float64Array.from(samples.values) };
  return { name: `${instrument.id}, bought and held`, ...points };
}
