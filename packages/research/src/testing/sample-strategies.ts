/** Rides a trend by two averages: the strategy file most tests use. */
export const EMA_CROSS = `import { buy, close, defineStrategy, ema, param } from "@tradepulse/core";

export default defineStrategy({
  name: "ema-cross",
  params: { fast: param.int(12, { min: 2, max: 50 }), slow: param.int(26, { min: 3, max: 200 }), fraction: param.ratio(0.95) },
  create({ fast, slow, fraction }: { fast: number; slow: number; fraction: number }, { indicator }) {
    const quick = indicator(ema(fast));
    const steady = indicator(ema(slow));
    return {
      onBar(bar, { position }) {
        if (!steady.ready) return;
        if (position.isFlat && quick.value > steady.value) return buy({ fraction, reason: "fast above slow" });
        if (position.isLong && quick.value < steady.value) return close({ reason: "fast below slow" });
      },
    };
  },
});
`;

/** Enters with a limit order and a bracket of which both legs lie inside ordinary bars: many ambiguous fills. */
export const BRACKETS = `import { bracket, defineStrategy } from "@tradepulse/core";

export default defineStrategy({
  name: "brackets",
  create() {
    return {
      onBar(bar, { position, orders }) {
        if (!position.isFlat || orders.length > 0) return;
        return bracket({ side: "buy", fraction: 0.5, stopLoss: { ratio: 0.004 }, takeProfit: { ratio: 0.004 } });
      },
    };
  },
});
`;
