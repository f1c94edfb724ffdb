import { describe, expect, test } from "vitest";
import { CASH_ACCOUNT, marginAccount } from "../portfolio/account-terms.ts";
import { LedgerAccount } from "../portfolio/ledger.ts";
import { slippageFraction } from "../simulator/cost-model.ts";
import { type FeeOptions, type FeeSchedule, feeSchedule } from "../simulator/fee-model.ts";
import { bars as barsInput } from "../strategy/inputs.ts";
import { buy, sell } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { type PlayOptions, play, runTest } from "../testing/play.ts";
import { scripted } from "../testing/scripted.ts";

type Script = Parameters<typeof scripted>[0];

const tapeOf = (script: Script, text: string, options: PlayOptions): string[] => play(scripted(script), bars(text), options).split("\n");
const feesOf = (options: FeeOptions): { readonly fees: readonly FeeSchedule[] } => ({ fees: [feeSchedule(options, 1_000_000, 1)] });

describe("a cash account", () => {
  const cash: PlayOptions = { capital: 1_000, account: CASH_ACCOUNT };

  test("shrinks a purchase to the money there is, and counts it", () => {
    const engine = runTest(scripted({ 0: buy({ quantity: 12 }) }), bars("100 100"), cash);
    expect(engine.venue.executionCounts.shrunk).toBe(1);
    expect(tapeOf({ 0: buy({ quantity: 12 }) }, "100 100", cash).slice(1)).toEqual([
      "00:01  shrunk from 12 to 10",
      "00:01  fill  buy 10 @ 100",
    ]);
  });

  test("rejects it instead when asked to", () => {
    expect(tapeOf({ 0: buy({ quantity: 12 }) }, "100 100", { ...cash, venue: { shortfall: "reject" } }).at(-1)).toBe(
      "00:01  canceled buy 12 (insufficient-funds)",
    );
  });

  test("shrinks a size that the next open has made too dear", () => {
    // 10 at 100, but the open of 110 leaves 9.
    expect(tapeOf({ 0: buy({ fraction: 1 }) }, "100 110", cash)).toEqual([
      "00:01  order buy 10",
      "00:01  shrunk from 10 to 9",
      "00:01  fill  buy 9 @ 110",
    ]);
  });

  test("leaves room for the fixed part of the fee, to the last lot", () => {
    // 950 of 1,000 buy 9.5 at 100 in lots of 10^-8.
    const options = { ...cash, instrument: { lotScale: 8 }, venue: feesOf({ fixed: 50 }) };
    expect(tapeOf({ 0: buy({ quantity: 20 }) }, "100 100", options).at(-1)).toBe("00:01  fill  buy 9.5 @ 100");
  });

  test("sells no more than it holds", () => {
    expect(tapeOf({ 0: sell({ quantity: 1 }) }, "100 100", cash)).toEqual(["00:01  refused sell 1 (no-short)"]);
    expect(tapeOf({ 0: buy({ quantity: 5 }), 1: sell({ quantity: 8 }) }, "100 100 100", cash).slice(3)).toEqual([
      "00:02  shrunk from 8 to 5",
      "00:02  fill  sell 5 @ 100",
    ]);
  });

  test("takes a reduce-only order ahead of the position that it will reduce", () => {
    const orders = [buy({ quantity: 2, limit: 95 }), sell({ quantity: 2, stop: 90, reduceOnly: true })];
    expect(tapeOf({ 0: orders }, "100 100/100/94/95 95/95/89/91", cash).slice(2)).toEqual([
      "00:02  fill  buy 2 @ 95",
      "00:03  fill  sell 2 @ 90",
    ]);
  });

  test("does not sell where the fee would leave it owing", () => {
    // 105 buy one at 100 and pay the least fee of 5. At 3 the same fee is 2 more than the sale brings, and nothing is left.
    const options = { ...cash, capital: 105, venue: feesOf({ minimum: 5 }) };
    const engine = runTest(scripted({ 0: buy({ quantity: 1 }), 1: sell({ quantity: 1 }) }), bars("100 100 3"), options);
    expect(tapeOf({ 0: buy({ quantity: 1 }), 1: sell({ quantity: 1 }) }, "100 100 3", options).at(-1)).toBe(
      "00:02  canceled sell 1 (insufficient-funds)",
    );
    expect(engine.account.portfolio.ledger.cash).toBe(0);
  });

  test("sets money aside for resting purchases, costs and fees included", () => {
    const both = [buy({ quantity: 5, limit: 95 }), buy({ fraction: 1 })];
    // 475 aside leave 525: five at 100.
    expect(tapeOf({ 0: both }, "100 100", cash)[1]).toBe("00:01  order buy 5");
    // A fee of a tenth: 522.50 aside leave 477.50, and one costs 110.
    expect(tapeOf({ 0: both }, "100 100", { ...cash, venue: feesOf({ taker: 0.1 }) })[1]).toBe("00:01  order buy 4");
  });

  test("gives the money back when the order ends", () => {
    const script = { 0: buy({ quantity: 5, limit: 90, timeInForce: "IOC" }), 1: buy({ fraction: 1 }) } as const;
    const engine = runTest(scripted(script), bars("100 100 100"), cash);
    expect(engine.account.signedLots(0)).toBe(10);
    expect(engine.account.reserved).toBe(0);
  });

  test("gives it back with each partial fill, in step with what is left", () => {
    // 80 wanted at 10: 800 aside. A tenth of 100 fills 10 a bar: after two, 600 stay aside for the other 60 and 200 of the 800 cash are free.
    const text = Array(4).fill("10/10/10/10/100").join(" ");
    const script = { 0: buy({ quantity: 80 }), 2: buy({ fraction: 1 }) };
    expect(tapeOf(script, text, { ...cash, venue: { participation: 0.1 } })[3]).toBe("00:03  order buy 20");
  });

  test("spends the proceeds of a sale at once", () => {
    const script = { 0: buy({ quantity: 10 }), 1: [sell({ quantity: 10 }), buy({ quantity: 12 })] };
    // Ten sold at 120 bring 1,200: ten more at 120.
    expect(tapeOf(script, "100 100 120", cash).slice(-2)).toEqual(["00:02  shrunk from 12 to 10", "00:02  fill  buy 10 @ 120"]);
  });
});

