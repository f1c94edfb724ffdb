import fc from "fast-check";
import { expect, test } from "vitest";
import { causeCode, causeName } from "../model/event.ts";
import { instrument } from "../model/instrument.ts";
import { OrderSource, OrderType } from "../model/order-terms.ts";
import type { Side } from "../model/side.ts";
import { US_PER_DAY, US_PER_HOUR } from "../model/time.ts";
import { type RiskEngine, riskEngine } from "./risk-engine.ts";
import type { RiskLimits } from "./risk-limits.ts";
import type { ClosedTrade, ProposedOrder, RiskView } from "./risk-view.ts";

/** One lot is one share, prices in cents, money in 10^-6 USD. */
const acme = instrument({ id: "ACME@TEST", priceScale: 2, lotScale: 0 });
const USD = 1_000_000;

/** A flat account at a price of 100.00 USD: only its time and its equity matter here. */
class Account implements RiskView {
  nowUs = 10 * US_PER_HOUR;
  readonly instrumentCount = 1;
  equity = 10_000 * USD;
  readonly workingCount = 0;
  signedLots(): number {
    return 0;
  }
  markUnits(): number {
    return 10_000;
  }
  markUs(): number {
    return this.nowUs;
  }
  valueOf(_k: number, lots: number, units: number): number {
    return lots * units * 10_000;
  }
  workingOrders(): [] {
    return [];
  }
}

function order(side: Side, lots: number, extra: Partial<ProposedOrder> = {}): ProposedOrder {
  return {
    instrumentIndex: 0,
    strategyId: 1,
    source: OrderSource.strategy,
    side,
    type: OrderType.limit,
    lots,
    priceUnits: 10_000,
    notional: lots * 100 * USD,
    isReduceOnly: false,
    groupId: 0,
    ...extra,
  };
}

function setUp(limits: RiskLimits) {
  const account = new Account();
  const risk = riskEngine(limits, [acme]);
  const verdict = (proposed: ProposedOrder): string => {
    const refusal = risk.check(proposed, account);
    return refusal === undefined ? "passes" : `${causeName(refusal.cause)} ${refusal.present} > ${refusal.limit}`;
  };
  return { account, risk, verdict };
}

function lost(profit: number): ClosedTrade {
  return { instrumentIndex: 0, side: 1, exitUs: 10 * US_PER_HOUR, profit, profitRatio: profit / (1_000 * USD), stoppedOut: false };
}

function markAt(risk: RiskEngine, account: Account, nowUs: number, equity: number): number {
  account.nowUs = nowUs;
  account.equity = equity * USD;
  risk.onMark(account);
  return risk.tradingState;
}

test("maxDailyLoss latches reduce-only when the day's loss, unrealised included, reaches the limit", () => {
  const { account, risk, verdict } = setUp({ maxDailyLoss: { money: 500 } });
  expect(markAt(risk, account, 10 * US_PER_HOUR, 10_000)).toBe(0);
  expect(markAt(risk, account, 11 * US_PER_HOUR, 9_500.01)).toBe(0);
  expect(verdict(order(1, 1))).toBe("passes");
  expect(markAt(risk, account, 12 * US_PER_HOUR, 9_500)).toBe(1);
  expect(verdict(order(1, 1))).toBe("max-daily-loss 500000000 > 500000000");
  expect(verdict(order(-1, 1, { isReduceOnly: true }))).toBe("passes");
  expect(markAt(risk, account, 13 * US_PER_HOUR, 10_200)).toBe(1);
});

test("maxDailyLoss as a fraction is measured from the equity at the start of the UTC day", () => {
  const { account, risk } = setUp({ maxDailyLoss: { fraction: 0.05 } });
  markAt(risk, account, 23 * US_PER_HOUR, 10_000);
  markAt(risk, account, US_PER_DAY, 9_600);
  expect(markAt(risk, account, US_PER_DAY + US_PER_HOUR, 9_120.01)).toBe(0);
  expect(markAt(risk, account, US_PER_DAY + 2 * US_PER_HOUR, 9_120)).toBe(1);
});

test("maxDailyLoss lets go of its latch when the day is over, and starts again from the equity of then", () => {
  const { account, risk, verdict } = setUp({ maxDailyLoss: { money: 500 } });
  markAt(risk, account, 10 * US_PER_HOUR, 10_000);
  expect(markAt(risk, account, 11 * US_PER_HOUR, 9_000)).toBe(1);
  expect(markAt(risk, account, US_PER_DAY, 9_000)).toBe(1);
  account.nowUs = US_PER_DAY + 1;
  expect(verdict(order(1, 1))).toBe("passes");
  expect(risk.lastChange).toMatchObject({ state: "enabled", reason: "a new day began" });
  expect(markAt(risk, account, US_PER_DAY + 2, 8_500.01)).toBe(0);
  expect(markAt(risk, account, US_PER_DAY + 3, 8_500)).toBe(1);
});

