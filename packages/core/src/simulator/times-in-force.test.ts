import { describe, expect, test } from "vitest";
import { US_PER_DAY, US_PER_MINUTE } from "../model/time.ts";
import { amend, buy, close, oneCancelsOther, sell } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { fillsAfter, fillsOfScript, RICH } from "../testing/fill-lines.ts";
import { play } from "../testing/play.ts";
import { scripted } from "../testing/scripted.ts";

const tapeOf = (wish: Parameters<typeof scripted>[0], text: string, options = {}): string[] =>
  play(scripted(wish), bars(text), { ...RICH, ...options }).split("\n");

describe("GTC", () => {
  test("rests until it fills, and expires with the data", () => {
    expect(tapeOf({ 0: buy({ quantity: 1, limit: 95 }) }, "100 100 100 100/100/95/97")).toEqual([
      "00:01  order buy 1 limit 95",
      "00:04  fill  buy 1 @ 95",
    ]);
    expect(tapeOf({ 0: buy({ quantity: 1, limit: 95 }) }, "100 100 100").at(-1)).toBe("00:03  expired buy 1 (end-of-data)");
  });
});

describe("GTD", () => {
  const order = (minutes: number) => buy({ quantity: 1, limit: 95, expiresUs: minutes * US_PER_MINUTE });
  test.each([
    // The bar from minute 2 to 3 reaches 95; an expiry at its close allows its path, one before it does not: the walk has no clock.
    ["fills in a bar that closes at its expiry", 3, "100 100 100/101/94/97", ["3 buy 1 @ 95 maker"]],
    ["does not fill on the path of a bar that it ends in", 2.5, "100 100 100/101/94/97", []],
    ["still fills at the open of a bar that it ends in", 2.5, "100 100 94/95/93/94", ["2 buy 1 @ 94 taker"]],
    ["is gone at an open at its expiry", 2, "100 100 94/95/93/94", []],
  ] as const)("%s", (_what, minutes, text, fills) => {
    expect(fillsOfScript(scripted({ 0: order(minutes) }), text)).toEqual(fills);
  });

  test("is told as expired, at the instant of its expiry", () => {
    expect(tapeOf({ 0: order(2) }, "100 100 100 100")).toEqual(["00:01  order buy 1 limit 95", "00:02  expired buy 1 (expired)"]);
  });

  test("is refused when its expiry has passed", () => {
    expect(tapeOf({ 1: order(2) }, "100 100 100")).toEqual(["00:02  refused buy 1 (expired)"]);
  });

  test("a market order that participation leaves over ends with it too", () => {
    const wish = buy({ quantity: 30, expiresUs: 2 * US_PER_MINUTE });
    // A tenth of a volume of 100 each bar: 10 in the first bar, then its life is over.
    expect(tapeOf({ 0: wish }, "100/100/100/100/100 100/100/100/100/100 100/100/100/100/100", { venue: { participation: 0.1 } })).toEqual([
      "00:01  order buy 30",
      "00:01  fill  buy 10 @ 100",
      "00:02  expired buy 20 (expired)",
    ]);
  });
});

describe("DAY", () => {
  const hours = (text: string) => bars(text, 6 * 60 * US_PER_MINUTE);
  const days = (text: string) => bars(text, US_PER_DAY);
  const run = (market: ReturnType<typeof bars>, from = 0): string[] =>
    play(scripted({ [from]: buy({ quantity: 1, limit: 95, timeInForce: "DAY" }) }), market, RICH).split("\n");

  test("ends at midnight UTC", () => {
    // Bars of six hours: decided at 06:00, the day ends at 24:00, which the fourth bar closes at. The fifth would reach it.
    expect(run(hours("100 100 100 100 100/100/94/97"))).toEqual([
      "06:00  order buy 1 limit 95",
      "1970-01-02T00:00Z  expired buy 1 (expired)",
    ]);
  });

  test("fills in the last bar of its day", () => {
    expect(run(hours("100 100 100 100/100/94/97 100"))).toEqual(["06:00  order buy 1 limit 95", "1970-01-02T00:00Z  fill  buy 1 @ 95"]);
  });

  test("decided at midnight lives for the day that begins", () => {
    expect(run(hours("100 100 100 100 100 100/100/94/97"), 3).at(-1)).toBe("1970-01-02T12:00Z  fill  buy 1 @ 95");
  });

  test("lives for one bar on daily bars", () => {
    expect(run(days("100 100/100/94/97")).at(-1)).toBe("1970-01-03T00:00Z  fill  buy 1 @ 95");
    expect(run(days("100 100 100/100/94/97")).at(-1)).toBe("1970-01-03T00:00Z  expired buy 1 (expired)");
  });
});

