import { buy, cancel, cancelAll, close, defineStrategy, param, sma } from "@tradepulse/core";

/**
 * The work of goal P1, as the C reference does it: two moving averages, a market entry on their cross with a bracket, a pullback limit every
 * 16 bars while flat, also bracketed. A larger `margin` asks more of the cross and so trades less: the second point of the split into cost
 * per bar and cost per fill.
 */
export const referenceStrategy = defineStrategy({
  name: "reference-work",
  params: { margin: param.number(0, { min: 0, max: 1 }), pullbackEvery: param.int(16, { min: 1, max: 1 << 20 }) },
  create({ margin, pullbackEvery }, { indicator }) {
    const fast = indicator(sma(10));
    const slow = indicator(sma(50));
    const factor = 1 + margin;
    const mask = pullbackEvery - 1;
    const stopLoss = { ratio: 0.003 };
    const takeProfit = { ratio: 0.006 };
    let wasAbove = false;
    return {
      onBar(bar, view) {
        if (!slow.ready) return;
        const isAbove = fast.value > slow.value * factor;
        const { position } = view;
        if (isAbove !== wasAbove) {
          wasAbove = isAbove;
          if (isAbove && position.isFlat) return buy({ quantity: 100, stopLoss, takeProfit });
          if (!isAbove && position.isLong) return [cancelAll(), close()];
        }
        if ((bar.index & mask) === 0 && position.isFlat) {
          const entry = buy({ quantity: 50, limit: bar.close * 0.9985, tag: "pullback", stopLoss, takeProfit });
          return view.isWorking("pullback") ? [cancel({ tag: "pullback" }), entry] : entry;
        }
      },
    };
  },
});
