import { buy, cancel, cancelAll, close, defineStrategy, sma } from "@tradepulse/core";

/**
 * The work of goal P1, as the C reference does it: two moving averages, a market entry on their cross with a bracket, a pullback limit every
 * 16 bars while flat, also bracketed.
 */
export const referenceStrategy = defineStrategy({
  name: "reference-work",
  create(_params, { indicator }) {
    const fast = indicator(sma(10));
    const slow = indicator(sma(50));
    let wasAbove = false;
    const stopLoss = { ratio: 0.003 };
    const takeProfit = { ratio: 0.006 };
    return {
      onBar(bar, view) {
        const { position } = view;
        if (!slow.ready) return;
        const isAbove = fast.value > slow.value;
        if (isAbove !== wasAbove) {
          wasAbove = isAbove;
          if (isAbove && position.isFlat) return buy({ quantity: 100, stopLoss, takeProfit });
          if (!isAbove && position.isLong) return [cancelAll(), close()];
        }
        const i = bar.index;
        if ((i & 15) === 0 && position.isFlat) {
          const entry = buy({ quantity: 50, limit: bar.close * 0.9985, tag: "pullback", stopLoss, takeProfit });
          return view.isWorking("pullback") ? [cancel({ tag: "pullback" }), entry] : entry;
        }
      },
    };
  },
});
