import { readdirSync } from "node:fs";
import {
  type BoundStrategy,
  type EngineOptions,
  feeSchedule,
  fillsOf,
  marginAccount,
  ordersOf,
  runHash,
  type Strategy,
} from "@tradepulse/core";
import { runTest, type TestMarket } from "@tradepulse/core/testing";
import { loadDataset } from "@tradepulse/data";
import { describe, expect, test } from "vitest";

const files = readdirSync(new URL("strategies/", import.meta.url)).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
const strategies = await Promise.all(
  files.map(async (name) => ((await import(new URL(`strategies/${name}`, import.meta.url).href)) as { default: Strategy }).default),
);
const sp500 = await marketOf("sp500");
const aapl = await marketOf("aapl");

async function marketOf(name: string): Promise<TestMarket> {
  const { columns, intervalUs } = (await loadDataset(name)).instruments[0]!;
  return { columns, intervalUs };
}

/** Inputs of their own take the markets in turn. */
function run(strategy: BoundStrategy, driver: "bars" | "steps" | "facts") {
  const own = Object.keys(strategy.inputs).filter((name) => strategy.inputs[name]!.of === undefined);
  const markets = own.length === 1 ? { [own[0]!]: sp500 } : { [own[0]!]: aapl, [own[1]!]: sp500 };
  const needsShort = own.length > 1;
  const options: Partial<EngineOptions> = {
    capital: 100_000,
    venue: { fees: own.map(() => feeSchedule({ taker: 0.0005 }, 1_000_000, 1)) },
    keepLedgerRows: true,
    ...(needsShort ? { account: marginAccount({ leverage: 2 }) } : {}),
  };
  return runTest(strategy, markets, { ...options, driver });
}

describe.each(strategies.map((strategy) => [strategy.spec.name, strategy] as const))("%s over real bars", (_name, strategy) => {
  const engine = run(strategy(), "bars");
  const fills = fillsOf(engine.events);

  test("trades, and refuses nothing", () => {
    expect(fills.length).toBeGreaterThan(20);
    expect(engine.desk.refusals.count).toBe(0);
  });

  test("gives a reason with every order", () => {
    for (const order of ordersOf(engine.events)) expect(order.reason).not.toBe("");
  });

  test("has one run hash, however often and by whichever driver it is run", () => {
    const hash = runHash(engine.events);
    expect(runHash(run(strategy(), "bars").events)).toBe(hash);
    expect(runHash(run(strategy(), "steps").events)).toBe(hash);
    expect(runHash(run(strategy(), "facts").events)).toBe(hash);
  });

  test("keeps every quantum: the ledger sums to zero and cash is capital, plus sales, less purchases and fees", () => {
    const { ledger } = engine.account.portfolio;
    const moved = fills.reduce((sum, fill) => sum - fill.side * fill.notional - fill.fee, 0);
    expect(ledger.sum()).toBe(0);
    expect(ledger.cash).toBe(100_000_000_000 + moved);
  });

  test("holds what it bought less what it sold", () => {
    engine.instruments.forEach((_, index) => {
      const held = fills.filter((fill) => fill.instrumentIndex === index).reduce((sum, fill) => sum + fill.side * fill.lots, 0);
      expect(engine.account.signedLots(index)).toBe(held);
    });
  });
});
