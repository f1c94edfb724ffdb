import { describe, expect, test } from "vitest";
import type { FailureError } from "../model/failure.ts";
import { type IndicatorFacts, indicatorContract } from "../testing/indicator-contract.ts";
import { indicatorCodes } from "./codes.ts";
import * as indicators from "./index.ts";
import type { IndicatorDefinition } from "./indicator.ts";

const { atr, bollinger, donchian, ema, highest, lowest, macd, pairZscore, rma, roc, rsi, sma, standardDeviation, trueRange, zscore } =
  indicators;

const itself: IndicatorFacts = { degree: 1, onConstant: (level) => [level] };
const width: IndicatorFacts = { degree: 1, onConstant: () => [0] };
const ratio: IndicatorFacts = { degree: 0, onConstant: () => [0] };
const threeTimes: IndicatorFacts = { degree: 1, onConstant: (level) => [level, level, level] };
const threeZeros: IndicatorFacts = { degree: 1, onConstant: () => [0, 0, 0] };

const all: readonly (readonly [factory: () => IndicatorDefinition, facts: IndicatorFacts])[] = [
  [() => sma(1), itself],
  [() => sma(20), itself],
  [() => sma(97), itself],
  [() => ema(1), itself],
  [() => ema(20), itself],
  [() => rma(14), itself],
  [() => rsi(), ratio],
  [() => rsi(2), ratio],
  [() => trueRange(), width],
  [() => atr(), width],
  [() => atr(1), width],
  [() => bollinger(), threeTimes],
  [() => bollinger(7, 2.5), threeTimes],
  [() => macd(), threeZeros],
  [() => macd(3, 10, 1), threeZeros],
  [() => donchian(), threeTimes],
  [() => donchian(1), threeTimes],
  [() => standardDeviation(2), width],
  [() => standardDeviation(20), width],
  [() => highest(1), itself],
  [() => highest(20), itself],
  [() => lowest(20), itself],
  [() => lowest(150), itself],
  [() => roc(1), ratio],
  [() => roc(10), ratio],
  [() => zscore(2), ratio],
  [() => zscore(60), ratio],
  [() => pairZscore(60), ratio],
];

for (const [factory, facts] of all) {
  const { name } = factory();
  describe(name, () => {
    for (const law of indicatorContract(name, factory, facts)) test(law.name, law.check);
  });
}

test("every indicator that is exported is under the contract", () => {
  const others: unknown[] = [indicators.columnar, indicators.streaming];
  const exported = Object.entries(indicators).filter(([, each]) => typeof each === "function" && !others.includes(each));
  const covered = new Set(all.map(([factory]) => factory().name.split("(")[0]));
  expect(new Set(exported.map(([name]) => name))).toEqual(covered);
});

test("every indicator refuses a parameter outside its bounds and says which are allowed", () => {
  const wrong: readonly (() => IndicatorDefinition)[] = [
    ...[sma, ema, rma, rsi, atr, donchian, standardDeviation, highest, lowest, roc, zscore, pairZscore, bollinger].flatMap((create) =>
      [0, -1, 2.5, 100_001, Number.NaN, Number.POSITIVE_INFINITY].map((period) => () => create(period)),
    ),
    () => rsi(1),
    () => standardDeviation(1),
    () => zscore(1),
    () => pairZscore(1),
    () => bollinger(1),
    () => bollinger(20, 0),
    () => bollinger(20, -2),
    () => bollinger(20, Number.NaN),
    () => bollinger(20, 101),
    () => macd(0, 26, 9),
    () => macd(12, 2.5, 9),
    () => macd(12, 26, 0),
    () => macd(26, 26, 9),
  ];
  for (const create of wrong) {
    expect(create).toThrow(expect.objectContaining({ failure: expect.objectContaining({ code: "TP_INDICATOR_PARAMETER" }) }));
  }
  expect(Object.keys(indicatorCodes)).toContain("TP_INDICATOR_PARAMETER");
});

test("a refused parameter reads as a sentence", () => {
  const messageOf = (create: () => unknown): string => {
    try {
      create();
    } catch (error) {
      return (error as FailureError).failure.message;
    }
    return "created";
  };
  expect([messageOf(() => sma(0)), messageOf(() => bollinger(20, 0)), messageOf(() => macd(26, 12))]).toMatchInlineSnapshot(`
    [
      "Cannot create "sma": period is 0 rows, allowed is a whole number from 1 to 100000 rows",
      "Cannot create "bollinger": deviations is 0 standard deviations, allowed is above 0, up to 100 standard deviations",
      "Cannot create "macd": fast is 26 rows, allowed is below slow, which is 12 rows",
    ]
  `);
});
