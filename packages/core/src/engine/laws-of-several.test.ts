import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventKind } from "../model/event.ts";
import type { TestMarket } from "../testing/bars.ts";
import { type PlayOptions, runTest } from "../testing/play.ts";
import { randomMarket } from "../testing/random-market.ts";
import { randomOptions } from "../testing/random-options.ts";
import { randomTrader } from "../testing/random-trader.ts";
import { runHash } from "./digest.ts";
import type { Engine } from "./engine.ts";

// As laws.test.ts, over three instruments in one account: their bars come at the same instants, and some are missing.
const INPUTS = ["a", "b", "c"];
const seeds = fc.record({ market: fc.nat(), trader: fc.nat(), options: fc.nat(), rows: fc.integer({ min: 1, max: 60 }) });
type Seeds = { readonly market: number; readonly trader: number; readonly options: number; readonly rows: number };

function run({ market, trader, options, rows }: Seeds, more: PlayOptions = {}): Engine {
  const markets: Record<string, TestMarket> = Object.fromEntries(INPUTS.map((name, k) => [name, randomMarket(market + k, rows)]));
  return runTest(randomTrader(trader, INPUTS), markets, { ...randomOptions(options), ...more });
}

describe("several instruments in one account", () => {
  test("the step driver and process(fact) give one event list and one equity", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const [steps, facts] = (["steps", "facts"] as const).map((driver) => run(world, { driver }));
        expect(runHash(facts!.events)).toBe(runHash(steps!.events));
        expect(facts!.equity).toBe(steps!.equity);
      }),
      { numRuns: 100 },
    );
  });

  test("the ledger sums to zero after every fill, and a cash account never owes", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        run(world, {
          onEngine: ({ fillDesk, account }) => {
            const book = fillDesk.filled.bind(fillDesk);
            fillDesk.filled = (order, execution, timeUs) => {
              book(order, execution, timeUs);
              const { ledger } = account.portfolio;
              if (ledger.sum() !== 0) throw new Error(`the ledger sums to ${ledger.sum()} after order ${order.id}`);
              if (account.isCash && ledger.cash < 0) throw new Error(`the cash account owes ${-ledger.cash} after order ${order.id}`);
            };
          },
        });
      }),
      { numRuns: 100 },
    );
  });

  test("each position is the sum of its fills, and cash of all", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const engine = run(world);
        const lots = [0, 0, 0];
        let cash = Math.round(engine.options.capital * 1_000_000);
        for (const { kind, instrumentIndex, fields } of engine.events.records()) {
          if (kind === EventKind.ledger) cash += fields[1]!;
          if (kind !== EventKind.filled) continue;
          lots[instrumentIndex] = lots[instrumentIndex]! + fields[1]!;
          cash -= Math.sign(fields[1]!) * fields[2]! + fields[3]!;
          expect(fields[6]).toBe(lots[instrumentIndex]);
        }
        expect(lots).toEqual(INPUTS.map((_, k) => engine.account.signedLots(k)));
        expect(engine.account.portfolio.ledger.cash).toBe(cash);
      }),
      { numRuns: 100 },
    );
  });

  test("nothing stays set aside when no order works any more", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        expect(Math.abs(run(world).account.reserved)).toBeLessThan(1);
      }),
      { numRuns: 100 },
    );
  });
});