describe("IOC", () => {
  const volume = { venue: { participation: 0.1 } };
  test.each([
    ["a limit fills at the next open", buy({ quantity: 1, limit: 100, timeInForce: "IOC" }), "99/101/98/100", ["1 buy 1 @ 99 taker"]],
    [
      "a limit that the open does not reach is gone, whatever the path does",
      buy({ quantity: 1, limit: 95, timeInForce: "IOC" }),
      "100/101/94/97",
      [],
    ],
    [
      "a stop waits for its trigger and fills there",
      buy({ quantity: 1, stop: 105, timeInForce: "IOC" }),
      "100/101/99/100 100/106/99/105",
      ["3 buy 1 @ 105 taker"],
    ],
    [
      "a stop-limit that cannot fill where it triggers is gone",
      buy({ quantity: 1, stop: 105, limit: 104, timeInForce: "IOC" }),
      "100/106/99/103",
      [],
    ],
    ["a market order fills at the open", buy({ quantity: 1, timeInForce: "IOC" }), "99/101/98/100", ["1 buy 1 @ 99 taker"]],
  ] as const)("%s", (_what, wish, text, fills) => {
    expect(fillsAfter(wish, text)).toEqual(fills);
  });

  test("fills what participation allows and cancels the rest", () => {
    expect(
      tapeOf({ 0: buy({ quantity: 30, timeInForce: "IOC" }) }, "100/100/100/100/100 100/100/100/100/100 100/100/100/100/100", volume),
    ).toEqual(["00:01  order buy 30", "00:01  fill  buy 10 @ 100", "00:01  canceled buy 20 (ioc)"]);
  });
});

describe("FOK", () => {
  const volume = { venue: { participation: 0.1 } };
  const flat = "100/100/100/100/100 100/100/100/100/100 100/100/100/100/100";
  const tape = (wish: Parameters<typeof scripted>[0], text: string, options = {}): string => tapeOf(wish, text, options).at(-1)!;

  test("fills all of it", () => {
    expect(tape({ 0: buy({ quantity: 10, timeInForce: "FOK" }) }, flat, volume)).toBe("00:01  fill  buy 10 @ 100");
  });

  test("fills nothing when participation does not allow all of it", () => {
    expect(tape({ 0: buy({ quantity: 11, timeInForce: "FOK" }) }, flat, volume)).toBe("00:01  canceled buy 11 (fok)");
  });

  test("fills nothing when its limit is not reached at the open", () => {
    expect(tape({ 0: buy({ quantity: 1, limit: 95, timeInForce: "FOK" }) }, "100 100/101/94/97")).toBe("00:01  canceled buy 1 (fok)");
  });

  test("fills nothing when the money does not cover all of it", () => {
    const options = { capital: 950 };
    expect(tape({ 0: buy({ quantity: 10, timeInForce: "FOK" }) }, "100 100", options)).toBe("00:01  canceled buy 10 (insufficient-funds)");
  });
});

describe("post-only", () => {
  const order = buy({ quantity: 1, limit: 95, postOnly: true });
  test.each([
    ["fills as maker when the path reaches it", order, "100/101/94/97", ["2 buy 1 @ 95 maker"]],
    ["is rejected when the first open would fill it", order, "94/96/93/95", []],
    // In the book since the first bar: the second open jumps over it, and it gets its own price as maker.
    ["fills as maker at its own price when a later open jumps over it", order, "100/101/99/100 94/96/93/95", ["2 buy 1 @ 95 maker"]],
    [
      "a stop-limit is rejected when it would fill where it triggers",
      buy({ quantity: 1, stop: 105, limit: 106, postOnly: true }),
      "100/107/99/103",
      [],
    ],
    [
      "a stop-limit rests when its limit stands behind the trigger",
      buy({ quantity: 1, stop: 105, limit: 104, postOnly: true }),
      "100/106/99/103",
      ["2 buy 1 @ 104 maker"],
    ],
  ] as const)("%s", (_what, wish, text, fills) => {
    expect(fillsAfter(wish, text)).toEqual(fills);
  });

  test("is told as rejected because it would take", () => {
    expect(tapeOf({ 0: order }, "100 94")).toEqual(["00:01  order buy 1 limit 95", "00:01  rejected buy 1 (would-take)"]);
  });

  test("is refused without a limit", () => {
    expect(tapeOf({ 0: buy({ quantity: 1, postOnly: true }) }, "100 100")).toEqual(["00:01  refused buy 1 (would-take)"]);
  });

  test("amended over the market it is judged anew", () => {
    const script = { 0: buy({ quantity: 1, limit: 95, postOnly: true, tag: "bid" }), 1: amend({ tag: "bid" }, { limit: 101 }) };
    expect(tapeOf(script, "100 100 100").at(-1)).toBe("00:02  rejected buy 1 (would-take)");
  });
});

