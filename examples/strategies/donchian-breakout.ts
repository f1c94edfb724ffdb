import { atr, buy, close, defineStrategy, donchian, lowest, param } from "@tradepulse/core";

/** The turtles' way: buys a new high, risks the same small share of equity each time, leaves at a shorter low or at a trailing stop. */
export default defineStrategy({
  name: "donchian-breakout",
  about: "Buys a close above the channel of earlier highs; sized by risk, with a stop that trails by average true ranges.",
  params: {
    entry: param.int(20, { min: 2, max: 200, about: "bars of the channel whose top is bought" }),
    exit: param.int(10, { min: 2, max: 100, about: "bars of the low that is sold" }),
    range: param.int(20, { min: 2, max: 100, about: "bars of the average true range" }),
    stop: param.number(3, { min: 0.5, max: 10, about: "distance of the stop in average true ranges" }),
    risk: param.ratio(0.01, { min: 0.001, max: 0.05, about: "share of equity lost when the stop is hit at once" }),
  },
  remembers: "indicators",

  create({ entry, exit, range, stop, risk }, { indicator }) {
    const channel = indicator(donchian(entry));
    const floor = indicator(lowest(exit));
    const volatility = indicator(atr(range));

    return {
      onBar(bar, { position }) {
        // The channel holds the current bar too, so a breakout is measured against the channel of one bar ago.
        if (bar.index < Math.max(entry, exit) || !volatility.ready) return;
        if (position.isFlat) {
          if (bar.close <= channel.upper.ago(1)) return;
          return buy({
            risk: { fraction: risk },
            stopLoss: { trail: { amount: stop * volatility.value } },
            reason: `close above the high of ${entry} bars`,
          });
        }
        if (bar.close < floor.ago(1)) return close({ reason: `close below the low of ${exit} bars` });
      },
    };
  },
});
