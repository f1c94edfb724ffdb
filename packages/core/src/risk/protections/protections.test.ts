import { expect, test } from "vitest";
import { causeName } from "../../model/event.ts";
import { instrument } from "../../model/instrument.ts";
import { OrderSource, OrderType } from "../../model/order-terms.ts";
import type { Side } from "../../model/side.ts";
import { riskEngine } from "../risk-engine.ts";
import type { ClosedTrade, ProposedOrder, RiskView } from "../risk-view.ts";
import type { ProtectionSettings } from "./protection-settings.ts";

const MINUTE = 60_000_000;
const instruments = [instrument({ id: "ACME@TEST" }), instrument({ id: "BOLT@TEST" })];

/** Minute bars of two instruments: bar n opens at minute n and closes at minute n+1. Trades exit within a bar. */
function market(protections: ProtectionSettings) {
  const risk = riskEngine({ protections }, instruments);
  const view = {
    nowUs: 0,
    instrumentCount: 2,
    equity: 1_000,
    signedLots: () => 0,
    markUnits: () => 100,
    markUs: () => 0,
    valueOf: () => 0,
    workingOrders: () => [],
    workingCount: 0,
  };
  const account: RiskView = view;
  let bar = 0;
  return {
    /** Closes bars up to and without bar n, so that n is the running one. */
    goTo: (n: number) => {
      for (; bar < n; bar += 1) {
        risk.onBarClose(0, (bar + 1) * MINUTE);
        risk.onBarClose(1, (bar + 1) * MINUTE);
      }
      view.nowUs = n * MINUTE;
    },
    /** A trade that ends half a minute into the running bar. */
    exit: (trade: Partial<ClosedTrade> = {}) => {
      view.equity += trade.profit ?? 0;
      const exitUs = bar * MINUTE + MINUTE / 2;
      risk.onClosedTrade({ instrumentIndex: 0, side: 1, exitUs, profit: 0, profitRatio: 0, stoppedOut: false, ...trade }, account);
    },
    /** What an order decided now, at the open of the running bar, hears. */
    ask: (side: Side = 1, instrumentIndex = 0, isReduceOnly = false) => {
      const order: ProposedOrder = {
        instrumentIndex,
        strategyId: 1,
        source: OrderSource.strategy,
        side,
        type: OrderType.market,
        lots: 1,
        priceUnits: 100,
        notional: 1,
        isReduceOnly,
        groupId: 0,
      };
      const refusal = risk.check(order, account);
      return refusal === undefined ? "passes" : causeName(refusal.cause);
    },
  };
}

const stopLoss = { profit: -10, profitRatio: -0.01, stoppedOut: true };

test("cooldown of n bars ends at the open of bar n+1 after the bar of the exit", () => {
  const { goTo, exit, ask } = market({ cooldown: { wait: { bars: 2 } } });
  goTo(5);
  exit();
  goTo(6);
  expect(ask()).toBe("protection-cooldown");
  goTo(7);
  expect(ask()).toBe("protection-cooldown");
  goTo(8);
  expect(ask()).toBe("passes");
});

test("cooldown holds back its own instrument and never an order that only reduces", () => {
  const { goTo, exit, ask } = market({ cooldown: { wait: { bars: 2 } } });
  goTo(5);
  exit();
  goTo(6);
  expect(ask(-1)).toBe("protection-cooldown");
  expect(ask(1, 1)).toBe("passes");
  expect(ask(-1, 0, true)).toBe("passes");
});

test("cooldown in time ends that long after the exit", () => {
  const { goTo, exit, ask } = market({ cooldown: { wait: { us: 2.5 * MINUTE } } });
  goTo(5);
  exit();
  goTo(7);
  expect(ask()).toBe("protection-cooldown");
  goTo(8);
  expect(ask()).toBe("passes");
});

test("cooldown starts again with every exit", () => {
  const { goTo, exit, ask } = market({ cooldown: { wait: { bars: 2 } } });
  goTo(5);
  exit();
  goTo(6);
  exit();
  goTo(8);
  expect(ask()).toBe("protection-cooldown");
  goTo(9);
  expect(ask()).toBe("passes");
});

