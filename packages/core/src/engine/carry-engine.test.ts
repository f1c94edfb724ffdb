import fc from "fast-check";
import { expect, test } from "vitest";
import { BarSeries } from "../market/bar-series.ts";
import type { OrderCommand } from "../model/command.ts";
import type { Fact } from "../model/fact.ts";
import { instrument } from "../model/instrument.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import { CASH_ACCOUNT, marginAccount } from "../portfolio/account-terms.ts";
import { riskEngine } from "../risk/risk-engine.ts";
import type { RiskLimits } from "../risk/risk-limits.ts";
import { type IndicatedTraderSetup, indicatedTrader } from "../testing/indicated-trader.ts";
import { type LooseFact, RandomFacts } from "../testing/random-facts.ts";
import type { CarriedState } from "./carried-state.ts";
import { runHash } from "./digest.ts";
import { Engine } from "./engine.ts";
import { engineOptions } from "./engine-options.ts";
import { FactDriver } from "./fact-driver.ts";

const LONG_MINUTES = 15;
/** Small, so that history is dropped from the front many times in a run. */
const CAPACITY = 24;

interface Setup extends IndicatedTraderSetup {
  readonly limits: number;
  readonly isMargin: boolean;
}

const LIMITS: readonly (RiskLimits | undefined)[] = [
  undefined,
  {},
  {
    maxDailyLoss: { fraction: 0.05 },
    maxDrawdown: { fromPeak: { fraction: 0.2 }, fromDayStart: { fraction: 0.1 } },
    maxConsecutiveLosses: 4,
    orderRate: { orders: 5, intervalUs: 3 * US_PER_MINUTE },
    duplicateGuardUs: 2 * US_PER_MINUTE,
    maxPosition: 400,
    maxGrossExposure: 30_000,
    maxOpenOrders: 12,
    staleAfterUs: 30 * US_PER_MINUTE,
  },
  {
    protections: {
      cooldown: { wait: { bars: 2 } },
      stopGuard: { stops: 2, lookBack: { bars: 30 }, lock: { us: 5 * US_PER_MINUTE } },
      lowProfit: { trades: 2, lookBack: { us: 60 * US_PER_MINUTE }, lock: { bars: 3 }, minProfitRatio: 0 },
      drawdownGuard: { trades: 3, maxDrawdown: 0.1, lookBack: { bars: 50 }, lock: { bars: 4 } },
    },
  },
];

class Line {
  readonly engine: Engine;
  readonly driver: FactDriver;

  constructor(setup: Setup) {
    const instruments = Array.from({ length: setup.instruments }, (_, k) =>
      instrument({ id: `T${k}@LIVE`, lotScale: 0, ...(k === 1 ? { stepLots: 3 } : {}) }),
    );
    const series = instruments.map((_, k) => BarSeries.growing(`in${k}`, k, US_PER_MINUTE, CAPACITY));
    if (setup.hasLong) series.push(BarSeries.growing("long", 0, LONG_MINUTES * US_PER_MINUTE, CAPACITY));
    const limits = LIMITS[setup.limits];
    this.engine = new Engine({
      instruments,
      series,
      strategy: indicatedTrader(setup),
      options: engineOptions({
        capital: 20_000,
        account: setup.isMargin ? marginAccount({ leverage: 3 }) : CASH_ACCOUNT,
        risk: limits === undefined ? undefined : riskEngine(limits, instruments),
      }),
      live: true,
    });
    this.driver = new FactDriver(this.engine);
  }

  /** One that goes on where a carried state stands; carried through a copy, as a disk does. */
  static goingOn(setup: Setup, carried: CarriedState): Line {
    const line = new Line(setup);
    line.driver.resume(structuredClone(carried));
    return line;
  }

  process(fact: Fact): readonly OrderCommand[] {
    this.driver.process(fact);
    return this.driver.takeCommands();
  }
}

