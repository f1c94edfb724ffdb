import { buy, close, defineStrategy, param, sma } from "@tradepulse/core";

/** Long while the close stands above its average. A place to start from: make it yours. */
export default defineStrategy({
  name: "my-strategy",
  about: "Long while the close stands above its average.",
  params: {
    length: param.int(50, { min: 2, max: 400, about: "bars of the average" }),
    fraction: param.ratio(0.95, { min: 0.01, about: "share of the free money in an entry" }),
  },

  create({ length, fraction }, { indicator }) {
    // Everything in here belongs to one run: averages, counters, whatever the strategy remembers.
    const average = indicator(sma(length));

    return {
      // Called once for each closed bar. What it returns is decided at that close and filled at the next open.
      onBar(bar, { position }) {
        if (!average.ready) return;
        if (position.isFlat && bar.close > average.value) return buy({ fraction, reason: "close rose above its average" });
        if (position.isLong && bar.close < average.value) return close({ reason: "close fell below its average" });
      },
    };
  },
});
