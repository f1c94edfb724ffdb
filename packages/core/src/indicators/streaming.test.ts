import { expect, test } from "vitest";
import { atr, columnar, ema, macd, type StreamingIndicator, sma, streaming } from "./index.ts";

/** What an indicator shows after a finished row, and while one forms. */
function updated(indicator: StreamingIndicator, ...row: [number, ...number[]]): number {
  indicator.update(...row);
  return indicator.value;
}

function replaced(indicator: StreamingIndicator, ...row: [number, ...number[]]): number {
  indicator.replace(...row);
  return indicator.value;
}

const code = (name: string): unknown => expect.objectContaining({ failure: expect.objectContaining({ code: name }) });

test("streaming() is not ready before the first value, and shows it as soon as it is there", () => {
  const average = streaming(sma(3));
  expect([average.ready, average.value]).toEqual([false, Number.NaN]);
  expect([updated(average, 1), updated(average, 2)]).toEqual([Number.NaN, Number.NaN]);
  expect(updated(average, 6)).toBe(3);
  expect([average.ready, average.value, average.line("value")]).toEqual([true, 3, 3]);
});

test("streaming() shows a forming row through replace() and forgets it with the next one", () => {
  const average = streaming(sma(2));
  average.update(4);
  expect(replaced(average, 6)).toBe(5);
  expect(replaced(average, 8)).toBe(6);
  expect(updated(average, 10)).toBe(7);
  expect(updated(average, 20)).toBe(15);
});

test("streaming() gives every line by its name and refuses other names", () => {
  const convergence = streaming(macd(2, 3, 1));
  for (const x of [1, 2, 3, 4, 9]) convergence.update(x);
  expect(convergence.line("histogram")).toBe(convergence.line("macd") - convergence.line("signal"));
  expect(() => convergence.line("middle" as "macd")).toThrow(code("TP_INDICATOR_LINE"));
});

test("streaming() refuses more or fewer numbers than the indicator has inputs", () => {
  expect(() => streaming(atr()).update(1)).toThrow(code("TP_INDICATOR_INPUTS"));
  expect(() => streaming(atr()).update(3, 1)).toThrow(code("TP_INDICATOR_INPUTS"));
  expect(() => streaming(atr()).update(3, 1, 2, 4)).toThrow(code("TP_INDICATOR_INPUTS"));
  expect(() => streaming(sma(2)).replace(1, 2)).toThrow(code("TP_INDICATOR_INPUTS"));
  expect(updated(streaming(atr(1)), 3, 1, 2)).toBeNaN();
});

test("streaming() feeds an indicator of five inputs", () => {
  const widest = streaming({
    name: "total()",
    inputs: ["open", "high", "low", "close", "volume"],
    outputs: ["value"],
    warmup: 1,
    lookback: 0,
    createKernel: (inputs, [value]) => ({
      advance(from, to) {
        for (let row = from; row < to; row++) value![row] = inputs.reduce((sum, column) => sum + column[row]!, 0);
      },
      snapshot: () => new Float64Array(0),
      restore() {},
      rebase() {},
    }),
  });
  expect(updated(widest, 1, 2, 3, 4, 5)).toBe(15);
  expect(() => widest.update(1, 2, 3, 4)).toThrow(code("TP_INDICATOR_INPUTS"));
});

test("streaming() restores what it saved, and refuses what another indicator saved", () => {
  const saved = streaming(ema(3));
  for (const x of [2, 4, 6]) saved.update(x);
  const resumed = streaming(ema(3));
  resumed.restore(saved.snapshot());
  expect([resumed.value, updated(resumed, 8)]).toEqual([4, 6]);
  expect(() => streaming(sma(3)).restore(saved.snapshot())).toThrow(code("TP_INDICATOR_STATE"));
});

test("columnar() refuses a missing input and columns of unequal length", () => {
  expect(() => columnar(atr(), [new Float64Array(3)])).toThrow(code("TP_INDICATOR_INPUTS"));
  expect(() => columnar(atr(), [new Float64Array(3), new Float64Array(3), new Float64Array(2)])).toThrow(code("TP_INDICATOR_INPUTS"));
});

test("a kernel refuses a state of another size", () => {
  const kernel = sma(3).createKernel([new Float64Array(1)], [new Float64Array(1)]);
  expect(() => kernel.restore(new Float64Array(2))).toThrow(code("TP_INDICATOR_STATE"));
  expect(() => kernel.snapshot(new Float64Array(2))).toThrow(code("TP_INDICATOR_STATE"));
});
