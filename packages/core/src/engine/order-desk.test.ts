import { describe, expect, test } from "vitest";
import { amend, buy, cancel, cancelAll, close, type Intent, sell, target } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { RICH } from "../testing/fill-lines.ts";
import { type PlayOptions, play, runTest } from "../testing/play.ts";
import { scripted } from "../testing/scripted.ts";

const tapeOf = (script: Parameters<typeof scripted>[0], text: string, options: PlayOptions = {}): string[] =>
  play(scripted(script), bars(text), { ...RICH, ...options }).split("\n");

describe("cancel", () => {
  test("takes back an order by its tag, or by its number", () => {
    const order = buy({ quantity: 1, limit: 95, tag: "dip" });
    expect(tapeOf({ 0: order, 1: cancel({ tag: "dip" }) }, "100 100 90").at(-1)).toBe("00:02  canceled buy 1 (strategy)");
    expect(tapeOf({ 0: order, 1: cancel({ orderId: 1 }) }, "100 100 90").at(-1)).toBe("00:02  canceled buy 1 (strategy)");
  });

  test("is refused for an order that is filled, canceled, or never was", () => {
    expect(tapeOf({ 0: buy({ quantity: 1, tag: "in" }), 1: cancel({ tag: "in" }) }, "100 100 100").at(-1)).toBe(
      "00:02  cancel-refused (unknown-order)",
    );
    expect(tapeOf({ 0: cancel({ orderId: 7 }) }, "100 100").at(-1)).toBe("00:01  cancel-refused (unknown-order)");
  });

  test("takes back the rest of a partly filled order", () => {
    const script = { 0: buy({ quantity: 25, tag: "in" }), 1: cancel({ tag: "in" }) };
    const text = "100/100/100/100/100 100/100/100/100/100 100/100/100/100/100";
    expect(tapeOf(script, text, { venue: { participation: 0.1 } })).toEqual([
      "00:01  order buy 25",
      "00:01  fill  buy 10 @ 100",
      "00:02  canceled buy 15 (strategy)",
    ]);
  });
});

test("cancelAll takes back every working order", () => {
  const orders = [buy({ quantity: 1, limit: 95 }), sell({ quantity: 2, limit: 105 }), buy({ quantity: 3, stop: 110 })];
  expect(tapeOf({ 0: orders, 1: cancelAll() }, "100 100 90").slice(3)).toEqual([
    "00:02  canceled buy 1 (strategy)",
    "00:02  canceled sell 2 (strategy)",
    "00:02  canceled buy 3 (strategy)",
  ]);
});

describe("amend", () => {
  const bid = buy({ quantity: 2, limit: 95, tag: "bid" });
  test.each([
    [
      "a limit, from the next bar",
      bid,
      amend({ tag: "bid" }, { limit: 97 }),
      "100 100/100/96/97 100/100/96.5/98",
      ["00:02  amended to 2 limit 97", "00:03  fill  buy 2 @ 97"],
    ],
    [
      "a quantity",
      bid,
      amend({ tag: "bid" }, { quantity: 5 }),
      "100 100 100/100/94/95",
      ["00:02  amended to 5 limit 95", "00:03  fill  buy 5 @ 95"],
    ],
    [
      "a stop",
      buy({ quantity: 1, stop: 105, tag: "bid" }),
      amend({ tag: "bid" }, { stop: 103 }),
      "100 100 100/104/99/103",
      ["00:02  amended to 1 stop 103", "00:03  fill  buy 1 @ 103"],
    ],
    [
      "a limit over the market fills at the next open",
      bid,
      amend({ tag: "bid" }, { limit: 101 }),
      "100 100 99",
      ["00:02  amended to 2 limit 101", "00:02  fill  buy 2 @ 99"],
    ],
    // 98 is below the last close of 100: a buy stop there has been passed and triggers at the next open.
    [
      "a stop behind the market triggers at the next open",
      buy({ quantity: 1, stop: 105, tag: "bid" }),
      amend({ tag: "bid" }, { stop: 98 }),
      "100 100 97",
      ["00:02  amended to 1 stop 98", "00:02  fill  buy 1 @ 97"],
    ],
  ] as const)("changes %s", (_what, order, change, text, lines) => {
    expect(tapeOf({ 0: order, 1: change }, text).slice(1)).toEqual(lines);
  });

  test.each([
    ["a filled order", buy({ quantity: 1, tag: "bid" }), amend({ tag: "bid" }, { quantity: 2 }), "unknown-order"],
    ["a price that is no number", bid, amend({ tag: "bid" }, { limit: Number.NaN }), "price"],
    ["a quantity that is no number", bid, amend({ tag: "bid" }, { quantity: Number.NaN }), "size"],
    ["a quantity of zero", bid, amend({ tag: "bid" }, { quantity: 0 }), "size"],
    ["a limit of an order that has none", buy({ quantity: 1, stop: 105, tag: "bid" }), amend({ tag: "bid" }, { limit: 97 }), "price"],
    ["a stop of an order that has none", bid, amend({ tag: "bid" }, { stop: 97 }), "price"],
  ] as const)("is refused for %s", (_what, order, change, cause) => {
    expect(tapeOf({ 0: order, 1: change }, "100 100 100")).toContain(`00:02  amend-refused (${cause})`);
  });

  test("is refused for less than has filled", () => {
    const text = "100/100/100/100/100 100/100/100/100/100 100/100/100/100/100";
    const script = { 0: buy({ quantity: 25, tag: "in" }), 1: amend({ tag: "in" }, { quantity: 10 }) };
    expect(tapeOf(script, text, { venue: { participation: 0.1 } })[2]).toBe("00:02  amend-refused (size)");
  });
});

