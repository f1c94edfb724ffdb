import { buy, close, defineStrategy, ema, param } from "@tradepulse/core";

/** Rides a trend: long while the fast average stands above the slow one. */
export default defineStrategy({
  name: "ema-cross",
  about: "Long while a fast exponential average stands above a slow one.",
  params: {
    fast: param.int(12, { min: 2, max: 50, about: "bars of the fast average" }),
    slow: param.int(26, { min: 3, max: 200, about: "bars of the slow average" }),
    fraction: param.ratio(0.95, { min: 0.01, about: "share of the free money in an entry" }),
  },
  remembers: "indicators",

  create({ fast, slow, fraction }, { indicator }) {
    const quick = indicator(ema(fast));
    const steady = indicator(ema(slow));

    return {
      onBar(_bar, { position }) {
        if (!quick.ready || !steady.ready) return;
        if (position.isFlat && quick.value > steady.value) return buy({ fraction, reason: "fast average crossed above slow" });
        if (position.isLong && quick.value < steady.value) return close({ reason: "fast average crossed below slow" });
      },
    };
  },
});