test("cooldown counts the bar of an exit alike when the exit is told before or after the bar closed", () => {
  for (const toldLate of [false, true]) {
    const risk = riskEngine({ protections: { cooldown: { wait: { bars: 1 } } } }, instruments);
    const trade: ClosedTrade = { instrumentIndex: 0, side: 1, exitUs: 0.5 * MINUTE, profit: 0, profitRatio: 0, stoppedOut: false };
    const view = { nowUs: MINUTE, equity: 0 } as RiskView;
    if (!toldLate) risk.onClosedTrade(trade, view);
    risk.onBarClose(0, MINUTE);
    if (toldLate) risk.onClosedTrade(trade, view);
    const order = { instrumentIndex: 0, side: 1, isReduceOnly: false } as ProposedOrder;
    expect(risk.check(order, view)).toMatchObject({ present: 0, limit: 1 });
    risk.onBarClose(0, 2 * MINUTE);
    expect(risk.check(order, view)).toBeUndefined();
  }
});

test("stopGuard closes everything after n losing stop-outs within the look-back", () => {
  const { goTo, exit, ask } = market({ stopGuard: { stops: 2, lookBack: { bars: 10 }, lock: { bars: 3 } } });
  exit(stopLoss);
  goTo(4);
  exit({ stoppedOut: true, profit: 5 });
  exit({ profit: -5 });
  expect(ask()).toBe("passes");
  goTo(9);
  exit({ ...stopLoss, instrumentIndex: 1, side: -1 });
  goTo(12);
  expect(ask()).toBe("protection-stop-guard");
  expect(ask(-1, 1)).toBe("protection-stop-guard");
  goTo(13);
  expect(ask()).toBe("passes");
});

test("stopGuard forgets stop-outs older than the look-back of bars or of time", () => {
  for (const lookBack of [{ bars: 10 }, { us: 10 * MINUTE }]) {
    const { goTo, exit, ask } = market({ stopGuard: { stops: 2, lookBack, lock: { bars: 3 } } });
    exit(stopLoss);
    goTo(10);
    exit(stopLoss);
    expect(ask()).toBe("passes");
    goTo(19);
    exit(stopLoss);
    expect(ask()).toBe("protection-stop-guard");
  }
});

test("stopGuard counts and closes per instrument, per side, or per side of an instrument", () => {
  const guard = { stops: 2, lookBack: { bars: 10 }, lock: { us: 5 * MINUTE } };
  const closedBy = (scope: "instrument" | "side" | "instrument-side", first: Partial<ClosedTrade>) => {
    const { exit, ask } = market({ stopGuard: { ...guard, scope } });
    exit({ ...stopLoss, ...first });
    exit(stopLoss);
    return [ask(1, 0), ask(-1, 0), ask(1, 1), ask(-1, 1)].map((verdict) => (verdict === "passes" ? "open" : "closed")).join(" ");
  };
  expect(closedBy("instrument", { side: -1 })).toBe("closed closed open open");
  expect(closedBy("side", { instrumentIndex: 1 })).toBe("closed open closed open");
  expect(closedBy("instrument-side", {})).toBe("closed open open open");
  expect(closedBy("instrument-side", { side: -1 })).toBe("open open open open");
  expect(closedBy("instrument", { instrumentIndex: 1 })).toBe("open open open open");
});

test("lowProfit closes an instrument whose trades earned less than asked for", () => {
  const settings = { trades: 3, lookBack: { bars: 20 }, lock: { bars: 4 }, minProfitRatio: 0.01 };
  const { goTo, exit, ask } = market({ lowProfit: settings });
  exit({ profitRatio: -0.01 });
  goTo(2);
  exit({ profitRatio: 0.005 });
  expect(ask()).toBe("passes");
  goTo(4);
  exit({ profitRatio: 0.015 });
  expect(ask()).toBe("passes");
  goTo(6);
  exit({ profitRatio: -0.001 });
  expect(ask()).toBe("protection-low-profit");
  expect(ask(1, 1)).toBe("passes");
});

test("drawdownGuard closes everything once closed trades drew equity down by the fraction", () => {
  const settings = { trades: 2, maxDrawdown: 0.1, lookBack: { bars: 20 }, lock: { bars: 4 } };
  const { goTo, exit, ask } = market({ drawdownGuard: settings });
  exit({ profit: 100 });
  exit({ profit: -109 });
  expect(ask()).toBe("passes");
  exit({ profit: -1, instrumentIndex: 1 });
  goTo(1);
  expect(ask()).toBe("protection-drawdown");
  expect(ask(-1, 1)).toBe("protection-drawdown");
});

test("drawdownGuard leaves trades outside the look-back out", () => {
  const settings = { trades: 1, maxDrawdown: 0.1, lookBack: { us: 5 * MINUTE }, lock: { us: MINUTE } };
  const { goTo, exit, ask } = market({ drawdownGuard: settings });
  exit({ profit: -60 });
  goTo(6);
  exit({ profit: -60 });
  expect(ask()).toBe("passes");
  exit({ profit: -60 });
  expect(ask()).toBe("protection-drawdown");
});
