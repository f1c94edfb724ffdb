import { describe, expect, test } from "vitest";
import { EventKind } from "../model/event.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import { marginAccount } from "../portfolio/account-terms.ts";
import { slippageFraction } from "../simulator/cost-model.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { bars as barsInput } from "../strategy/inputs.ts";
import { buy, close, oneCancelsOther, sell } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { fillLines, fillsOfScript, RICH } from "../testing/fill-lines.ts";
import { play, runTest } from "../testing/play.ts";
import { scripted } from "../testing/scripted.ts";
import { fillsOf } from "./read-events.ts";

describe("the end of the data", () => {
  // The position is open and nothing rests, so the price gate passes over the bars: the last close counts all the same.
  const script = scripted({ 0: buy({ quantity: 2 }) });
  const text = "100 100 101 104/106/103/105";

  test("marks positions at the last close and leaves them open", () => {
    const engine = runTest(script, bars(text), { ...RICH, capital: 1_000 });
    expect([engine.account.signedLots(0), engine.equity]).toEqual([2, 1_010]);
  });

  test("closes them there on request, with costs, as end-of-data", () => {
    const options = { ...RICH, capital: 1_000, endOfData: "close", venue: { slippage: slippageFraction(0.01) } } as const;
    const engine = runTest(script, bars(text), options);
    expect(fillLines(engine)).toEqual(["1 buy 2 @ 101 taker", "4 sell 2 @ 103.95 taker"]);
    expect(fillsOf(engine.events).at(-1)).toMatchObject({ cause: "end-of-data", reason: "end-of-data" });
    expect(engine.equity).toBeCloseTo(1_005.9, 9);
  });

  test("ends open orders first, and says so", () => {
    const tape = play(scripted({ 0: buy({ quantity: 2, stopLoss: 90 }) }), bars("100 100 101"), { ...RICH, endOfData: "close" }).split(
      "\n",
    );
    expect(tape.slice(-3)).toEqual([
      "00:03  expired sell 2 (end-of-data)",
      "00:03  order sell 2: end-of-data",
      "00:03  fill  sell 2 @ 101",
    ]);
  });

  test.each(["bars", "steps", "facts"] as const)("is the same with driver %s", (driver) => {
    expect(runTest(script, bars(text), { ...RICH, capital: 1_000, driver }).equity).toBe(1_010);
  });
});

describe("onFill", () => {
  test("is told of a fill before the bar's own reaction, and what it returns acts from the next bar", () => {
    // Filled at the open of 100; the target of 104 is within that very bar and must wait for the next one.
    const script = scripted(
      { 0: buy({ quantity: 1 }) },
      { onFill: (fill) => (fill.isEntry ? sell({ quantity: 1, limit: 104 }) : undefined) },
    );
    expect(fillsOfScript(script, "100 100/105/99/103 103/104/102/103")).toEqual(["1 buy 1 @ 100 taker", "3 sell 1 @ 104 maker"]);
  });

  test("sees each part of a fill, and the position after the bar", () => {
    const seen: unknown[] = [];
    const script = scripted(
      { 0: buy({ quantity: 15, tag: "in" }) },
      { onFill: (fill, view) => void seen.push([fill.tag, fill.quantity, fill.price, fill.isComplete, view.position.quantity]) },
    );
    runTest(script, bars("100/100/100/100/100 100/100/100/100/100 101/101/101/101/100"), { ...RICH, venue: { participation: 0.1 } });
    expect(seen).toEqual([
      ["in", 10, 100, false, 10],
      ["in", 5, 101, true, 15],
    ]);
  });
});

describe("timers", () => {
  test("fire at whole multiples, before the bar's reaction, once for a gap", () => {
    const seen: string[] = [];
    const strategy = defineStrategy({
      name: "clock",
      timers: { two: "2m" },
      create: () => ({
        onTimer: (timer) => void seen.push(`timer ${timer.timeUs / US_PER_MINUTE}`),
        onBar: (bar) => void seen.push(`bar ${bar.closeUs / US_PER_MINUTE}`),
      }),
    })();
    runTest(strategy, bars("1 1 1 - - - 1 1"));
    // The bar that closes at 7 is the first after the gap: of the multiples 4 and 6 the later is told.
    expect(seen).toEqual(["bar 1", "timer 2", "bar 2", "bar 3", "timer 6", "bar 7", "timer 8", "bar 8"]);
  });

  test("their orders act from the next bar", () => {
    const script = scripted(
      {},
      { timers: { two: "2m" }, onTimer: (_name, view) => (view.position.isFlat ? buy({ quantity: 1 }) : undefined) },
    );
    expect(fillsOfScript(script, "100 101 102 103")).toEqual(["2 buy 1 @ 102 taker"]);
  });
});

