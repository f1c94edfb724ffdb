import { expect, test } from "vitest";
import { causeCode } from "../model/event.ts";
import { formatFailure, unwrap } from "../model/failure.ts";
import { instrument } from "../model/instrument.ts";
import { OrderSource, OrderType } from "../model/order-terms.ts";
import { riskCodes } from "./codes.ts";
import { limitTable, protectionTable } from "./limit-table.ts";
import { refusalFailure } from "./refusal-failure.ts";
import { resolveLimits } from "./resolve-limits.ts";
import type { RiskLimits } from "./risk-limits.ts";

const coin = instrument({ id: "BTC-USDT@BINANCE", quote: "USDT", priceScale: 2, lotScale: 5 });
const share = instrument({ id: "ACME@TEST", quote: "USDT", priceScale: 2, lotScale: 0, minNotional: 1_000_000 });

function failureOf(limits: unknown, instruments = [coin, share]): string {
  const result = resolveLimits(limits as RiskLimits, instruments);
  return result.ok ? "accepted" : `${result.failure.code} ${result.failure.message}`;
}

test("resolveLimits() turns decimals into quanta, lots and fractions per 10^9", () => {
  const limits = unwrap(
    resolveLimits(
      {
        maxOrderNotional: "50000.25",
        maxOrderQuantity: { "BTC-USDT@BINANCE": 0.5 },
        maxPosition: 3,
        priceCollar: 0.05,
        maxDailyLoss: { money: 500 },
        maxDrawdown: { fromPeak: { fraction: "0.2" } },
        minNotional: 0.5,
      },
      [coin, share],
    ),
  );
  expect(limits.maxOrderNotional).toBe(50_000_250_000);
  expect([...limits.maxOrderLots]).toEqual([50_000, Number.POSITIVE_INFINITY]);
  expect([...limits.maxPositionLots]).toEqual([300_000, 3]);
  expect(limits.priceCollar).toBe(50_000_000);
  expect(limits.maxDailyLoss).toEqual({ quanta: 500_000_000, perBillion: 0 });
  expect(limits.maxDrawdownFromPeak).toEqual({ quanta: 0, perBillion: 200_000_000 });
  expect(limits.maxDrawdownFromDayStart).toBeUndefined();
  expect([...limits.minNotional]).toEqual([500_000, 1_000_000]);
});

test("resolveLimits() rounds a maximum down and a minimum up, never looser than written", () => {
  const limits = unwrap(resolveLimits({ maxPosition: 2.9, maxOrderNotional: "0.0000019", minNotional: "1.0000001" }, [share]));
  expect([...limits.maxPositionLots]).toEqual([2]);
  expect(limits.maxOrderNotional).toBe(1);
  expect([...limits.minNotional]).toEqual([1_000_001]);
});

test("resolveLimits() refuses values that cannot be meant, and says what is allowed", () => {
  expect(failureOf({ maxOrderNotional: -5 })).toMatchInlineSnapshot(
    `"TP_RISK_LIMIT_VALUE Cannot use limit "maxOrderNotional": it is -5 USDT, allowed is from 0.000001 up to 4503599627.370496 USDT"`,
  );
  expect(failureOf({ maxPosition: { "ACME@TEST": 0.5 } })).toMatchInlineSnapshot(
    `"TP_RISK_LIMIT_VALUE Cannot use limit "maxPosition["ACME@TEST"]": it is 0.5 of "ACME@TEST" (one lot is 1), allowed is from 1 up to 4503599627370496 of "ACME@TEST" (one lot is 1)"`,
  );
  expect(failureOf({ priceCollar: 5 })).toMatchInlineSnapshot(
    `"TP_RISK_LIMIT_VALUE Cannot use limit "priceCollar": it is 5, allowed is a fraction above 0, up to 1 (0.05 is five percent)"`,
  );
  for (const value of [0, Number.NaN, Number.POSITIVE_INFINITY, "", "ten", "0x10", null, 1e30]) {
    expect(failureOf({ maxGrossExposure: value })).toContain("TP_RISK_LIMIT_VALUE");
  }
  for (const limits of [
    { maxOpenOrders: 1.5 },
    { maxConsecutiveLosses: 0 },
    { orderRate: { orders: 10, intervalUs: 0 } },
    { staleAfterUs: -1 },
    { maxDailyLoss: {} },
    { maxDailyLoss: { money: 5, fraction: 0.1 } },
    { maxDrawdown: {} },
    { selfTrade: "cancel-older" },
    { dailyLossRelease: "never" },
    { protections: { cooldown: { wait: { bars: 0 } } } },
    { protections: { stopGuard: { stops: 2, lookBack: {}, lock: { bars: 2 } } } },
    { protections: { drawdownGuard: { trades: 1, maxDrawdown: 20, lookBack: { bars: 2 }, lock: { bars: 2 } } } },
  ]) {
    expect(failureOf(limits)).toContain("TP_RISK_LIMIT_VALUE");
  }
});