test("maxDailyLoss with dailyLossRelease rearm stays latched over the days", () => {
  const { account, risk } = setUp({ maxDailyLoss: { money: 500 }, dailyLossRelease: "rearm" });
  markAt(risk, account, 10 * US_PER_HOUR, 10_000);
  markAt(risk, account, 11 * US_PER_HOUR, 9_000);
  expect(markAt(risk, account, 5 * US_PER_DAY, 9_000)).toBe(1);
  risk.rearm("position sizes were halved", 5 * US_PER_DAY);
  expect(risk.tradingState).toBe(0);
});

test("maxDrawdown from the peak latches until it is re-armed, and then counts from a new peak", () => {
  const { account, risk, verdict } = setUp({ maxDrawdown: { fromPeak: { fraction: 0.2 } } });
  markAt(risk, account, US_PER_HOUR, 10_000);
  markAt(risk, account, US_PER_DAY, 12_500);
  expect(markAt(risk, account, 2 * US_PER_DAY, 10_000.01)).toBe(0);
  expect(markAt(risk, account, 3 * US_PER_DAY, 10_000)).toBe(1);
  expect(verdict(order(1, 1))).toBe("max-drawdown 2500000000 > 2500000000");
  expect(markAt(risk, account, 9 * US_PER_DAY, 14_000)).toBe(1);
  risk.rearm("the strategy was fixed", account.nowUs);
  expect(verdict(order(1, 1))).toBe("passes");
  expect(markAt(risk, account, 10 * US_PER_DAY, 11_200.01)).toBe(0);
  expect(markAt(risk, account, 11 * US_PER_DAY, 11_200)).toBe(1);
});

test("maxDrawdown from the day start falls from the highest equity of the day", () => {
  const { account, risk } = setUp({ maxDrawdown: { fromDayStart: { money: 300 } } });
  markAt(risk, account, US_PER_HOUR, 10_000);
  markAt(risk, account, 2 * US_PER_HOUR, 10_400);
  expect(markAt(risk, account, 3 * US_PER_HOUR, 10_101)).toBe(0);
  expect(markAt(risk, account, US_PER_DAY + 1, 10_000)).toBe(0);
  expect(markAt(risk, account, US_PER_DAY + 2, 9_801)).toBe(1);
});

test("maxDailyLoss and maxDrawdown together stay latched when only the day ends", () => {
  const { account, risk } = setUp({ maxDailyLoss: { money: 500 }, maxDrawdown: { fromPeak: { money: 1_000 } } });
  markAt(risk, account, US_PER_HOUR, 10_000);
  markAt(risk, account, 2 * US_PER_HOUR, 9_400);
  markAt(risk, account, 3 * US_PER_HOUR, 9_000);
  expect(markAt(risk, account, 3 * US_PER_DAY, 9_000)).toBe(1);
  expect(causeName(risk.tradingStateCause)).toBe("max-drawdown");
});

test("maxConsecutiveLosses latches at the n-th losing trade in a row", () => {
  const { account, risk, verdict } = setUp({ maxConsecutiveLosses: 3 });
  for (const profit of [-1, -1, 0, -1, -1]) risk.onClosedTrade(lost(profit * USD), account);
  expect(verdict(order(1, 1))).toBe("passes");
  risk.onClosedTrade(lost(-USD), account);
  expect(verdict(order(1, 1))).toBe("max-consecutive-losses 3 > 3");
  risk.onClosedTrade(lost(USD), account);
  expect(risk.tradingState).toBe(1);
  risk.rearm("reviewed", account.nowUs);
  risk.onClosedTrade(lost(-USD), account);
  expect(risk.tradingState).toBe(0);
});

test("restrict() only makes trading stricter, and a halt passes reduce-only orders of risk and operators alone", () => {
  const { account, risk, verdict } = setUp({});
  risk.restrict("reduce-only", "news tonight", account.nowUs);
  expect(verdict(order(1, 1))).toBe("reduce-only-state 1 > 0");
  expect(verdict(order(-1, 1, { isReduceOnly: true }))).toBe("passes");
  risk.restrict("halted", "venue is lying", account.nowUs);
  risk.restrict("reduce-only", "again", account.nowUs);
  expect(risk.tradingState).toBe(2);
  expect(causeName(risk.tradingStateCause)).toBe("trading-halted");
  expect(verdict(order(-1, 1, { isReduceOnly: true }))).toBe("trading-halted 2 > 0");
  expect(verdict(order(-1, 1, { isReduceOnly: true, source: OrderSource.operator }))).toBe("passes");
  expect(verdict(order(-1, 1, { source: OrderSource.operator }))).toBe("trading-halted 2 > 0");
  expect(risk.lastChange).toEqual({ state: "halted", cause: risk.tradingStateCause, reason: "venue is lying", timeUs: account.nowUs });
});