describe("what the strategy sees", () => {
  test("barsHeld counts closed bars after the bar of the entry, wherever in it that was", () => {
    const counts = (wish: ReturnType<typeof buy>): number[] => {
      const seen: number[] = [];
      const strategy = defineStrategy({
        name: "counter",
        create: () => ({
          onBar(bar, { position }) {
            seen.push(position.barsHeld);
            return bar.index === 0 ? wish : undefined;
          },
        }),
      })();
      runTest(strategy, bars("100 100/101/94/97 97 97"), RICH);
      return seen;
    };
    expect(counts(buy({ quantity: 1 }))).toEqual([-1, 0, 1, 2]);
    expect(counts(buy({ quantity: 1, limit: 95 }))).toEqual([-1, 0, 1, 2]);
  });

  test("barsHeld starts anew when the position turns over", () => {
    const seen: number[] = [];
    const note = (view: { readonly position: { readonly barsHeld: number } }): undefined => void seen.push(view.position.barsHeld);
    const script = scripted({
      0: buy({ quantity: 1 }),
      2: (view) => note(view) ?? sell({ quantity: 3 }),
      3: note,
      4: note,
    });
    runTest(script, bars("100 100 100 100 100"), RICH);
    expect(seen).toEqual([1, 0, 1]);
  });

  test("the position of the first input in a timer, whatever filled before", () => {
    const seen: number[] = [];
    const script = scripted(
      { 0: [buy({ quantity: 1, on: "a" }), buy({ quantity: 2, on: "b" })] },
      {
        inputs: { a: barsInput(), b: barsInput() },
        timers: { two: "2m" },
        onFill: () => undefined,
        onTimer: (_name, view) => void seen.push(view.position.quantity),
      },
    );
    runTest(script, { a: bars("100 100"), b: bars("50 50") }, RICH);
    expect(seen).toEqual([1]);
  });
});

describe("several instruments", () => {
  const inputs = { a: barsInput(), b: barsInput() };
  const options = { capital: 10_000, account: marginAccount({ leverage: 1 }) };

  test("an order fills at the next bar of its own instrument", () => {
    // b has no bar in the second minute.
    const script = scripted({ 0: buy({ quantity: 1, on: "b" }) }, { inputs });
    expect(
      play(script, { a: bars("100 100 100"), b: bars("50 - 52") }, options)
        .split("\n")
        .at(-1),
    ).toBe("00:02  fill  buy 1 B@PLAY @ 52");
  });

  test("bar-close waits where the other instrument has no bar that closes now", () => {
    const script = scripted({ 0: buy({ quantity: 1, on: "b" }), 1: close({ on: "b" }) }, { inputs });
    const tape = play(script, { a: bars("100 100 100"), b: bars("50 - 52") }, { ...options, venue: { marketFill: "bar-close" } });
    expect(tape.split("\n").filter((line) => line.includes("fill"))).toEqual([
      "00:01  fill  buy 1 B@PLAY @ 50",
      "00:02  fill  sell 1 B@PLAY @ 52",
    ]);
  });

  test("a longer input shows its finished bar in the same minute, and none before", () => {
    const seen: string[] = [];
    const strategy = defineStrategy({
      name: "two-speeds",
      inputs: { main: barsInput(), slow: barsInput({ of: "main", interval: "3m" }) },
      create: (_params, { slow }) => ({
        onBar(bar) {
          if (bar.input === "main") seen.push(`${bar.closeUs / US_PER_MINUTE}: ${slow.count === 0 ? "none" : slow.close.value}`);
        },
      }),
    })();
    runTest(strategy, bars("1 2 3 4 5 6 7"));
    expect(seen).toEqual(["1: none", "2: none", "3: 3", "4: 3", "5: 3", "6: 6", "7: 6"]);
  });
});

test("onTimer sees the position of the first input, whichever input had the last bar before it", () => {
  const seen: number[] = [];
  const strategy = defineStrategy({
    name: "timed",
    inputs: { a: barsInput(), b: barsInput() },
    timers: { often: "2m" },
    create: () => ({
      onBar: (bar) => (bar.input === "a" && bar.index === 0 ? buy({ quantity: 1, on: "a" }) : undefined),
      onTimer(_timer, { position }) {
        seen.push(position.quantity);
      },
    }),
  });
  play(strategy(), { a: bars("10 10 10 10 10"), b: bars("20 20 20 20 20") });
  expect(seen).toEqual([1, 1]);
});

test("a group object returned again in a later reaction stands for a new group, alone or in a list", () => {
  const [leg] = oneCancelsOther(buy({ quantity: 1, limit: 5 }), buy({ quantity: 1, limit: 4 }));
  const engine = runTest(scripted({ 0: leg!, 1: leg!, 2: [leg!] }), bars("10 10 10 10"), RICH);
  const groups = engine.events.records().flatMap(({ kind, fields }) => (kind === EventKind.submitted ? [fields[5]] : []));
  expect(groups).toEqual([1, 2, 3]);
});
