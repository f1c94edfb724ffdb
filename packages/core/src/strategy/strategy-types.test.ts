import { describe, expect, expectTypeOf, test } from "vitest";
import { bollinger } from "../indicators/bollinger.ts";
import { ema } from "../indicators/ema.ts";
import { pairZscore } from "../indicators/pair-zscore.ts";
import type { BoundStrategy, Reactions, Strategy, Tools } from "./define-strategy.ts";
import { defineStrategy } from "./define-strategy.ts";
import type { IndicatorHandle } from "./indicator-handle.ts";
import { type BarsInput, bars } from "./inputs.ts";
import { bracket, buy, close, type Intent, oneCancelsOther, sell, target } from "./intent.ts";
import type { Line } from "./line.ts";
import { type ParamSpec, type ParamValues, param } from "./param.ts";
import type { SavedValue } from "./saved-value.ts";
import type { SeriesHandle } from "./series-handle.ts";
import type { PositionView, StrategyView } from "./strategy-view.ts";

// What an editor shows while a strategy is written. These are checked by the compiler; at run time each test only defines a strategy.

describe("parameters", () => {
  test("infer the type of each value from its declaration", () => {
    const params = {
      fast: param.int(12),
      share: param.ratio(0.95),
      loud: param.flag(false),
      side: param.choice(["long", "short", "both"]),
    };
    expectTypeOf<ParamValues<typeof params>>().toEqualTypeOf<{
      readonly fast: number;
      readonly share: number;
      readonly loud: boolean;
      readonly side: "long" | "short" | "both";
    }>();
    expectTypeOf(params.side).toEqualTypeOf<ParamSpec<"long" | "short" | "both">>();
    expect(params.side.fallback).toBe("long");
  });

  test("arrive in create by name and bind by name", () => {
    const strategy = defineStrategy({
      name: "typed",
      params: { fast: param.int(12), side: param.choice(["long", "short"]) },
      create({ fast, side }) {
        expectTypeOf(fast).toBeNumber();
        expectTypeOf(side).toEqualTypeOf<"long" | "short">();
        return {};
      },
    });
    expectTypeOf(strategy).parameter(0).toEqualTypeOf<Partial<{ readonly fast: number; readonly side: "long" | "short" }> | undefined>();
    expectTypeOf(strategy({ fast: 5 })).toEqualTypeOf<BoundStrategy>();
    // @ts-expect-error a word that is not among the choices
    expect(() => strategy({ side: "sideways" })).toThrow("TP_STRATEGY_PARAM_VALUE");
    // @ts-expect-error a name that is not declared
    expect(() => strategy({ slow: 5 })).toThrow("TP_STRATEGY_PARAM_UNKNOWN");
  });

  test("must have a default among the choices", () => {
    // @ts-expect-error a default that is not among the choices
    expect(param.choice(["long", "short"], "both").fallback).toBe("both");
  });
});

describe("tools", () => {
  test("hold one series, main, when no inputs are declared", () => {
    defineStrategy({
      name: "typed",
      create(_params, tools) {
        expectTypeOf(tools).toEqualTypeOf<Tools<{ readonly main: BarsInput }>>();
        expectTypeOf(tools.main).toEqualTypeOf<SeriesHandle>();
        // @ts-expect-error there is no input of that name
        expectTypeOf(tools.other).toBeAny();
        return {};
      },
    });
  });

  test("hold a series for every declared input, by its name", () => {
    defineStrategy({
      name: "typed",
      inputs: { a: bars(), b: bars(), slow: bars({ of: "a", interval: "1h" }) },
      create(_params, { a, b, slow, indicator }) {
        expectTypeOf(a).toEqualTypeOf<SeriesHandle>();
        expectTypeOf(a.close.ago(1)).toBeNumber();
        expectTypeOf(indicator(pairZscore(60), { of: [a.close, b.close] }).value).toEqualTypeOf<number>();
        expectTypeOf(indicator(ema(20), { of: slow })).toEqualTypeOf<IndicatorHandle<"value">>();
        return {};
      },
    });
  });

  test("give every line of an indicator under its name", () => {
    defineStrategy({
      name: "typed",
      create(_params, { indicator }) {
        expectTypeOf(indicator(ema(20)).value).toEqualTypeOf<number>();
        const bands = indicator(bollinger(20, 2));
        expectTypeOf(bands.upper).toEqualTypeOf<Line>();
        expectTypeOf(bands.upper.ago(1)).toBeNumber();
        expectTypeOf(bands.ready).toBeBoolean();
        // @ts-expect-error Bollinger bands have no such line
        expectTypeOf(bands.signal).toBeAny();
        return {};
      },
    });
  });
});

