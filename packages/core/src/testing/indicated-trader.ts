import { ema } from "../indicators/ema.ts";
import { highest } from "../indicators/highest.ts";
import { pairZscore } from "../indicators/pair-zscore.ts";
import { rsi } from "../indicators/rsi.ts";
import { type BoundStrategy, defineStrategy } from "../strategy/define-strategy.ts";
import { bars } from "../strategy/inputs.ts";
import { buy } from "../strategy/intent.ts";
import { randomTrader } from "./random-trader.ts";

export interface IndicatedTraderSetup {
  readonly seed: number;
  /** Inputs `in0`, `in1` and so on, one for each. */
  readonly instruments: number;
  /** A further input `long`: bars of 15 minutes of the first instrument. */
  readonly hasLong: boolean;
}

/** The random trader, whose dice are its memory, asked only where bits of its indicators say so. */
export function indicatedTrader({ seed, instruments, hasLong }: IndicatedTraderSetup): BoundStrategy {
  const own = Array.from({ length: instruments }, (_, k) => `in${k}`);
  const inner = randomTrader(seed, own);
  return defineStrategy({
    name: "indicated-trader",
    inputs: {
      ...Object.fromEntries(own.map((name) => [name, bars()])),
      ...(hasLong ? { long: bars({ of: "in0", interval: "15m" }) } : {}),
    },
    timers: { often: "7m" },
    create(_params, tools) {
      const handles = tools as unknown as Record<string, { readonly close: never }>;
      const lines = [
        tools.indicator(ema(3)),
        tools.indicator(rsi(4)),
        tools.indicator(highest(5)),
        tools.indicator(ema(3), { of: [tools.indicator(ema(2))] }),
      ];
      if (instruments > 1) lines.push(tools.indicator(pairZscore(4), { of: [handles["in0"]!.close, handles["in1"]!.close] }));
      if (hasLong) lines.push(tools.indicator(ema(2), { of: handles["long"] as never }));
      const reactions = inner.create(tools as never);
      const bits = (): number => lines.reduce((sum, line) => sum + (line.ready ? Math.floor(line.value * 1e9) % 7 : 3), 0);
      return {
        ...reactions,
        onBar(bar, view) {
          const choice = bits() % 6;
          if (bar.input === "long" || choice === 0) return undefined;
          if (choice === 2 && bar.index > 60 && bits() % 5 === 0) throw new RangeError("nothing I know");
          if (view.positionOf(bar.input).barsHeld % 3 === 1) return undefined;
          if (choice !== 1) return reactions.onBar!(bar as never, view as never);
          return buy({ quantity: 6, on: bar.input, stopLoss: bar.close * 0.97, takeProfit: bar.close * 1.02, tag: "t1", reason: "bits" });
        },
        onFill: (fill, view) => (bits() % 2 === 0 ? undefined : reactions.onFill!(fill as never, view as never)),
      };
    },
  })();
}
