import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { currency } from "./currency.ts";
import { instrument, lotsOf, orderPriceUnits, priceOf, quantityOf, unitsOf } from "./instrument.ts";
import { greatestCommonDivisor } from "./mul-div.ts";

const bitcoin = instrument({ id: "BTC-USDT@BINANCE", quote: "USDT", priceScale: 2, tickUnits: 1, tickKnown: true, lotScale: 5 });
const future = instrument({
  id: "ES@CME",
  priceScale: 2,
  tickUnits: 25,
  tickKnown: true,
  lotScale: 0,
  multiplier: { numerator: 50, denominator: 1 },
});

describe("instrument()", () => {
  test("fills in a fine price unit, no known tick, a fine lot and the dollar", () => {
    expect(instrument({ id: "A@B" })).toMatchObject({
      quote: { code: "USD", scale: 6 },
      priceScale: 8,
      tickUnits: 1,
      tickKnown: false,
      displayDecimals: 2,
      lotScale: 8,
      lotUnits: 1,
      minNotional: 0,
      calendar: "24/7",
    });
  });

  test("takes a currency by its code or as it is", () => {
    expect(instrument({ id: "A@B", quote: "BTC" }).quote).toEqual({ code: "BTC", scale: 8 });
    expect(instrument({ id: "A@B", quote: { code: "PTS", scale: 2 } }).quote.scale).toBe(2);
  });

  test("knows what one lot is worth for one price unit, reduced", () => {
    // 0.01 USDT times 0.00001 BTC is 10^-7 USDT: a tenth of a quantum of 10^-6.
    expect(bitcoin.notional).toEqual({ numerator: 1, denominator: 10 });
    // A quarter point is 25 units; a unit of one contract of 50 is 0.5 dollars.
    expect(future.notional).toEqual({ numerator: 500_000, denominator: 1 });
  });

  test("computes money from units and lots as prices times quantities times the multiplier", () => {
    const scales = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(
        scales,
        scales,
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 1_000 }),
        (priceScale, lotScale, lotUnits, multiplier) => {
          const any = instrument({ id: "A@B", priceScale, lotScale, lotUnits, multiplier: { numerator: multiplier, denominator: 1 } });
          const { numerator, denominator } = any.notional;
          expect(greatestCommonDivisor(numerator, denominator)).toBe(1);
          // Both sides of quanta = units * lots * numerator / denominator, for one unit of one lot, without a fraction.
          const power = (exponent: number): bigint => 10n ** BigInt(exponent);
          expect(BigInt(numerator) * power(priceScale + lotScale)).toBe(
            BigInt(denominator) * BigInt(lotUnits) * BigInt(multiplier) * power(currency("USD").scale),
          );
        },
      ),
    );
  });
});

describe("prices and quantities", () => {
  test("are divided, not multiplied, so that every decimal is the nearest double", () => {
    expect(priceOf(bitcoin, 6_784_511)).toBe(67_845.11);
    expect(quantityOf(bitcoin, 123)).toBe(0.00123);
  });

  test("come back from their decimals", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e13 }), (count) => {
        expect(unitsOf(bitcoin, priceOf(bitcoin, count))).toBe(count);
        expect(lotsOf(bitcoin, quantityOf(bitcoin, count))).toBe(count);
      }),
      { numRuns: 1_000 },
    );
  });

  test("round a quantity down to whole lots, unless it lies a rounding error below one", () => {
    expect(lotsOf(bitcoin, 0.000019)).toBe(1);
    expect(lotsOf(bitcoin, 0.1 + 0.2)).toBe(30_000);
    expect(lotsOf(bitcoin, 0.29999999)).toBe(29_999);
    expect(lotsOf(instrument({ id: "A@B", lotScale: 0, lotUnits: 100 }), 250)).toBe(2);
  });
});

describe("orderPriceUnits()", () => {
  const units = (price: number, side: 1 | -1, role: "limit" | "trigger"): number | string => {
    const result = orderPriceUnits(future, price, side, role);
    return result.ok ? result.value : result.failure.code;
  };

  test("moves a limit away from the market and a trigger towards trouble", () => {
    // The tick is 0.25: 100.30 lies between 100.25 and 100.50.
    expect(units(100.3, 1, "limit")).toBe(10_025);
    expect(units(100.3, -1, "limit")).toBe(10_050);
    expect(units(100.3, 1, "trigger")).toBe(10_050);
    expect(units(100.3, -1, "trigger")).toBe(10_025);
  });

  test("leaves a price alone that lies on the tick, also with the noise of floating point", () => {
    for (const side of [1, -1] as const) {
      for (const role of ["limit", "trigger"] as const) {
        expect(units(100.25, side, role)).toBe(10_025);
        expect(units(100.1 + 0.15, side, role)).toBe(10_025);
        expect(units(100.25 * (1 + Number.EPSILON), side, role)).toBe(10_025);
      }
    }
  });

  test("never makes a limit worse nor a stop later than the price that was asked for", () => {
    const prices = fc.double({ min: 0.5, max: 100_000, noNaN: true });
    fc.assert(
      fc.property(
        prices,
        fc.constantFrom(1 as const, -1 as const),
        fc.constantFrom("limit" as const, "trigger" as const),
        (price, side, role) => {
          const result = orderPriceUnits(future, price, side, role);
          if (!result.ok) throw new Error(result.failure.code);
          expect(result.value % 25).toBe(0);
          const moved = result.value - price * 100;
          expect(Math.abs(moved)).toBeLessThanOrEqual(25);
          const goesDown = role === "limit" ? side > 0 : side < 0;
          const noise = 1e-6 * 25;
          if (goesDown) expect(moved).toBeLessThanOrEqual(noise);
          else expect(moved).toBeGreaterThanOrEqual(-noise);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("refuses an off-tick price on request, and says what the tick is", () => {
    const result = orderPriceUnits(future, 100.3, 1, "limit", "refuse");
    expect(result).toMatchObject({
      ok: false,
      failure: { code: "TP_ORDER_OFF_TICK", message: 'Cannot place an order on "ES@CME": price 100.3 is off the tick 0.25' },
    });
    expect(orderPriceUnits(future, 100.25, 1, "limit", "refuse")).toEqual({ ok: true, value: 10_025 });
  });

  test("rounds to the price unit where no tick is known, whatever is asked for", () => {
    const unknown = instrument({ id: "A@B", priceScale: 2 });
    expect(orderPriceUnits(unknown, 1.005, 1, "limit", "refuse")).toEqual({ ok: true, value: 100 });
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e16])("refuses the price %d", (price) => {
    expect(units(price, 1, "limit")).toBe("TP_ORDER_PRICE");
  });
});

test.each([
  [{ quote: { code: "JPY", scale: 0 } }, "make 16 decimals"],
  [{ priceScale: 1.5 }, "prices of 10^-1.5"],
  [{ lotScale: -1 }, "lots of 10^--1"],
  [{ priceScale: 0, lotScale: 0, quote: { code: "X", scale: 16 } }, "X of 10^-16"],
] as const)("instrument() refuses scales in which money cannot be counted: %o", (scales, text) => {
  expect(() => instrument({ id: "A@B", ...scales })).toThrow("TP_MARKET_SCALES");
  expect(() => instrument({ id: "A@B", ...scales })).toThrow(text);
});

test("instrument() counts money of a currency without decimals when price unit and lot are coarser", () => {
  expect(instrument({ id: "A@B", priceScale: 2, lotScale: 0, quote: { code: "JPY", scale: 0 } }).notional).toEqual({
    numerator: 1,
    denominator: 100,
  });
});
