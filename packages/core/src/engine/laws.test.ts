import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventKind, type EventRecord } from "../model/event.ts";
import { quantityOf, unitsOf } from "../model/instrument.ts";
import { OrderFlag, OrderType } from "../model/order-terms.ts";
import { type PlayOptions, runTest } from "../testing/play.ts";
import { randomMarket } from "../testing/random-market.ts";
import { randomOptions } from "../testing/random-options.ts";
import { randomTrader } from "../testing/random-trader.ts";
import { runHash } from "./digest.ts";
import type { Engine } from "./engine.ts";

// Every law holds for every market, trader and set of options that the dice give. A failing seed repeats the failure.
const seeds = fc.record({ market: fc.nat(), trader: fc.nat(), options: fc.nat(), rows: fc.integer({ min: 1, max: 90 }) });
type Seeds = { readonly market: number; readonly trader: number; readonly options: number; readonly rows: number };
const RUNS = { numRuns: 150 };

function run(world: Seeds, options: PlayOptions = {}): Engine {
  return runTest(randomTrader(world.trader), randomMarket(world.market, world.rows), { ...randomOptions(world.options), ...options });
}

const fillsIn = (engine: Engine): EventRecord[] => engine.events.records().filter(({ kind }) => kind === EventKind.filled);

interface Terms {
  readonly type: number;
  readonly flags: number;
  readonly role: number;
  readonly lots: number;
  limit: number;
}

/** Terms of every order as submitted. */
function termsIn(engine: Engine): Map<number, Terms> {
  const terms = new Map<number, Terms>();
  for (const { kind, orderId, fields } of engine.events.records()) {
    if (kind !== EventKind.submitted) continue;
    const packed = fields[0]!;
    terms.set(orderId, {
      type: packed % 8,
      flags: Math.floor(packed / 64) % 4,
      role: Math.floor(packed / 256),
      lots: fields[1]!,
      limit: fields[2]!,
    });
  }
  return terms;
}

describe("money", () => {
  test("the ledger sums to zero after every fill, and a cash account never owes", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        let fills = 0;
        run(world, {
          onEngine: ({ fillDesk, account }) => {
            const book = fillDesk.filled.bind(fillDesk);
            fillDesk.filled = (order, execution, timeUs) => {
              book(order, execution, timeUs);
              fills += 1;
              const { ledger } = account.portfolio;
              if (ledger.sum() !== 0) throw new Error(`the ledger sums to ${ledger.sum()} after fill ${fills}`);
              if (account.isCash && (ledger.cash < 0 || account.signedLots(0) < 0))
                throw new Error(`the cash account owes after fill ${fills}`);
            };
          },
        });
      }),
      RUNS,
    );
  });

  test("cash moves by the notionals and fees of the fills, and the position is their sum", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const engine = run(world);
        const { ledger } = engine.account.portfolio;
        const start = Math.round(engine.options.capital * 1_000_000);
        let cash = start;
        let lots = 0;
        for (const { fields } of fillsIn(engine)) {
          cash -= Math.sign(fields[1]!) * fields[2]! + fields[3]!;
          lots += fields[1]!;
          expect(fields[6]).toBe(lots);
        }
        for (const { kind, fields } of engine.events.records()) if (kind === EventKind.ledger) cash += fields[1]!;
        expect(ledger.cash).toBe(cash);
        expect(engine.account.signedLots(0)).toBe(lots);
      }),
      RUNS,
    );
  });

  test("equity is cash and the position at the last close", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const engine = run(world);
        const { columns } = engine.series[0]!;
        const value = quantityOf(engine.instruments[0]!, engine.account.signedLots(0)) * columns.close[columns.length - 1]!;
        const cash = engine.account.portfolio.ledger.cash / 1_000_000;
        expect(engine.equity).toBeCloseTo(cash + value, 6);
        expect(engine.samples.values.at(-1)).toBeCloseTo(cash + value, 6);
      }),
      RUNS,
    );
  });

  test("nothing stays set aside when no order works any more", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const { account, desk } = run(world);
        expect(Math.abs(account.reserved)).toBeLessThan(1);
        expect(desk.groups.size).toBe(0);
      }),
      RUNS,
    );
  });
});