describe("target", () => {
  test.each([
    ["opens a long", [], target({ quantity: 3 }), ["order buy 3", "fill  buy 3 @ 100"]],
    ["adds to a long", [buy({ quantity: 2 })], target({ quantity: 5 }), ["order buy 3", "fill  buy 3 @ 100"]],
    ["reduces a long", [buy({ quantity: 5 })], target({ quantity: 2 }), ["order sell 3", "fill  sell 3 @ 100"]],
    ["closes it at zero", [buy({ quantity: 5 })], target({ quantity: 0 }), ["order sell 5", "fill  sell 5 @ 100"]],
    [
      "crosses zero with two orders, the reduction first",
      [buy({ quantity: 5 })],
      target({ quantity: -2 }),
      ["order sell 5", "order sell 2", "fill  sell 5 @ 100", "fill  sell 2 @ 100"],
    ],
    ["opens a short", [], target({ quantity: -3 }), ["order sell 3", "fill  sell 3 @ 100"]],
    ["counts a notional, rounded down to the lot", [], target({ notional: 450 }), ["order buy 4", "fill  buy 4 @ 100"]],
    ["counts a notional that is whole lots", [], target({ notional: 500 }), ["order buy 5", "fill  buy 5 @ 100"]],
    ["counts a fraction of equity", [], target({ fraction: 0.25 }), ["order buy 25", "fill  buy 25 @ 100"]],
    ["does nothing where it already stands", [buy({ quantity: 3 })], target({ quantity: 3 }), []],
  ] as const)("%s", (_what, before: readonly Intent[], wish, lines) => {
    const tape = tapeOf({ 0: before, 1: wish }, "100 100 100", { capital: 10_000 });
    expect(tape.filter((line) => line.startsWith("00:02")).map((line) => line.slice(7))).toEqual(lines);
  });

  test("replaces what is still on its way", () => {
    const script = { 0: buy({ quantity: 4, limit: 95 }), 1: target({ quantity: 2 }) };
    expect(tapeOf(script, "100 100 100").slice(1)).toEqual([
      "00:02  canceled buy 4 (replaced)",
      "00:02  order buy 2",
      "00:02  fill  buy 2 @ 100",
    ]);
  });

  test("replaces its own reduction that participation left over, so that it never reduces twice", () => {
    // From 20 down to 10: a tenth of 40 sells 4 in the first bar. The same wish then asks for 6, not for 6 on top of the 6 that wait.
    const text = "100/100/100/100/1000 100/100/100/100/1000 100/100/100/100/40 100/100/100/100/1000";
    const script = { 0: buy({ quantity: 20 }), 1: target({ quantity: 10 }), 2: target({ quantity: 10 }) };
    expect(tapeOf(script, text, { venue: { participation: 0.1 } }).slice(2)).toEqual([
      "00:02  order sell 10",
      "00:02  fill  sell 4 @ 100",
      "00:03  canceled sell 6 (replaced)",
      "00:03  order sell 6",
      "00:03  fill  sell 6 @ 100",
    ]);
  });

  test("leaves protective stops alone", () => {
    const script = { 0: buy({ quantity: 4, stopLoss: 90 }), 1: target({ quantity: 2 }) };
    expect(tapeOf(script, "100 100 100").filter((line) => line.includes("canceled"))).toEqual([]);
  });
});

