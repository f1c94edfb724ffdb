import { bollinger, buy, close, defineStrategy, lowest, param, standardDeviation } from "@tradepulse/core";

/** Calm comes before storm: after the bands have been at their narrowest, buys the first close above the upper one. */
export default defineStrategy({
  name: "bollinger-squeeze",
  about: "Buys a close above the upper Bollinger band soon after the bands were at their narrowest; sells below the middle.",
  params: {
    period: param.int(20, { min: 2, max: 100, about: "bars of the bands" }),
    deviations: param.number(2, { min: 0.5, max: 4, about: "width of each band in standard deviations" }),
    memory: param.int(120, { min: 2, max: 500, about: "bars over which the bands must be at their narrowest" }),
    window: param.int(5, { min: 0, max: 50, about: "bars after a squeeze in which a breakout counts" }),
    fraction: param.ratio(0.95, { min: 0.01, about: "share of the free money in an entry" }),
  },

  create({ period, deviations, memory, window, fraction }, { indicator }) {
    const bands = indicator(bollinger(period, deviations));
    // An indicator of an indicator: the narrowest that the bands have been.
    const width = indicator(standardDeviation(period));
    const narrowest = indicator(lowest(memory), { of: width });
    let barsSinceSqueeze = Number.POSITIVE_INFINITY;

    return {
      onBar(bar, { position }) {
        if (!narrowest.ready) return;
        barsSinceSqueeze = width.value === narrowest.value ? 0 : barsSinceSqueeze + 1;
        if (position.isFlat && barsSinceSqueeze <= window && bar.close > bands.upper.value) {
          return buy({ fraction, reason: "broke out of a squeeze" });
        }
        if (position.isLong && bar.close < bands.middle.value) return close({ reason: "close below the middle band" });
      },
      // A live session that starts again goes on counting here.
      save: () => barsSinceSqueeze,
      restore(saved) {
        barsSinceSqueeze = saved as number;
      },
    };
  },
});