describe("initial margin", () => {
  const quarter: PlayOptions = { capital: 1_000, account: marginAccount({ leverage: 4 }) };

  test("blocks exposure beyond the leverage", () => {
    expect(tapeOf({ 0: buy({ quantity: 50 }) }, "100 100", quarter).at(-1)).toBe("00:01  fill  buy 40 @ 100");
    expect(tapeOf({ 0: sell({ quantity: 50 }) }, "100 100", quarter).at(-1)).toBe("00:01  fill  sell 40 @ 100");
  });

  test("is marked at the last price visible before the fill", () => {
    // 20 long from 100, marked at the close of 110: equity 1,200, 550 of it blocked, 650 free. At the open of 150 one needs 37.50: 17.
    const script = { 0: buy({ quantity: 20 }), 1: buy({ quantity: 100 }) };
    expect(tapeOf(script, "100 100/110/100/110 150/200/150/200", quarter).at(-1)).toBe("00:02  fill  buy 17 @ 150");
  });

  test("an opposite position is closed first and blocks nothing", () => {
    const script = { 0: buy({ quantity: 40 }), 1: sell({ quantity: 80 }) };
    expect(tapeOf(script, "100 100 100", quarter).at(-1)).toBe("00:02  fill  sell 80 @ 100");
  });

  test("marks another instrument at its last close too, not at the close that is still to come", () => {
    // Half margin. 5 of a from 100: equity 1,000, 250 blocked, 750 free: 15 of b at its open of 100, although a closes that minute at 200.
    const script = scripted(
      { 0: buy({ quantity: 5, on: "a" }), 1: buy({ quantity: 30, on: "b" }) },
      { inputs: { a: barsInput(), b: barsInput() } },
    );
    const tape = play(
      script,
      { a: bars("100 100 100/200/100/200"), b: bars("100 100 100") },
      { capital: 1_000, account: marginAccount({ leverage: 2 }) },
    );
    expect(tape.split("\n").at(-1)).toBe("00:02  fill  buy 15 B@PLAY @ 100");
  });
});