test("resolveLimits() refuses names it does not know, since a misspelt limit would protect nothing", () => {
  expect(failureOf({ maxOrderNotinal: 5 })).toContain('TP_RISK_LIMIT_UNKNOWN Cannot use the risk limits: "maxOrderNotinal" is no limit');
  expect(failureOf({ maxPosition: { "ETH-USDT@BINANCE": 5 } })).toContain("TP_RISK_LIMIT_INSTRUMENT");
  expect(failureOf({ maxDrawdown: { fromTop: { money: 1 } } })).toContain("TP_RISK_LIMIT_UNKNOWN");
});

test("resolveLimits() refuses money limits over several quote currencies, but not limits of quantity", () => {
  const euro = instrument({ id: "ACME@XETRA", quote: "EUR" });
  expect(failureOf({ maxGrossExposure: 5 }, [share, euro])).toContain("TP_RISK_LIMIT_CURRENCY");
  expect(failureOf({ maxPosition: 5, priceCollar: 0.1 }, [share, euro])).toBe("accepted");
});

test("limitTable and protectionTable name every limit once, each with a code of its own", () => {
  const names = [...limitTable, ...protectionTable].map((entry) => entry.name);
  expect(new Set(names).size).toBe(names.length);
  for (const entry of [...limitTable, ...protectionTable]) {
    expect(riskCodes[`TP_RISK_${entry.cause.toUpperCase().replaceAll("-", "_")}`]?.meaning).toBe(entry.meaning);
  }
});

test("refusalFailure() names the order, the present value and the limit with their units", () => {
  const order = {
    instrumentIndex: 0,
    strategyId: 1,
    source: OrderSource.strategy,
    side: 1,
    type: OrderType.limit,
    lots: 250_000,
    priceUnits: 6_000_000,
    notional: 150_000_000_000,
    isReduceOnly: false,
    groupId: 0,
  } as const;
  const refusal = { cause: causeCode("max-order-notional"), present: 150_000_000_000, limit: 50_000_000_000 };
  expect(formatFailure(refusalFailure(refusal, order, coin))).toMatchInlineSnapshot(`
    "TP_RISK_MAX_ORDER_NOTIONAL
    Cannot submit "buy 2.5 BTC-USDT@BINANCE": its notional is above the limit, present is 150000.00 USDT, limit is 50000.00 USDT
      limit  maxOrderNotional
      next   Change the order, or change maxOrderNotional and restart."
  `);
  const lock = { cause: causeCode("protection-cooldown"), present: 1, limit: 3 };
  expect(refusalFailure(lock, order, coin).message).toContain("present is 1 bars, limit is 3 bars");
  const state = { cause: causeCode("trading-halted"), present: 2, limit: 0 };
  expect(refusalFailure(state, order, coin).message).toContain("trading is halted, present is halted, limit is enabled");
});
