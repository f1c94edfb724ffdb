import { expect, test } from "vitest";
import { bollinger } from "../indicators/bollinger.ts";
import { ema } from "../indicators/ema.ts";
import { lowest } from "../indicators/lowest.ts";
import { pairZscore } from "../indicators/pair-zscore.ts";
import { rsi } from "../indicators/rsi.ts";
import { sma } from "../indicators/sma.ts";
import { standardDeviation } from "../indicators/standard-deviation.ts";
import { BarSeries } from "../market/bar-series.ts";
import { FailureError } from "../model/failure.ts";
import { SeriesHandle } from "../strategy/series-handle.ts";
import { bars } from "../testing/bars.ts";
import { IndicatorHost } from "./indicator-host.ts";

function hostOf(...markets: string[]): { host: IndicatorHost; series: BarSeries[]; handles: SeriesHandle[] } {
  const series = markets.map((market, k) => BarSeries.over(`input${k}`, k, 60_000_000, bars(market).columns));
  const handles = series.map((each) => new SeriesHandle(each.name, each));
  return { host: new IndicatorHost(handles), series, handles };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code;
    throw error;
  }
  return "none";
}

test("make() computes on the first input unless it is told another input or line", () => {
  const { host, series, handles } = hostOf("1/4/1/3 3/6/3/5", "10 20");
  const own = host.make(sma(2));
  const high = host.make(sma(2), { of: handles[0]!.high });
  const other = host.make(sma(2), { of: handles[1]! });
  for (const each of series) {
    each.cursor.index = 1;
    host.advance(each, 2);
  }
  expect([own.value, high.value, other.value]).toEqual([4, 5, 15]);
});

test("make() shows no value that lies past the cursor, though its column is computed ahead", () => {
  const { host, series } = hostOf("1 3 5");
  const average = host.make(sma(2));
  host.advance(series[0]!, 3);
  const shown = [0, 1, 2].map((index) => {
    series[0]!.cursor.index = index;
    return average.value;
  });
  expect(shown).toEqual([Number.NaN, 2, 4]);
});

test("make() refuses another number of lines than the indicator reads", () => {
  const { host, handles } = hostOf("1 2", "1 2");
  expect(codeOf(() => host.make(sma(2), { of: [handles[0]!.close, handles[1]!.close] }))).toBe("TP_STRATEGY_INDICATOR_INPUTS");
  expect(codeOf(() => host.make(pairZscore(2), { of: [handles[0]!.close, handles[1]!.close] }))).toBe("none");
  expect(codeOf(() => host.make(pairZscore(2), { of: handles[0]!.close }))).toBe("TP_STRATEGY_INDICATOR_INPUTS");
});

test("make() refuses to compare an input with itself when the second line is forgotten", () => {
  const { host, handles } = hostOf("1 2", "1 2");
  expect(codeOf(() => host.make(pairZscore(2)))).toBe("TP_STRATEGY_INDICATOR_INPUTS");
  expect(codeOf(() => host.make(pairZscore(2), { of: handles[1]! }))).toBe("TP_STRATEGY_INDICATOR_INPUTS");
});

test("make() refuses once the strategy runs", () => {
  const { host } = hostOf("1 2");
  host.seal();
  expect(codeOf(() => host.make(sma(2)))).toBe("TP_STRATEGY_INDICATOR_LATE");
});

test("warmup is that of the slowest indicator", () => {
  const { host } = hostOf("1 2");
  expect(host.warmup).toBe(0);
  host.make(ema(10));
  host.make(rsi(14));
  host.make(sma(3));
  expect(host.warmup).toBe(15);
});

test("warmup of an indicator of an indicator counts both, also of a line by name", () => {
  const { host } = hostOf("1 2");
  const width = host.make(standardDeviation(20));
  expect(host.warmup).toBe(20);
  host.make(lowest(120), { of: width });
  expect(host.warmup).toBe(139);

  const second = hostOf("1 2").host;
  const bands = second.make(bollinger(20, 2));
  second.make(ema(5), { of: second.make(sma(3), { of: bands.upper }) });
  expect(second.warmup).toBe(26);
});

test("the first value of an indicator of an indicator stands in the row that warmup says", () => {
  const { host, series } = hostOf("1 2 4 8 16 32 64");
  const smallest = host.make(lowest(3), { of: host.make(standardDeviation(2)) });
  host.advance(series[0]!, 7);
  series[0]!.cursor.index = host.warmup - 2;
  expect(smallest.ready).toBe(false);
  series[0]!.cursor.index = host.warmup - 1;
  expect(smallest.ready).toBe(true);
});
