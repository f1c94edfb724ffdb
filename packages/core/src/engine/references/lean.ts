import { powerOfTen } from "../../model/mul-div.ts";
import { marginAccount } from "../../portfolio/account-terms.ts";
import { type FeeOptions, feeSchedule } from "../../simulator/fee-model.ts";
import { type BoundStrategy, defineStrategy } from "../../strategy/define-strategy.ts";
import { buy, close } from "../../strategy/intent.ts";
import { ordersOf } from "../read-events.ts";
import { type ReferenceBar, runReference } from "./reference-run.ts";

/** What Lean's regression tests say of a run: the rule in words, and where its data lie. */
export interface LeanCase {
  readonly id: string;
  readonly rule: string;
  readonly data: string;
  readonly cash: number;
}

/** A bar of the case's data within its dates: prices adjusted as Lean adjusts them, and the quote at its close where there is one. */
export interface LeanBar extends ReferenceBar {
  readonly bidClose?: number;
  readonly askClose?: number;
}

export interface LeanResult {
  readonly totalOrders: number;
  readonly endEquity: number;
  /** All ratios, from 0 to 1. */
  readonly drawdown: number;
  readonly netProfit: number;
  readonly winRate: number;
  readonly totalFees: number;
}

/** Lean's default for equities: Interactive Brokers' schedule. */
const INTERACTIVE_BROKERS: FeeOptions = { perUnit: 0.005, minimum: 1, maximumRate: 0.005 };
/** What Coinbase took of a taker until March 2019. */
const COINBASE: FeeOptions = { taker: 0.003 };
/** Share of the equity that a target of all of it leaves unspent. */
const FREE_PORTFOLIO = 0.0025;
/** Lean's default margin for equities; an order may so cost more than its estimate. */
const LEVERAGE = 2;

/** What a rule does with its bars. Bars are counted from 0. */
interface LeanPlan {
  /** Fills at the next open, or at the close of the bar that decides. */
  readonly fillsAt: "next-open" | "bar-close";
  readonly buysOn: (bar: number) => boolean;
  readonly sellsOn: (bar: number) => boolean;
  /** Units bought; undefined for all the equity. */
  readonly units: number | undefined;
}

/** Reads a rule; undefined when its words are not among those known here. */
export function leanPlan({ rule, data }: LeanCase): LeanPlan | undefined {
  const isDailyEquity = data.includes("equity_daily");
  const units = /\b(?:buy|order of) (\d+(?:\.\d+)?) [A-Z]{3,}/.exec(rule)?.[1];
  const common = { fillsAt: isDailyEquity ? "next-open" : "bar-close", units: units === undefined ? undefined : Number(units) } as const;
  if (/alternate/i.test(rule)) return { ...common, buysOn: (bar) => bar % 2 === 0, sellsOn: (bar) => bar % 2 === 1 };
  if (/next bar: liquidate/i.test(rule)) return { ...common, buysOn: (bar) => bar === 0, sellsOn: (bar) => bar === 1 };
  if (/^buy and hold/i.test(rule)) return { ...common, buysOn: (bar) => bar === 0, sellsOn: () => false };
  return undefined;
}

/** Where Lean is known to do what the engine, or the data at hand, cannot; empty where none is known. */
export function leanPeculiarity({ data }: LeanCase): string {
  if (data.includes("crypto_daily")) return "Lean fills at daily quotes that the data do not hold, and acts on one bar more at the end";
  return "";
}

/** Runs a case over its bars. */
export function runLeanCase(test: LeanCase, plan: LeanPlan, bars: readonly LeanBar[]): LeanResult {
  const isCrypto = test.data.includes("crypto");
  const fees = /zero fees/i.test(test.rule) ? {} : /coinbase/i.test(test.rule) ? COINBASE : INTERACTIVE_BROKERS;
  const quanta = powerOfTen(6);
  const run = runReference(
    bars.map((bar, row) => quotedBar(bar, plan, row)),
    strategyOf(plan),
    {
      capital: test.cash,
      account: marginAccount({ leverage: LEVERAGE }),
      buffer: FREE_PORTFOLIO,
      venue: { marketFill: plan.fillsAt, fees: [feeSchedule(fees, quanta, 1)] },
    },
    { id: "PEER@REFERENCE", ...(isCrypto ? {} : { lotScale: 0 }) },
  );
  const closed = run.trips.filter((trip) => !trip.isOpen);
  const endEquity = run.engine.equity;
  return {
    totalOrders: ordersOf(run.engine.events).filter((order) => order.state !== "refused").length,
    endEquity,
    drawdown: run.maxDrawdown,
    netProfit: endEquity / test.cash - 1,
    winRate: closed.length === 0 ? 0 : closed.filter((trip) => trip.pnl > 0).length / closed.length,
    totalFees: run.fills.reduce((sum, fill) => sum + fill.fee, 0) / quanta,
  };
}

/**
 * A bar of the engine has one close; where the rule trades at it, it is the side of the quote that fills, as Lean fills a purchase at the
 * ask and a sale at the bid.
 */
function quotedBar(bar: LeanBar, plan: LeanPlan, row: number): ReferenceBar {
  if (plan.fillsAt !== "bar-close") return bar;
  const quoted = plan.buysOn(row) ? bar.askClose : plan.sellsOn(row) ? bar.bidClose : undefined;
  const close = quoted ?? bar.close;
  return { ...bar, high: Math.max(bar.high, close), low: Math.min(bar.low, close), close };
}

function strategyOf(plan: LeanPlan): BoundStrategy {
  const strategy = defineStrategy({
    name: "lean",
    create: () => ({
      onBar(bar, { position }) {
        // A fraction of 1 would be of what the margin allows.
        if (plan.buysOn(bar.index)) return buy(plan.units === undefined ? { fraction: 1 / LEVERAGE } : { quantity: plan.units });
        if (plan.sellsOn(bar.index) && !position.isFlat) return close();
        return undefined;
      },
    }),
  });
  return strategy();
}
