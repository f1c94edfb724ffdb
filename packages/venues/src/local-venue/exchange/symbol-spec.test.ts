import { instrument } from "@tradepulse/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatE8, ONE } from "./amount.ts";
import { specOfInstrument } from "./symbol-spec.ts";

describe("specOfInstrument()", () => {
  test("names a pair after both, and anything else after itself and its currency", () => {
    expect(specOfInstrument(instrument({ id: "BTC-USDT@BINANCE", quote: "USDT" }))).toMatchObject({
      symbol: "BTCUSDT",
      base: "BTC",
      quote: "USDT",
    });
    expect(specOfInstrument(instrument({ id: "SP500@SAMPLE" }))).toMatchObject({ symbol: "SP500USD", base: "SP500", quote: "USD" });
    expect(specOfInstrument(instrument({ id: "BRK.B@NYSE" })).symbol).toBe("BRKBUSD");
  });

  test("keeps the lot, or makes it as fine as the tick allows where whole shares could not be sold again", () => {
    const shares = instrument({ id: "SP500@SAMPLE", lotScale: 0, lotUnits: 1, displayDecimals: 2 });
    expect(formatE8(specOfInstrument(shares).filters.stepSize)).toBe("1.00000000");
    expect(formatE8(specOfInstrument(shares, true).filters.stepSize)).toBe("0.00000100");
  });

  test("chooses steps so that price times quantity is exact in 10^-8", () => {
    fc.assert(
      fc.property(fc.nat(8), fc.nat(8), fc.integer({ min: 1, max: 500 }), fc.boolean(), (decimals, lotScale, tickUnits, isFractional) => {
        const one = instrument({ id: "A-B@C", quote: "USD", priceScale: decimals, tickUnits, tickKnown: true, lotScale });
        const { tickSize, stepSize } = specOfInstrument(one, isFractional).filters;
        expect((tickSize * stepSize) % ONE).toBe(0n);
      }),
    );
  });
});
