import { describe, expect, test } from "vitest";
import { FailureError } from "../model/failure.ts";
import { amend, bracket, buy, cancel, cancelAll, close, type Intent, oneCancelsOther, sell, target } from "./intent.ts";

describe("every intent", () => {
  const all: Readonly<Record<string, Intent>> = {
    buy: buy({ quantity: 2, limit: 10, stopLoss: { offset: 1 } }),
    sell: sell({ fraction: 0.5, trail: { ratio: 0.1 } }),
    bracket: bracket({ side: "sell", stopLoss: 11, takeProfit: 9 }),
    close: close(),
    target: target({ notional: 100 }),
    cancel: cancel({ orderId: 3 }),
    cancelAll: cancelAll(),
    amend: amend({ orderId: 3 }, { limit: 9 }),
    oneCancelsOther: oneCancelsOther(buy(), sell())[1]!,
  };

  test.each(Object.entries(all))("has one shape: %s", (_name, intent) => {
    // The same keys in the same order: engines give such objects one hidden class, which keeps the order path fast.
    expect(Object.keys(intent)).toEqual(Object.keys(buy()));
  });
});

describe("buy() and sell()", () => {
  test("are market orders over all the free money when nothing else is said", () => {
    expect(buy()).toMatchObject({
      kind: "order",
      side: 1,
      sizing: "fraction",
      size: 1,
      timeInForce: "GTC",
      reason: "",
      tag: "",
      input: "",
    });
    expect(sell().side).toBe(-1);
    expect([buy().limit, buy().stop, buy().touch, buy().trail]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });

  test("size by the one size that is given", () => {
    expect(buy({ quantity: 3 })).toMatchObject({ sizing: "quantity", size: 3 });
    expect(buy({ fraction: 0.5 })).toMatchObject({ sizing: "fraction", size: 0.5 });
    expect(buy({ notional: 500 })).toMatchObject({ sizing: "notional", size: 500 });
    expect(buy({ risk: { fraction: 0.01 } })).toMatchObject({ sizing: "risk-fraction", size: 0.01 });
    expect(buy({ risk: { amount: 100 } })).toMatchObject({ sizing: "risk-amount", size: 100 });
  });

  test("size by volatility: target over current, at most the cap", () => {
    expect(buy({ volatility: { target: 0.1, current: 0.4 } })).toMatchObject({ sizing: "volatility", size: 0.25 });
    expect(buy({ volatility: { target: 0.4, current: 0.1 } }).size).toBe(1);
    expect(buy({ volatility: { target: 0.4, current: 0.1, cap: 2 } }).size).toBe(2);
    expect(buy({ volatility: { target: 0.4, current: Number.NaN } }).size).toBeNaN();
  });

  test("mean the whole position when they are reduce-only without a size", () => {
    expect(sell({ reduceOnly: true })).toMatchObject({ sizing: "position", size: 1, reduceOnly: true });
  });

  test("keep a trail as an amount or as a ratio", () => {
    expect(sell({ trail: { amount: 2, activation: 5 } })).toMatchObject({
      trail: 2,
      trailIsRatio: false,
      trailActivation: 5,
      trailAfter: 0,
    });
    expect(sell({ trail: { ratio: 0.1, after: 0.05 } })).toMatchObject({ trail: 0.1, trailIsRatio: true, trailAfter: 0.05 });
  });

  test("live until their end when one is given", () => {
    expect(buy({ expiresUs: 5 }).timeInForce).toBe("GTD");
    expect(buy({ expiresUs: 5, timeInForce: "DAY" }).timeInForce).toBe("DAY");
  });
});

test("bracket() is an entry with its stop and its target", () => {
  const intent = bracket({ side: "sell", quantity: 1, stopLoss: { ratio: 0.02 }, takeProfit: 90, reason: "breakdown" });
  expect(intent).toMatchObject({ kind: "order", side: -1, stopLoss: { ratio: 0.02 }, takeProfit: 90, reason: "breakdown" });
});

test("close() reduces the whole position or a part of it and keeps its limit, input and reason", () => {
  expect(close()).toMatchObject({ kind: "close", sizing: "position", size: 1, reduceOnly: true });
  expect(close({ fraction: 0.5, limit: 12, on: "b", reason: "half off" })).toMatchObject({
    size: 0.5,
    limit: 12,
    input: "b",
    reason: "half off",
  });
});

test("target() keeps the sign of the size", () => {
  expect(target({ fraction: -0.5 }, { reason: "short half" })).toMatchObject({
    kind: "target",
    sizing: "fraction",
    size: -0.5,
    reason: "short half",
  });
  expect(target({ quantity: 3 })).toMatchObject({ sizing: "quantity", size: 3 });
  expect(target({ notional: 100 })).toMatchObject({ sizing: "notional", size: 100 });
});

test("cancel() and amend() mean an order by its tag or by its id", () => {
  expect(cancel({ tag: "entry" }, "too late")).toMatchObject({ kind: "cancel", tag: "entry", orderId: 0, reason: "too late" });
  expect(cancel({ orderId: 7 })).toMatchObject({ kind: "cancel", tag: "", orderId: 7 });
  expect(amend({ tag: "entry" }, { limit: 9, quantity: 2 })).toMatchObject({
    kind: "amend",
    tag: "entry",
    limit: 9,
    size: 2,
    stop: Number.NaN,
  });
  expect(amend({ orderId: 7 }, { stop: 8 })).toMatchObject({ orderId: 7, stop: 8, size: Number.NaN });
});

test("cancelAll() means every instrument unless one input is named", () => {
  expect(cancelAll()).toMatchObject({ kind: "cancel-all", input: "" });
  expect(cancelAll({ on: "b" }).input).toBe("b");
});

test("oneCancelsOther() puts its orders into one group of their own and leaves the given ones alone", () => {
  const alone = buy({ limit: 9 });
  const [first, second] = oneCancelsOther(alone, sell({ limit: 11 }));
  expect(first!.group).toBeDefined();
  expect(first!.group).toBe(second!.group);
  expect(oneCancelsOther(alone)[0]!.group).not.toBe(first!.group);
  expect(alone.group).toBeUndefined();
});

test.each([
  ["two sizes", () => buy({ quantity: 1, fraction: 0.5 }), 'size an order: it is given "quantity" and "fraction"'],
  ["a size and a risk", () => sell({ notional: 1, risk: { amount: 5 } }), '"notional" and "risk"'],
  ["a risk in two forms", () => buy({ risk: { amount: 5, fraction: 0.1 } }), 'size an order by risk: it is given "fraction" and "amount"'],
  ["two targets", () => target({ fraction: 0.5, quantity: 3 }), 'set a target: it is given "quantity" and "fraction"'],
  ["a trail in two forms", () => sell({ trail: { amount: 1, ratio: 0.1 } }), 'trail a stop: it is given "amount" and "ratio"'],
  ["a tag and an id", () => cancel({ tag: "entry", orderId: 3 }), 'cancel an order: it is given "tag" and "orderId"'],
] as const)("intents refuse %s, which exclude each other", (_what, make, text) => {
  expect(make).toThrow(FailureError);
  expect(make).toThrow("TP_STRATEGY_SAID_TWICE");
  expect(make).toThrow(text);
});