describe("orders", () => {
  test("what has filled never falls, never passes the order, and an order that ended is never heard of again", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const lots = new Map<number, number>();
        const filled = new Map<number, number>();
        const ended = new Set<number>();
        for (const { kind, orderId, fields, seq } of run(world).events.records()) {
          if (orderId === 0 || kind === EventKind.cancelRefused || kind === EventKind.amendRefused) continue;
          expect(ended.has(orderId), `event ${seq} of order ${orderId} after its end`).toBe(false);
          if (kind === EventKind.submitted) lots.set(orderId, Math.abs(fields[1]!));
          if (kind === EventKind.amended) lots.set(orderId, Math.abs(fields[0]!));
          if (kind === EventKind.shrunk) lots.set(orderId, Math.abs(fields[1]!));
          if (kind === EventKind.filled) {
            const total = (filled.get(orderId) ?? 0) + Math.abs(fields[1]!);
            expect(Math.abs(fields[1]!)).toBeGreaterThan(0);
            expect(total).toBeLessThanOrEqual(lots.get(orderId)!);
            filled.set(orderId, total);
            if (total === lots.get(orderId)) ended.add(orderId);
          }
          if (kind === EventKind.canceled || kind === EventKind.expired || kind === EventKind.rejected || kind === EventKind.refused)
            ended.add(orderId);
        }
        // The data ends every order that is left.
        for (const orderId of lots.keys()) expect(ended.has(orderId), `order ${orderId} never ended`).toBe(true);
      }),
      RUNS,
    );
  });

  test("fills stand inside their bar before costs, and limits are never beaten by their price", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const engine = run(world);
        const instrument = engine.instruments[0]!;
        const { columns } = engine.series[0]!;
        const limits = termsIn(engine);
        for (const { kind, orderId, timeUs, fields, seq } of engine.events.records()) {
          const terms = limits.get(orderId);
          if (kind === EventKind.amended && terms !== undefined) terms.limit = fields[1]!;
          if (kind !== EventKind.filled || terms === undefined) continue;
          const reference = fields[7]!;
          const isInside = Array.from(columns.closeUs).some(
            (closeUs, row) =>
              (closeUs === timeUs || columns.openUs[row] === timeUs) &&
              reference >= unitsOf(instrument, columns.low[row]!) &&
              reference <= unitsOf(instrument, columns.high[row]!),
          );
          const postOnly = (terms.flags & OrderFlag.postOnly) !== 0;
          // A limit that must be traded through, or that the open jumped over in the book, fills at its own price.
          if (!postOnly && engine.venue.terms.fillThroughTicks === 0) expect(isInside, `fill ${seq} at ${reference}`).toBe(true);
          if (terms.limit === 0) continue;
          // Money is rounded once, so half a quantum is the most it may differ by.
          const atLimit = (terms.limit * Math.abs(fields[1]!) * instrument.notional.numerator) / instrument.notional.denominator;
          const isNoWorse = fields[1]! > 0 ? fields[2]! <= atLimit + 0.5 : fields[2]! >= atLimit - 0.5;
          expect(isNoWorse, `fill ${seq} for ${fields[2]}, ${atLimit} at the limit`).toBe(true);
          if (postOnly) expect(fields[5]! % 2, `fill ${seq} of a post-only order takes`).toBe(0);
        }
      }),
      RUNS,
    );
  });

  test("reduce-only never opens and never flips", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const engine = run(world);
        const terms = termsIn(engine);
        for (const { orderId, fields, seq } of fillsIn(engine)) {
          if ((terms.get(orderId)!.flags & OrderFlag.reduceOnly) === 0) continue;
          const after = fields[6]!;
          const before = after - fields[1]!;
          expect(Math.sign(before), `fill ${seq}`).toBe(-Math.sign(fields[1]!));
          expect(Math.abs(after) < Math.abs(before) && after * before >= 0, `fill ${seq} from ${before} to ${after}`).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("participation holds over all own fills of a bar", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const engine = run({ ...world }, {});
        const { participation } = engine.venue.terms;
        const { columns } = engine.series[0]!;
        if (participation === Number.POSITIVE_INFINITY || !columns.volumeKnown) return;
        const terms = termsIn(engine);
        const perBase = 10 ** engine.instruments[0]!.lotScale;
        // At one instant the close of a bar and the open of the next meet, so two neighbours share the bound.
        const byTime = new Map<number, number>();
        for (const { orderId, timeUs, fields } of fillsIn(engine)) {
          if (terms.get(orderId)!.role >= 3) continue;
          byTime.set(timeUs, (byTime.get(timeUs) ?? 0) + Math.abs(fields[1]!));
        }
        for (const [timeUs, lots] of byTime) {
          let allowed = 0;
          for (let row = 0; row < columns.length; row += 1) {
            if (columns.openUs[row] === timeUs || columns.closeUs[row] === timeUs) {
              allowed += Math.floor(Math.floor(columns.volume[row]! * perBase) * participation);
            }
          }
          expect(lots).toBeLessThanOrEqual(allowed);
        }
      }),
      RUNS,
    );
  });

  test("a market order of a run without costs fills at an open or, with bar-close, at a close", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const engine = run(world);
        const instrument = engine.instruments[0]!;
        const { columns } = engine.series[0]!;
        const terms = termsIn(engine);
        for (const { orderId, timeUs, fields } of fillsIn(engine)) {
          const order = terms.get(orderId)!;
          if (order.type !== OrderType.market || order.role !== 0) continue;
          const prices = Array.from(columns.openUs).flatMap((openUs, row) => [
            ...(openUs === timeUs ? [unitsOf(instrument, columns.open[row]!)] : []),
            ...(columns.closeUs[row] === timeUs ? [unitsOf(instrument, columns.close[row]!)] : []),
          ]);
          expect(prices).toContain(fields[7]);
        }
      }),
      RUNS,
    );
  });
});

describe("drivers and time", () => {
  test("the bar loop, the step driver and process(fact) give one event list and one equity", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const [loop, steps, facts] = (["bars", "steps", "facts"] as const).map((driver) => run(world, { driver }));
        expect(runHash(steps!.events)).toBe(runHash(loop!.events));
        expect(runHash(facts!.events)).toBe(runHash(loop!.events));
        expect([steps!.equity, facts!.equity]).toEqual([loop!.equity, loop!.equity]);
        expect(steps!.samples.values).toEqual(loop!.samples.values);
      }),
      RUNS,
    );
  });

  test("also over more bars than a growing series keeps", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        const [loop, facts] = (["bars", "facts"] as const).map((driver) => run({ ...world, rows: 2_600 }, { driver }));
        expect(runHash(facts!.events)).toBe(runHash(loop!.events));
      }),
      { numRuns: 5 },
    );
  });

  test("the same run twice is the same", () => {
    fc.assert(
      fc.property(seeds, (world) => {
        expect(runHash(run(world).events)).toBe(runHash(run(world).events));
      }),
      { numRuns: 50 },
    );
  });
});
