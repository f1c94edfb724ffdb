import { describe, expect, test } from "vitest";
import { buy, sell } from "../strategy/intent.ts";
import { bars } from "../testing/bars.ts";
import { fillLines, fillsOfScript, RICH } from "../testing/fill-lines.ts";
import { runTest } from "../testing/play.ts";
import { scripted } from "../testing/scripted.ts";

const tenth = { venue: { participation: 0.1 } };
const flat = (volume: number, price = 100): string => `${price}/${price}/${price}/${price}/${volume}`;

describe("participation", () => {
  test("the rest of a market order goes on at the next open", () => {
    expect(
      fillsOfScript(scripted({ 0: buy({ quantity: 25 }) }), [flat(100), flat(100), flat(100, 101), flat(100, 102)].join(" "), tenth),
    ).toEqual(["1 buy 10 @ 100 taker", "2 buy 10 @ 101 taker", "3 buy 5 @ 102 taker"]);
  });

  test("the rest of a limit rests", () => {
    const text = `${flat(100)} 100/101/94/97/100 97/98/96/97/100 96/97/95/96/100`;
    expect(fillsOfScript(scripted({ 0: buy({ quantity: 15, limit: 95 }) }), text, tenth)).toEqual([
      "2 buy 10 @ 95 maker",
      "4 buy 5 @ 95 maker",
    ]);
  });

  test("the rest of a triggered stop goes on as a market order", () => {
    const text = `${flat(100)} 100/106/99/103/100 102/103/101/102/100`;
    expect(fillsOfScript(scripted({ 0: buy({ quantity: 15, stop: 105 }) }), text, tenth)).toEqual([
      "2 buy 10 @ 105 taker",
      "2 buy 5 @ 102 taker",
    ]);
  });

  test("the rest of a triggered trailing stop is not set again", () => {
    // 20 long with a trail of 5: a volume of 100 lets 10 out at 95, the rest leaves at the next open, whatever the price does after.
    const text = `${flat(1000)} ${flat(1000)} 100/100/94/99/100 99/120/99/119/100`;
    const script = scripted({ 0: buy({ quantity: 20, stopLoss: { trail: { amount: 5 } } }) });
    expect(fillsOfScript(script, text, tenth).slice(1)).toEqual(["3 sell 10 @ 95 taker", "3 sell 10 @ 99 taker"]);
  });

  test("is shared by all orders of a bar, in the order of their fills", () => {
    // 10 lots: the market order takes 6 at the open, the limit the 4 that are left when the path reaches it.
    const text = `${flat(100)} 100/101/94/97/100 97/98/96/97/100`;
    expect(fillsOfScript(scripted({ 0: [buy({ quantity: 6 }), buy({ quantity: 6, limit: 95 })] }), text, tenth)).toEqual([
      "1 buy 6 @ 100 taker",
      "2 buy 4 @ 95 maker",
    ]);
  });

  test("is whole lots, rounded down: a volume of less fills nothing", () => {
    expect(
      fillsOfScript(scripted({ 0: buy({ quantity: 5 }) }), [flat(100), flat(19), flat(9.5), flat(0.5), flat(100)].join(" "), tenth),
    ).toEqual(["1 buy 1 @ 100 taker", "4 buy 4 @ 100 taker"]);
  });

  test("is off without a limit, and a fill above a tenth of the volume is counted", () => {
    const engine = runTest(
      scripted({ 0: buy({ quantity: 50 }), 1: sell({ quantity: 10 }) }),
      bars([flat(100), flat(100), flat(100)].join(" ")),
      RICH,
    );
    expect(fillLines(engine)).toEqual(["1 buy 50 @ 100 taker", "2 sell 10 @ 100 taker"]);
    expect(engine.venue.executionCounts.overParticipation).toBe(1);
  });
});

