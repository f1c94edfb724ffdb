import { instrument } from "@tradepulse/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { countAt, decimal, decimalText, lotsOfDecimal, notionalOf } from "./decimal-money.ts";

test("decimal() reads plain decimals and nothing else", () => {
  expect(decimal("12.50")).toEqual({ digits: 1250n, scale: 2 });
  expect(decimal("-0.01")).toEqual({ digits: -1n, scale: 2 });
  expect(["", "1e8", "NaN", "1.2.3", " 1", "0x10", "١"].map(decimal)).toEqual(Array.from({ length: 7 }, () => undefined));
});

test("countAt() rounds half to even, on both sides of zero", () => {
  const at = (text: string): number => countAt(decimal(text)!, 0);
  expect(["0.5", "1.5", "2.5", "-0.5", "-1.5", "2.51"].map(at)).toEqual([0, 2, 2, 0, -2, 3]);
});

test("decimalText() and decimal() are inverse for counts at their scale", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 12 }), (count, scale) => {
      expect(countAt(decimal(decimalText(count, scale))!, scale)).toBe(count === 0 ? 0 : count);
    }),
  );
});

test("notionalOf() is price times quantity, exact to the quantum", () => {
  const btc = instrument({ id: "BTC-USDT@BINANCE", quote: "USDT", priceScale: 2 });
  expect(notionalOf(btc, decimal("60000.01")!, decimal("0.00012345")!)).toBe(7_407_001);
  expect(lotsOfDecimal(btc, decimal("0.00012345")!)).toBe(12_345);
  expect(lotsOfDecimal(btc, decimal("0.000123456")!)).toBeNaN();
});