describe("refusals", () => {
  test.each([
    ["a limit that is no number", buy({ quantity: 1, limit: Number.NaN }), "refused (price)"],
    ["a stop that is no number", buy({ quantity: 1, stop: Number.NaN }), "refused (price)"],
    ["a touch that is no number", buy({ quantity: 1, touch: Number.NaN }), "refused (price)"],
    ["a trailing distance that is no number", buy({ quantity: 1, trail: { amount: Number.NaN } }), "refused buy 1 (price)"],
    ["an activation that is no number", buy({ quantity: 1, trail: { amount: 1, activation: Number.NaN } }), "refused buy 1 (price)"],
    ["a negative limit", buy({ quantity: 1, limit: -5 }), "refused (price)"],
    ["an infinite limit", buy({ quantity: 1, limit: Number.POSITIVE_INFINITY }), "refused (price)"],
    ["a stop and a touch together", buy({ quantity: 1, stop: 105, touch: 95 }), "refused buy 1 (price)"],
    ["a trailing stop with a limit", buy({ quantity: 1, trail: { amount: 1 }, limit: 95 }), "refused buy 1 (price)"],
    ["a quantity that is no number", buy({ quantity: Number.NaN }), "refused (size)"],
    ["a negative quantity", buy({ quantity: -1 }), "refused (size)"],
    ["a quantity below a lot", buy({ quantity: 0.4 }), "refused (zero-quantity)"],
    ["a fraction that is no number", buy({ fraction: Number.NaN }), "refused (size)"],
    ["a notional below a lot", buy({ notional: 50 }), "refused (zero-quantity)"],
    ["risk without a stop", buy({ risk: { fraction: 0.01 } }), "refused (stop-missing)"],
    ["an unknown input", buy({ quantity: 1, on: "nowhere" }), "refused (unknown-input)"],
    ["a notional that money cannot count", buy({ quantity: 1e12 }), "refused buy 1000000000000 (money-limit)"],
    ["a target that is no number", target({ quantity: Number.NaN }), "refused (size)"],
    ["a close without a position", close(), "refused (no-position)"],
  ] as const)("%s", (_what, wish, line) => {
    expect(tapeOf({ 0: wish }, "100 100")[0]).toBe(`00:01  ${line}`);
  });

  test("below the minimum notional, but never a reduction", () => {
    const instrument = { minNotional: 150_000_000 };
    expect(tapeOf({ 0: buy({ quantity: 1 }) }, "100 100", { instrument }).at(-1)).toBe("00:01  refused buy 1 (min-notional)");
    expect(tapeOf({ 0: buy({ quantity: 2 }), 1: close({ fraction: 0.5 }) }, "100 100 100", { instrument }).at(-1)).toBe(
      "00:02  fill  sell 1 @ 100",
    );
  });

  test("before the first bar a size that needs a price", () => {
    const early = (wish: Intent): string[] => play(scripted({}, { onStart: () => wish }), bars("100 101"), RICH).split("\n");
    expect(early(buy({ fraction: 0.5 }))).toEqual(["00:00  refused (price)"]);
    expect(early(buy({ quantity: 2 }))).toEqual(["00:00  order buy 2", "00:00  fill  buy 2 @ 100"]);
  });

  test("are counted", () => {
    expect(runTest(scripted({ 0: [close(), close()] }), bars("100 100"), RICH).desk.refusals.count).toBe(2);
  });
});

describe("a price off a known tick", () => {
  const instrument = { priceScale: 2, tickUnits: 5, tickKnown: true };
  test("is refused when asked to", () => {
    const options = { instrument, offTick: "refuse" } as const;
    expect(tapeOf({ 0: buy({ quantity: 1, limit: 95.03 }) }, "100 100", options)[0]).toBe("00:01  refused buy 1 (off-tick)");
    expect(tapeOf({ 0: buy({ quantity: 1, stopLoss: 95.03 }) }, "100 100", options)[0]).toBe("00:01  refused buy 1 (off-tick)");
    expect(tapeOf({ 0: buy({ quantity: 1, limit: 95.05 }) }, "100 100", options)[0]).toBe("00:01  order buy 1 limit 95.05");
  });

  test.each([
    ["a buy limit down", buy({ quantity: 1, limit: 95.03 }), "order buy 1 limit 95"],
    ["a sell limit up", sell({ quantity: 1, limit: 105.03 }), "order sell 1 limit 105.05"],
    ["a buy stop up", buy({ quantity: 1, stop: 105.03 }), "order buy 1 stop 105.05"],
    ["a sell stop down", sell({ quantity: 1, stop: 95.03 }), "order sell 1 stop 95"],
  ] as const)("is rounded otherwise: %s", (_what, wish, line) => {
    expect(tapeOf({ 0: wish }, "100 100", { instrument })[0]).toBe(`00:01  ${line}`);
  });

  test("an unknown tick keeps every price to eight decimals", () => {
    expect(tapeOf({ 0: buy({ quantity: 1, limit: 95.030_000_01 }) }, "100 100")[0]).toBe("00:01  order buy 1 limit 95.03000001");
  });
});
