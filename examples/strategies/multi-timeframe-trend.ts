import { bars, buy, close, crossedAbove, defineStrategy, ema, param } from "@tradepulse/core";

/** The tide and the wave: buys a turn up on the bars of the data while the longer bars rise. */
export default defineStrategy({
  name: "multi-timeframe-trend",
  about: "Long when the close crosses above its average while weekly bars are in an uptrend; out when that trend ends.",
  params: {
    tide: param.int(20, { min: 2, max: 100, about: "weeks of the average that tells the trend" }),
    wave: param.int(10, { min: 2, max: 200, about: "bars of the average that tells the moment" }),
    fraction: param.ratio(0.95, { min: 0.01, about: "share of the free money in an entry" }),
  },
  // Weekly bars are built from the bars of `main`. A week is seen when it has ended, never before.
  inputs: { main: bars(), slow: bars({ of: "main", interval: "1w" }) },
  remembers: "indicators",

  create({ tide, wave, fraction }, { main, slow, indicator }) {
    const trend = indicator(ema(tide), { of: slow });
    const average = indicator(ema(wave), { of: main });

    return {
      onBar(bar, { position }) {
        if (bar.input !== "main" || !trend.ready) return;
        const isRising = slow.close.value > trend.value;

        if (position.isFlat && isRising && crossedAbove(main.close, average))
          return buy({ fraction, reason: "turned up in a rising market" });
        if (position.isLong && !isRising) return close({ reason: "the weekly trend ended" });
      },
    };
  },
});