describe("reduce-only", () => {
  test("is cut to the position at the fill, and the rest ends with it", () => {
    expect(tapeOf({ 0: buy({ quantity: 3 }), 1: sell({ quantity: 5, reduceOnly: true }) }, "100 100 101")).toEqual([
      "00:01  order buy 3",
      "00:01  fill  buy 3 @ 100",
      "00:02  order sell 5",
      "00:02  fill  sell 3 @ 101",
      "00:02  canceled sell 2 (flat)",
    ]);
  });

  test("several together never flip", () => {
    const orders = [
      sell({ quantity: 2, reduceOnly: true }),
      sell({ quantity: 2, reduceOnly: true }),
      sell({ quantity: 2, reduceOnly: true }),
    ];
    expect(fillsOfScript(scripted({ 0: buy({ quantity: 3 }), 1: orders }), "100 100 101")).toEqual([
      "1 buy 3 @ 100 taker",
      "2 sell 2 @ 101 taker",
      "2 sell 1 @ 101 taker",
    ]);
  });

  test("does nothing without a position", () => {
    expect(tapeOf({ 0: sell({ quantity: 1, reduceOnly: true }) }, "100 100").at(-1)).toBe("00:01  canceled sell 1 (flat)");
  });

  test("ends when the position turns over", () => {
    // Long 2 with a reduce-only stop; a sale of 5 makes it short 3, and a sell stop would no longer reduce anything.
    const script = { 0: buy({ quantity: 2 }), 1: [sell({ quantity: 2, stop: 90, reduceOnly: true }), sell({ quantity: 5 })] };
    expect(tapeOf(script, "100 100 101 101").slice(-2)).toEqual(["00:02  fill  sell 5 @ 101", "00:02  canceled sell 2 (flat)"]);
  });
});

describe("one-cancels-other", () => {
  test("a full fill cancels the others at the same point of the path", () => {
    const pair = oneCancelsOther(buy({ quantity: 1, limit: 95 }), buy({ quantity: 1, stop: 105 }));
    // Low first: the limit fills, and the stop above is gone before the high.
    expect(tapeOf({ 0: pair }, "100 100/106/94/103", { venue: { path: "olhc" } })).toEqual([
      "00:01  order buy 1 limit 95",
      "00:01  order buy 1 stop 105",
      "00:02  fill  buy 1 @ 95",
      "00:02  canceled buy 1 (oco)",
    ]);
  });

  test("a partial fill reduces the others by the same quantity", () => {
    const pair = oneCancelsOther(buy({ quantity: 15, limit: 95 }), buy({ quantity: 15, stop: 105 }));
    // A tenth of 100 fills 10; 5 are left on both sides, and a tenth of 50 takes the stop whole.
    expect(tapeOf({ 0: pair }, "100/100/100/100/100 100/101/94/97/100 100/106/99/103/50", { venue: { participation: 0.1 } })).toEqual([
      "00:01  order buy 15 limit 95",
      "00:01  order buy 15 stop 105",
      "00:02  fill  buy 10 @ 95",
      "00:02  amended to 5 stop 105",
      "00:03  fill  buy 5 @ 105",
      "00:03  canceled buy 5 (oco)",
    ]);
  });

  test("of two that the same jump touched the stop acts first", () => {
    const pair = oneCancelsOther(sell({ quantity: 1, limit: 102 }), buy({ quantity: 1, stop: 103 }));
    expect(fillsAfter(pair, "104/104/104/104")).toEqual(["1 buy 1 @ 104 taker"]);
  });
});

describe("close", () => {
  test.each([
    ["all of a long", buy({ quantity: 5 }), close(), "2 sell 5 @ 101 taker"],
    ["all of a short", sell({ quantity: 5 }), close(), "2 buy 5 @ 101 taker"],
    ["a fraction, rounded down to the lot", buy({ quantity: 5 }), close({ fraction: 0.5 }), "2 sell 2 @ 101 taker"],
    ["at a limit", buy({ quantity: 5 }), close({ limit: 101 }), "2 sell 5 @ 101 taker"],
  ] as const)("%s", (_what, entry, exit, fill) => {
    expect(fillsOfScript(scripted({ 0: entry, 1: exit }), "100 100 101").slice(1)).toEqual([fill]);
  });

  test.each([
    ["nothing to close", {}, close(), "00:02  refused (no-position)"],
    ["a fraction of less than a lot", { 0: buy({ quantity: 5 }) }, close({ fraction: 0.1 }), "00:02  refused (zero-quantity)"],
    ["a fraction above one", { 0: buy({ quantity: 5 }) }, close({ fraction: 1.5 }), "00:02  refused (size)"],
    ["a fraction that is no number", { 0: buy({ quantity: 5 }) }, close({ fraction: Number.NaN }), "00:02  refused (size)"],
  ] as const)("is refused for %s", (_what, before, exit, line) => {
    expect(tapeOf({ ...before, 1: exit }, "100 100 101").at(-1)).toBe(line);
  });
});
