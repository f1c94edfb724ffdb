import { buy, close, defineStrategy, param, rsi, sma } from "@tradepulse/core";

/** Buys a dip in a rising market and sells the recovery, or gives up after a while. */
export default defineStrategy({
  name: "rsi-mean-reversion",
  about: "Buys when the relative strength index is low above a long average; sells when it has recovered or time is up.",
  params: {
    period: param.int(2, { min: 2, max: 30, about: "bars of the relative strength index" }),
    oversold: param.number(10, { min: 1, max: 50, about: "buy below this index" }),
    recovered: param.number(65, { min: 30, max: 99, about: "sell above this index" }),
    trend: param.int(200, { min: 2, max: 400, about: "bars of the average that the close must stand above" }),
    patience: param.int(10, { min: 1, max: 100, about: "most bars to wait for the recovery" }),
    fraction: param.ratio(0.95, { min: 0.01, about: "share of the free money in an entry" }),
  },
  remembers: "indicators",

  create({ period, oversold, recovered, trend, patience, fraction }, { indicator }) {
    const strength = indicator(rsi(period));
    const average = indicator(sma(trend));

    return {
      onBar(bar, { position }) {
        if (!strength.ready || !average.ready) return;
        if (position.isFlat) {
          // A dip is bought only where the market as a whole rises: what falls for a reason keeps falling.
          if (strength.value < oversold && bar.close > average.value)
            return buy({ fraction, reason: `oversold at ${strength.value.toFixed(0)}` });
          return;
        }
        if (strength.value > recovered) return close({ reason: `recovered to ${strength.value.toFixed(0)}` });
        if (position.barsHeld >= patience) return close({ reason: `no recovery in ${patience} bars` });
      },
    };
  },
});