describe("reactions", () => {
  test("may return nothing, one intent, several, or a mixture of these", () => {
    defineStrategy({
      name: "typed",
      create() {
        return {
          onBar(bar, { position }) {
            expectTypeOf(bar.close).toBeNumber();
            expectTypeOf(position).toEqualTypeOf<PositionView>();
            if (position.isFlat) return buy({ fraction: 0.5 });
            if (position.isLong) return [close(), sell()];
            if (bar.index === 3) return oneCancelsOther(buy({ limit: 1 }), sell({ limit: 2 }));
          },
        };
      },
    });
  });

  test("may not return a promise, a number or a text", () => {
    expectTypeOf<{ onBar(): Promise<Intent> }>().not.toExtend<Reactions>();
    expectTypeOf<{ onBar(): number }>().not.toExtend<Reactions>();
    expectTypeOf<{ onBar(): string }>().not.toExtend<Reactions>();
  });

  test("know the names of the inputs", () => {
    defineStrategy({
      name: "typed",
      inputs: { a: bars(), b: bars() },
      create() {
        return {
          onBar(bar, view) {
            expectTypeOf(bar.input).toEqualTypeOf<"a" | "b">();
            expectTypeOf(view).toEqualTypeOf<StrategyView<"a" | "b">>();
          },
          onBars({ positionOf }) {
            expectTypeOf(positionOf).parameter(0).toEqualTypeOf<"a" | "b">();
          },
          onFill(fill) {
            expectTypeOf(fill.input).toEqualTypeOf<"a" | "b">();
          },
        };
      },
    });
  });

  test("may hand their view to a function that knows of no names", () => {
    const free = (view: StrategyView): number => view.cash / view.equity;
    expectTypeOf<StrategyView<"a" | "b">>().toExtend<StrategyView>();
    expectTypeOf(free).toBeCallableWith({} as StrategyView<"a" | "b">);
  });

  test("of a strategy without declared inputs know main alone", () => {
    defineStrategy({
      name: "typed",
      create: () => ({
        onBar(bar) {
          expectTypeOf(bar.input).toEqualTypeOf<"main">();
        },
      }),
    });
  });
});

describe("intents", () => {
  test("are all of one type, whatever made them", () => {
    expectTypeOf(buy()).toEqualTypeOf<Intent>();
    expectTypeOf(target({ fraction: 0.5 })).toEqualTypeOf<Intent>();
    expectTypeOf(oneCancelsOther(buy(), sell())).toEqualTypeOf<readonly Intent[]>();
  });

  test("take a stop and a target together in a bracket, and one kind of size in a target", () => {
    // @ts-expect-error a bracket without a target
    expect(bracket({ side: "buy", stopLoss: 9 }).takeProfit).toBeUndefined();
    // @ts-expect-error a target without a size
    expect(target({}).kind).toBe("target");
  });
});

test("every strategy, whatever its parameters and inputs, is a Strategy to those who run it", () => {
  const strategy = defineStrategy({
    name: "typed",
    params: { fast: param.int(12) },
    inputs: { a: bars(), b: bars() },
    create: () => ({}),
  });
  expectTypeOf(strategy.spec).toExtend<Strategy["spec"]>();
});

test("a strategy that remembers saves plain data and takes it back; one that does not says so", () => {
  defineStrategy({
    name: "typed",
    remembers: "indicators",
    create: () => ({
      save: () => ({ levels: [1, 2], last: Float64Array.of(1), side: null }),
      restore(saved) {
        expectTypeOf(saved).toEqualTypeOf<SavedValue>();
      },
    }),
  });
  // @ts-expect-error a function is no plain data
  defineStrategy({ name: "typed", create: () => ({ save: () => ({ next: () => 1 }), restore: () => undefined }) });
  // @ts-expect-error nothing else can be declared
  defineStrategy({ name: "typed", remembers: "everything", create: () => ({}) });
});