describe("unknown volume", () => {
  test("no volume column: participation is off", () => {
    expect(fillsOfScript(scripted({ 0: buy({ quantity: 25 }) }), "100 100 100", tenth)).toEqual(["1 buy 25 @ 100 taker"]);
  });

  test("zero in every bar is no volume either", () => {
    expect(fillsOfScript(scripted({ 0: buy({ quantity: 25 }) }), [flat(0), flat(0), flat(0)].join(" "), tenth)).toEqual([
      "1 buy 25 @ 100 taker",
    ]);
  });
});

describe("a bar without volume in a series that has volume", () => {
  test("fills no market order: the next bar that trades does", () => {
    expect(fillsOfScript(scripted({ 0: buy({ quantity: 1 }) }), [flat(100), flat(0, 101), flat(0, 102), flat(100, 103)].join(" "))).toEqual(
      ["3 buy 1 @ 103 taker"],
    );
  });

  test("triggers no stop: the next open that trades is its gap", () => {
    const text = `${flat(100)} ${flat(100)} 90/91/89/90/0 88/89/87/88/100`;
    expect(fillsOfScript(scripted({ 0: buy({ quantity: 1, stopLoss: 95 }) }), text)).toEqual([
      "1 buy 1 @ 100 taker",
      "3 sell 1 @ 88 taker",
    ]);
  });

  test("moves no trailing stop", () => {
    const text = `${flat(100)} ${flat(100)} 110/120/110/119/0 100/100/96/97/100`;
    expect(fillsOfScript(scripted({ 0: buy({ quantity: 1, stopLoss: { trail: { amount: 5 } } }) }), text)).toEqual(["1 buy 1 @ 100 taker"]);
  });

  test("is no instant for an immediate order, which waits for one", () => {
    expect(
      fillsOfScript(scripted({ 0: buy({ quantity: 1, limit: 100, timeInForce: "IOC" }) }), [flat(100), flat(0), flat(100, 99)].join(" ")),
    ).toEqual(["2 buy 1 @ 99 taker"]);
  });
});

describe("missing bars", () => {
  test("the next bar that is there fills, and its gap decides the price", () => {
    expect(fillsOfScript(scripted({ 0: buy({ quantity: 1, stop: 105 }) }), "100 - - 110/111/109/110")).toEqual(["3 buy 1 @ 110 taker"]);
  });
});

describe("marketFill bar-close", () => {
  const atClose = { venue: { marketFill: "bar-close" } } as const;

  test("fills a market order at the close of the bar that decided it", () => {
    expect(fillsOfScript(scripted({ 1: buy({ quantity: 1 }) }), "100 100/106/99/104 110", atClose)).toEqual(["2 buy 1 @ 104 taker"]);
  });

  test("leaves limits and stops to the next bar", () => {
    expect(
      fillsOfScript(scripted({ 0: [buy({ quantity: 1, limit: 101 }), buy({ quantity: 2, stop: 105 })] }), "100 99/106/99/104", atClose),
    ).toEqual(["1 buy 1 @ 99 taker", "2 buy 2 @ 105 taker"]);
  });

  test("shares the bar's volume, and carries the rest to the next open", () => {
    const options = { venue: { marketFill: "bar-close", participation: 0.1 } } as const;
    expect(fillsOfScript(scripted({ 0: buy({ quantity: 15 }) }), [flat(100), flat(100, 101)].join(" "), options)).toEqual([
      "1 buy 10 @ 100 taker",
      "1 buy 5 @ 101 taker",
    ]);
  });

  test("waits on a bar that did not trade", () => {
    expect(fillsOfScript(scripted({ 1: buy({ quantity: 1 }) }), [flat(100), flat(0, 101), flat(100, 102)].join(" "), atClose)).toEqual([
      "2 buy 1 @ 102 taker",
    ]);
  });

  test("has its legs live from the next bar", () => {
    expect(
      fillsOfScript(scripted({ 0: buy({ quantity: 1, stopLoss: 95, takeProfit: 110 }) }), "100/101/90/100 100/101/94/97", atClose),
    ).toEqual(["1 buy 1 @ 100 taker", "2 sell 1 @ 95 taker"]);
  });
});