describe("liquidation", () => {
  // Four times: 40 at 100 of 1,000, so 3,000 borrowed. At a fifth: 40 p - 3,000 = 8 p, p = 93.75.
  const account = marginAccount({ leverage: 4, maintenance: 0.2 });
  const long: PlayOptions = { capital: 1_000, account };
  const entry = buy({ quantity: 40 });

  test.each([
    [
      "on the path, where the condition first holds",
      entry,
      "100/101/93/97",
      ["00:03  liquidation of 40 at 93.75", "00:03  order sell 40: liquidation", "00:03  fill  sell 40 @ 93.75"],
    ],
    [
      "at a gapped open",
      entry,
      "90/91/89/90",
      ["00:02  liquidation of 40 at 90", "00:02  order sell 40: liquidation", "00:02  fill  sell 40 @ 90"],
    ],
    ["not above it", entry, "100/101/93.76/97", []],
    ["after a stop that is nearer", buy({ quantity: 40, stopLoss: 95 }), "100/101/93/97", ["00:03  fill  sell 40 @ 95"]],
    ["after a stop at the very price", buy({ quantity: 40, stopLoss: 93.75 }), "100/101/93/97", ["00:03  fill  sell 40 @ 93.75"]],
    [
      "before a stop that is further",
      buy({ quantity: 40, stopLoss: 93 }),
      "100/101/92/97",
      [
        "00:03  liquidation of 40 at 93.75",
        "00:03  canceled sell 40 (liquidation)",
        "00:03  order sell 40: liquidation",
        "00:03  fill  sell 40 @ 93.75",
      ],
    ],
    ["a stop at the gapped open first", buy({ quantity: 40, stopLoss: 95 }), "90/91/89/90", ["00:02  fill  sell 40 @ 90"]],
  ] as const)("happens %s", (_what, wish, bar, lines) => {
    const tape = tapeOf({ 0: wish }, `100 100 ${bar}`, long);
    expect(tape.filter((line) => line > "00:01  zzz" && !line.includes("expired"))).toEqual(lines);
  });

  test("of a short mirrors it", () => {
    // Twice: 20 short at 100, 3,000 of cash. At a quarter: 3,000 - 20 p = 5 p, p = 120.
    const short = { capital: 1_000, account: marginAccount({ leverage: 2, maintenance: 0.25 }) };
    expect(tapeOf({ 0: sell({ quantity: 20 }) }, "100 100 100/121/100/110", short).at(-1)).toBe("00:03  fill  buy 20 @ 120");
    expect(tapeOf({ 0: sell({ quantity: 20 }) }, "100 100 130/131/129/130", short).at(-1)).toBe("00:02  fill  buy 20 @ 130");
  });

  test("takes back every working order", () => {
    const script = { 0: entry, 1: buy({ quantity: 1, limit: 50 }) };
    expect(tapeOf(script, "100 100 90", long)).toContain("00:02  canceled buy 1 (liquidation)");
  });

  test("pays slippage and its own fee", () => {
    const options = { capital: 1_000, account: marginAccount({ leverage: 4, maintenance: 0.2, liquidationFee: 0.01 }) };
    const engine = runTest(scripted({ 0: entry }), bars("100 100 90"), options);
    // 40 at 90 are 3,600: a hundredth is 36. 1,000 - 400 - 36 = 564.
    expect(engine.equity).toBe(564);
    const slipping = { ...long, venue: { slippage: slippageFraction(0.01) } };
    expect(tapeOf({ 0: buy({ quantity: 30 }) }, "100 100 70", slipping).at(-1)).toBe("00:02  fill  sell 30 @ 69.3");
  });

  test("below zero it shows the deficit and halts the run", () => {
    // 40 at 70 are 2,800 against 3,000 borrowed.
    const engine = runTest(scripted({ 0: entry, 3: buy({ quantity: 1 }) }), bars("100 100 70 70 70"), long);
    expect(engine.equity).toBe(-200);
    expect(engine.account.isRuined).toBe(true);
    expect(tapeOf({ 0: entry, 3: buy({ quantity: 1 }) }, "100 100 70 70 70", long).at(-1)).toBe("00:04  refused buy 1 (ruined)");
  });

  test("with insurance the fund pays the deficit, and it stands in the ledger", () => {
    const insured = { capital: 1_000, account: marginAccount({ leverage: 4, maintenance: 0.2, insurance: true }) };
    const engine = runTest(scripted({ 0: entry }), bars("100 100 70"), insured);
    expect(engine.equity).toBe(0);
    expect(engine.account.isRuined).toBe(true);
    // A loss of 1,200 of which the fund gives 200.
    expect(engine.account.portfolio.ledger.balances[LedgerAccount.profit]).toBe(1_000_000_000);
    expect(engine.account.portfolio.ledger.sum()).toBe(0);
  });

  test("never comes to an account without leverage that holds a long", () => {
    const one = { capital: 1_000, account: marginAccount({ leverage: 1 }) };
    expect(tapeOf({ 0: buy({ quantity: 10 }) }, "100 100 1/1/0.01/0.01", one).at(-1)).toBe("00:01  fill  buy 10 @ 100");
  });
});