test("rearm() wants a reason", () => {
  const { account, risk } = setUp({});
  risk.restrict("halted", "drill", account.nowUs);
  expect(() => risk.rearm(" ", account.nowUs)).toThrow("TP_RISK_REARM_REASON");
  expect(risk.tradingState).toBe(2);
  risk.rearm("drill is over", account.nowUs);
  expect(risk.tradingState).toBe(0);
  expect(risk.tradingStateCause).toBe(0);
});

/** Every limit that a reduce-only order passes, as tight as can be. */
const tight: RiskLimits = {
  maxOrderNotional: 0.01,
  maxOrderQuantity: 1,
  maxPosition: 1,
  maxGrossExposure: 0.01,
  maxNetExposure: 0.01,
  maxOpenOrders: 1,
  staleAfterUs: 1,
  minNotional: 1_000_000,
  selfTrade: "cancel-newer",
  duplicateGuardUs: US_PER_DAY,
  maxDailyLoss: { money: 1 },
  maxDrawdown: { fromPeak: { fraction: 0.001 }, fromDayStart: { money: 1 } },
  maxConsecutiveLosses: 1,
  protections: { cooldown: { wait: { bars: 1_000 }, scope: "all" } },
};

type Moment = { readonly waitUs: number; readonly equity: number; readonly profit: number; readonly isTrade: boolean };
const moments: fc.Arbitrary<Moment[]> = fc.array(
  fc.record({
    waitUs: fc.integer({ min: 0, max: 10 * US_PER_HOUR }),
    equity: fc.integer({ min: 0, max: 20_000 }),
    profit: fc.integer({ min: -5, max: 5 }),
    isTrade: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

/** Lives through moments, each a mark or a closed trade. */
function live(limits: RiskLimits, history: readonly Moment[], look: (account: Account, risk: RiskEngine, moment: Moment) => void): void {
  const risk = riskEngine(limits, [acme]);
  const account = new Account();
  for (const moment of history) {
    account.nowUs += moment.waitUs;
    const trade: ClosedTrade = {
      instrumentIndex: 0,
      side: 1,
      exitUs: account.nowUs,
      profit: moment.profit * USD,
      profitRatio: 0,
      stoppedOut: false,
    };
    if (moment.isTrade) risk.onClosedTrade(trade, account);
    else {
      account.equity = moment.equity * USD;
      risk.onMark(account);
    }
    look(account, risk, moment);
  }
}

test("a reduce-only order is never refused by a loss limit, a protection or an exposure", () => {
  fc.assert(
    fc.property(moments, fc.constantFrom<Side>(1, -1), fc.integer({ min: 1, max: 1_000 }), (history, side, lots) => {
      const exit = order(side, lots, { isReduceOnly: true });
      live(tight, history, (account, risk) => expect(risk.check(exit, account)).toBeUndefined());
    }),
  );
});

test("a latch never unlatches itself", () => {
  fc.assert(
    fc.property(moments, (history) => {
      let state = 0;
      live({ ...tight, dailyLossRelease: "rearm" }, history, (account, risk) => {
        risk.check(order(1, 1), account);
        expect(risk.tradingState).toBeGreaterThanOrEqual(state);
        state = risk.tradingState;
      });
    }),
  );
});

test("the latch of a daily loss lets go only when a day ended, and of nothing but its own", () => {
  const dayOf = (timeUs: number): number => Math.ceil(timeUs / US_PER_DAY);
  fc.assert(
    fc.property(moments, (history) => {
      let before = { state: 0, cause: 0, day: 0 };
      live({ maxDailyLoss: { money: 3_000 }, maxDrawdown: { fromPeak: { money: 9_000 } } }, history, (account, risk) => {
        risk.check(order(1, 1), account);
        const now = { state: risk.tradingState, cause: risk.tradingStateCause, day: dayOf(account.nowUs) };
        if (now.state < before.state) {
          expect(before.cause).toBe(causeCode("max-daily-loss"));
          expect(now.day).toBeGreaterThan(before.day);
        }
        before = now;
      });
    }),
    { numRuns: 300 },
  );
});

test("maxDrawdown is latched from the first mark at which equity has fallen by the limit", () => {
  fc.assert(
    fc.property(moments, (history) => {
      let peak = Number.NEGATIVE_INFINITY;
      let isReached = false;
      live({ maxDrawdown: { fromPeak: { money: 5_000 } } }, history, (_account, risk, moment) => {
        if (!moment.isTrade) {
          peak = Math.max(peak, moment.equity);
          isReached ||= peak - moment.equity >= 5_000;
        }
        expect(risk.tradingState === 1).toBe(isReached);
      });
    }),
  );
});
