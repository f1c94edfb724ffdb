import { instrument, OrderType, type SubmitOrder, TimeInForce } from "@tradepulse/core";
import { expect, test } from "vitest";
import { orderRequestOf } from "./order-request.ts";

const BTC = instrument({ id: "BTC-USDT@BINANCE", quote: "USDT", priceScale: 2, tickKnown: true, tickUnits: 1 });

function submit(more: Partial<SubmitOrder>): SubmitOrder {
  const head = { seq: 1, timeUs: 0, orderId: 7, instrumentIndex: 0, accountId: 1, strategyId: 1, source: 0 } as const;
  const terms = {
    side: 1,
    type: OrderType.market,
    timeInForce: TimeInForce.gtc,
    flags: 0,
    lots: 150_000,
    limitUnits: 0,
    triggerUnits: 0,
    parentId: 0,
  } as const;
  return { kind: "submit", ...head, ...terms, ...more };
}

const request = (more: Partial<SubmitOrder>) => orderRequestOf(submit(more), BTC, "BTCUSDT", "tp-1-7", 99);

test("orderRequestOf() writes exact decimals on the venue's grid", () => {
  expect(request({ type: OrderType.limit, limitUnits: 6_000_001 })).toEqual({
    symbol: "BTCUSDT",
    clientId: "tp-1-7",
    side: "buy",
    type: "limit",
    timeInForce: "GTC",
    quantity: "0.0015",
    price: "60000.01",
    deadlineUs: 99,
  });
});

test("orderRequestOf() names each order type in the venue's words", () => {
  const typeOf = (more: Partial<SubmitOrder>): string | undefined => request(more)?.type;
  expect(typeOf({})).toBe("market");
  expect(typeOf({ type: OrderType.limit, limitUnits: 1, flags: 1 })).toBe("limit-maker");
  expect(typeOf({ type: OrderType.stop, triggerUnits: 1 })).toBe("stop");
  expect(typeOf({ type: OrderType.stopLimit, triggerUnits: 1, limitUnits: 1 })).toBe("stop-limit");
  expect(typeOf({ type: OrderType.marketIfTouched, triggerUnits: 1 })).toBe("take-profit");
  expect(typeOf({ type: OrderType.limitIfTouched, triggerUnits: 1, limitUnits: 1 })).toBe("take-profit-limit");
  expect(typeOf({ type: OrderType.trailingStop })).toBeUndefined();
});

test("orderRequestOf() lets the newer of two own orders end that would trade with each other, and a way out never", () => {
  const preventionOf = (flags: number) => orderRequestOf(submit({ flags }), BTC, "BTCUSDT", "tp-1-7", 99, true)?.selfTrade;
  expect([preventionOf(0), preventionOf(2), request({})?.selfTrade]).toEqual(["expire-taker", "expire-maker", undefined]);
});