/** Runs a session of so many facts; `at` is called after each with the line and may give further lines, which take the later facts too. */
function session(setup: Setup, facts: number, at: (line: Line, fact: number) => Line | undefined): readonly Line[] {
  const world = new RandomFacts(setup.seed, setup.instruments, setup.hasLong ? LONG_MINUTES : 0);
  const lines = [new Line(setup)];
  const waiting: LooseFact[] = [];
  for (let seq = 1; seq <= facts; seq += 1) {
    if (waiting.length === 0) waiting.push(...world.next());
    const fact = { ...waiting.shift()!, seq, receiveUs: seq } as Fact;
    const [commands, ...others] = lines.map((line) => line.process(fact));
    for (const other of others) expect(other, `commands after fact ${seq}: ${JSON.stringify(fact)}`).toEqual(commands);
    world.take(commands!);
    const more = at(lines.at(-1)!, seq);
    if (more !== undefined) lines.push(more);
  }
  return lines;
}

const anySetup = fc.record({
  seed: fc.integer(),
  instruments: fc.integer({ min: 1, max: 3 }),
  hasLong: fc.boolean(),
  limits: fc.integer({ min: 0, max: LIMITS.length - 1 }),
  isMargin: fc.boolean(),
});

const counted = { cuts: 0, orders: 0, fills: 0, held: 0, unknown: 0, groups: 0, restricted: 0, failed: 0 };

function count(line: Line, { facts, outbox, groups, risk }: CarriedState): void {
  counted.cuts += 1;
  counted.orders += line.engine.openOrderIds().length > 0 ? 1 : 0;
  counted.fills += line.engine.fillDesk.fills > 0 ? 1 : 0;
  counted.held += outbox.held.length > 0 ? 1 : 0;
  counted.unknown += facts.unknown.some(([, orders]) => orders > 0) ? 1 : 0;
  counted.groups += groups.members.length > 0 ? 1 : 0;
  counted.failed += line.engine.strategyStop.failure === undefined ? 0 : 1;
  counted.restricted += risk !== null && line.engine.options.risk!.tradingState > 0 ? 1 : 0;
}

test("law: an engine that goes on from a carried state decides, books and records as the one that never stopped", () => {
  fc.assert(
    fc.property(anySetup, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 200 }), (setup, first, gap) => {
      const lines = session(setup, first + gap + 200, (line, seq) => {
        if (seq !== first && seq !== first + gap) return undefined;
        const carried = line.driver.carry();
        count(line, carried);
        const next = Line.goingOn(setup, carried);
        expect(next.driver.carry()).toEqual(carried);
        return next;
      });
      const [whole, ...others] = lines;
      const uncut = session(setup, first + gap + 200, () => undefined)[0]!;
      expect(runHash(whole!.engine.events), "carrying changes nothing").toBe(runHash(uncut.engine.events));
      const state = whole!.driver.carry();
      for (const other of others) {
        const { events } = other.engine;
        expect(events.records()).toEqual(whole!.engine.events.records().slice(events.first));
        expect(runHash(events)).toBe(runHash(uncut.engine.events));
        expect(other.driver.carry()).toEqual(state);
      }
    }),
    { numRuns: 250 },
  );
  // A law about nothing would prove nothing.
  for (const [what, times] of Object.entries(counted)) expect(times, what).toBeGreaterThan(what === "cuts" ? 400 : 12);
}, 120_000);

test("law: a carried state is a copy: what happens later changes nothing in it", () => {
  fc.assert(
    fc.property(anySetup, fc.integer({ min: 20, max: 200 }), (setup, cut) => {
      let taken: CarriedState | undefined;
      let copy: CarriedState | undefined;
      session(setup, cut + 100, (line, seq) => {
        if (seq !== cut) return undefined;
        taken = line.driver.carry();
        copy = structuredClone(taken);
        return undefined;
      });
      expect(taken).toEqual(copy);
    }),
    { numRuns: 40 },
  );
});

test("law: what is borrowed is what a copy would be, for as long as no history is dropped", () => {
  let compared = 0;
  fc.assert(
    fc.property(anySetup, fc.integer({ min: 1, max: 200 }), (setup, cut) => {
      let taken: { readonly copy: CarriedState; readonly borrowed: CarriedState; readonly drops: number } | undefined;
      session(setup, cut + 30, ({ driver }, seq) => {
        if (taken !== undefined && driver.drops === taken.drops) {
          expect(taken.borrowed).toEqual(taken.copy);
          compared += 1;
        } else if (seq === cut) taken = { copy: driver.carry(), borrowed: driver.carry(true), drops: driver.drops };
        return undefined;
      });
    }),
    { numRuns: 30 },
  );
  expect(compared).toBeGreaterThan(300);
});
