import { bars, buy, close, defineStrategy, pairZscore, param, sell } from "@tradepulse/core";

/** Two instruments that belong together: sells the dear one and buys the cheap one until they meet again. Needs a margin account. */
export default defineStrategy({
  name: "pairs-trade",
  about: "Short the dear and long the cheap one of two instruments, in equal money, while their ratio is far from its mean.",
  params: {
    period: param.int(60, { min: 2, max: 500, about: "bars over which the ratio has its mean" }),
    entry: param.number(2, { min: 0.5, max: 5, about: "deviations from the mean at which a pair is opened" }),
    exit: param.number(0.5, { min: 0, max: 3, about: "deviations at which it is closed" }),
    giveUp: param.number(4, { min: 1, max: 10, about: "deviations at which the pair is taken for broken" }),
    fraction: param.ratio(0.45, { min: 0.01, max: 1, about: "share of equity in each leg" }),
  },
  inputs: { a: bars(), b: bars() },

  create({ period, entry, exit, giveUp, fraction }, { a, b, indicator }) {
    // Moves on only when both have closed a bar.
    const gap = indicator(pairZscore(period), { of: [a.close, b.close] });
    const closeBoth = (reason: string) => [close({ on: "a", reason }), close({ on: "b", reason })];
    // A pair that broke apart is left alone until it has met again.
    let isBroken = false;

    return {
      onBars({ equity, orders, positionOf }) {
        // While a leg waits for its market to open, the pair is neither open nor flat.
        if (!gap.ready || orders.length > 0) return;
        const first = positionOf("a");
        const second = positionOf("b");
        const distance = Math.abs(gap.value);

        if (first.isFlat && second.isFlat) {
          if (distance <= exit) isBroken = false;
          if (isBroken || distance < entry || distance >= giveUp) return;
          const notional = equity * fraction;
          const reason = `${gap.value.toFixed(1)} deviations apart`;
          return gap.value > 0
            ? [sell({ on: "a", notional, reason }), buy({ on: "b", notional, reason })]
            : [buy({ on: "a", notional, reason }), sell({ on: "b", notional, reason })];
        }

        // A leg that could not be filled leaves a bet on one market, which is not what was meant.
        if (first.isFlat || second.isFlat) {
          isBroken = true;
          return close({ on: first.isFlat ? "b" : "a", reason: "the other leg is missing" });
        }

        // How far the pair still is apart on the side on which it was opened; below zero when it went past its mean.
        const left = first.isShort ? gap.value : -gap.value;
        if (left <= exit) return closeBoth("the pair met again");
        if (left >= giveUp) {
          isBroken = true;
          return closeBoth("the pair broke apart");
        }
      },
      // A live session that starts again still leaves a broken pair alone.
      save: () => isBroken,
      restore(saved) {
        isBroken = saved as boolean;
      },
    };
  },
});
