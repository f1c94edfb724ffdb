import { createRequire } from "node:module";
import type * as Ixjb from "@ixjb94/indicators";
import type * as Indicatorts from "indicatorts";
import type * as Technical from "technicalindicators";
import * as signals from "trading-signals";

// These three are CommonJS.
const require = createRequire(import.meta.url);
const ixjb = new (require("@ixjb94/indicators") as typeof Ixjb).IndicatorsSync();
const indicatorts = require("indicatorts") as typeof Indicatorts;
const technical = require("technicalindicators") as typeof Technical;

/** The bars of the benchmark as plain arrays, which is what these libraries read. Converting is not timed. */
export interface PlainBars {
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
}

/** Computes an indicator over all bars and returns the last value of its main line. */
export type PeerRun = (bars: PlainBars) => number;

/** By the name of our definition, then by peer. A peer that lacks the indicator is left out. */
export const peerRuns: Readonly<Record<string, Readonly<Record<string, PeerRun>>>> = {
  "sma(20)": {
    technicalindicators: ({ close }) => last(technical.SMA.calculate({ period: 20, values: close })),
    "trading-signals": ({ close }) => fed(new signals.SMA(20), close),
    indicatorts: ({ close }) => last(indicatorts.sma(close, { period: 20 })),
    "@ixjb94/indicators": ({ close }) => last(ixjb.sma(close, 20)),
  },
  "ema(20)": {
    technicalindicators: ({ close }) => last(technical.EMA.calculate({ period: 20, values: close })),
    "trading-signals": ({ close }) => fed(new signals.EMA(20), close),
    indicatorts: ({ close }) => last(indicatorts.ema(close, { period: 20 })),
    "@ixjb94/indicators": ({ close }) => last(ixjb.ema(close, 20)),
  },
  "rma(14)": {
    technicalindicators: ({ close }) => last(technical.WEMA.calculate({ period: 14, values: close })),
    "trading-signals": ({ close }) => fed(new signals.WSMA(14), close),
    indicatorts: ({ close }) => last(indicatorts.rma(close, { period: 14 })),
    "@ixjb94/indicators": ({ close }) => last(ixjb.wilders(close, 14)),
  },
  "rsi(14)": {
    technicalindicators: ({ close }) => last(technical.RSI.calculate({ period: 14, values: close })),
    "trading-signals": ({ close }) => fed(new signals.RSI(14), close),
    indicatorts: ({ close }) => last(indicatorts.rsi(close, { period: 14 })),
    "@ixjb94/indicators": ({ close }) => last(ixjb.rsi(close, 14)),
  },
  "trueRange()": {
    technicalindicators: (bars) => last(technical.TrueRange.calculate(bars)),
    "trading-signals": (bars) => fedBars(new signals.TR(), bars),
    indicatorts: ({ high, low, close }) => last(indicatorts.tr(high, low, close)),
    "@ixjb94/indicators": ({ high, low, close }) => last(ixjb.tr(high, low, close)),
  },
  "atr(14)": {
    technicalindicators: (bars) => last(technical.ATR.calculate({ ...bars, period: 14 })),
    "trading-signals": (bars) => fedBars(new signals.ATR(14), bars),
    indicatorts: ({ high, low, close }) => last(indicatorts.atr(high, low, close, { period: 14 }).atrLine),
    "@ixjb94/indicators": ({ high, low, close }) => last(ixjb.atr(high, low, close, 14)),
  },
  "bollinger(20, 2)": {
    technicalindicators: ({ close }) => technical.BollingerBands.calculate({ period: 20, stdDev: 2, values: close }).at(-1)!.middle,
    "trading-signals": ({ close }) => {
      const bands = new signals.BollingerBands(20, 2);
      let middle = Number.NaN;
      for (const x of close) middle = bands.update(x, false)?.middle ?? middle;
      return middle;
    },
    indicatorts: ({ close }) => last(indicatorts.bb(close, { period: 20 }).middle),
    "@ixjb94/indicators": ({ close }) => last(ixjb.bbands(close, 20, 2)[1]!),
  },
  "macd(12, 26, 9)": {
    technicalindicators: ({ close }) =>
      technical.MACD.calculate({
        values: close,
        fastPeriod: 12,
        slowPeriod: 26,
        signalPeriod: 9,
        SimpleMAOscillator: false,
        SimpleMASignal: false,
      }).at(-1)!.MACD!,
    "trading-signals": ({ close }) => {
      const convergence = new signals.MACD(new signals.EMA(12), new signals.EMA(26), new signals.EMA(9));
      let line = Number.NaN;
      for (const x of close) line = convergence.update(x, false)?.macd ?? line;
      return line;
    },
    indicatorts: ({ close }) => last(indicatorts.macd(close, { fast: 12, slow: 26, signal: 9 }).macdLine),
    "@ixjb94/indicators": ({ close }) => last(ixjb.macd(close, 12, 26, 9)[0]!),
  },
  "donchian(20)": {
    "trading-signals": ({ high, low }) => {
      const channel = new signals.DonchianChannels(20);
      let upper = Number.NaN;
      for (let row = 0; row < high.length; row++) upper = channel.update({ high: high[row]!, low: low[row]! }, false)?.upper ?? upper;
      return upper;
    },
    "@ixjb94/indicators": ({ high, low }) => Math.max(...ixjb.dc(high, low, 20).map(last)),
  },
  "standardDeviation(20)": {
    technicalindicators: ({ close }) => last(technical.SD.calculate({ period: 20, values: close })),
    indicatorts: ({ close }) => last(indicatorts.mstd(close, { period: 20 })),
    "@ixjb94/indicators": ({ close }) => last(ixjb.stddev(close, 20)),
  },
  "highest(20)": {
    technicalindicators: ({ high }) => last(technical.Highest.calculate({ period: 20, values: high })),
    indicatorts: ({ high }) => last(indicatorts.mmax(high, { period: 20 })),
    "@ixjb94/indicators": ({ high }) => last(ixjb.max(high, 20)),
  },
  "lowest(20)": {
    technicalindicators: ({ low }) => last(technical.Lowest.calculate({ period: 20, values: low })),
    indicatorts: ({ low }) => last(indicatorts.mmin(low, { period: 20 })),
    "@ixjb94/indicators": ({ low }) => last(ixjb.min(low, 20)),
  },
  "roc(10)": {
    technicalindicators: ({ close }) => last(technical.ROC.calculate({ period: 10, values: close })),
    "trading-signals": ({ close }) => fed(new signals.ROC(10), close),
    indicatorts: ({ close }) => last(indicatorts.roc(close, { period: 10 })),
    "@ixjb94/indicators": ({ close }) => last(ixjb.roc(close, 10)),
  },
};

function last(line: readonly number[]): number {
  return line[line.length - 1]!;
}

function fed(indicator: { update(x: number, replace: boolean): number | null }, values: readonly number[]): number {
  let result: number | null = null;
  for (const x of values) result = indicator.update(x, false);
  return result ?? Number.NaN;
}

interface PeerBar {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

function fedBars(indicator: { update(bar: PeerBar, replace: boolean): number | null }, { high, low, close }: PlainBars): number {
  let result: number | null = null;
  for (let row = 0; row < close.length; row++) {
    result = indicator.update({ high: high[row]!, low: low[row]!, close: close[row]! }, false);
  }
  return result ?? Number.NaN;
}
