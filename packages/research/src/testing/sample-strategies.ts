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

/** Trades the ratio of two instruments, told once both bars of an instant are in. */
export const PAIR = `import { buy, close, defineStrategy, bars, zscore } from "@tradepulse/core";

export default defineStrategy({
  name: "pair",
  inputs: { a: bars(), b: bars() },
  create(_, { a, b, indicator }) {
    const mean = indicator(zscore(10), { of: [a.close] });
    return {
      onBars({ positionOf }) {
        if (!mean.ready) return;
        if (positionOf("a").isFlat && mean.value < -1) return [buy({ on: "a", fraction: 0.4 }), buy({ on: "b", fraction: 0.4 })];
        if (positionOf("a").isLong && mean.value > 0) return [close({ on: "a" }), close({ on: "b" })];
      },
    };
  },
});
`;

/** Buys when the last finished week closed above the one before. */
export const WEEKLY = `import { bars, buy, close, defineStrategy } from "@tradepulse/core";

export default defineStrategy({
  name: "weekly",
  inputs: { day: bars(), week: bars({ of: "day", interval: "1w" }) },
  create(_, { week }) {
    return {
      onBar(bar, { position }) {
        if (bar.input !== "week" || week.count < 2) return;
        if (position.isFlat && week.close.value > week.close.ago(1)) return buy({ fraction: 0.9 });
        if (position.isLong && week.close.value < week.close.ago(1)) return close();
      },
    };
  },
});
`;

/** A CSV of daily bars that rise and fall in a wave around 100, from 2020-01-01. */
export function waveCsv(days: number, shift = 0): string {
  const rows = Array.from({ length: days }, (_, day) => {
    const date = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
    const price = (at: number): number => 100 + 10 * Math.sin((at + shift) / 9);
    const [open, close] = [price(day), price(day + 1)];
    const cells = [open, Math.max(open, close) + 0.5, Math.min(open, close) - 0.5, close].map((each) => each.toFixed(2));
    return `${date},${cells.join(",")},1000`;
  });
  return ["date,open,high,low,close,volume", ...rows].join("\n");
}
