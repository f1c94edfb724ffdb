import { type Bar, barColumnsOf, type CalendarName, FailureError, unitsOf } from "@tradepulse/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultLot, type InstrumentOverrides, type ResolvedInstrument, resolveInstrument } from "./resolve-instrument.ts";

function resolved(
  prices: readonly number[],
  overrides: InstrumentOverrides = {},
  calendar: CalendarName = "24/7",
): ResolvedInstrument & { prices: number[] } {
  const bars = prices.map(
    (price, i): Bar => ({ openUs: i, closeUs: i + 1, open: price, high: price, low: price, close: price, volume: 1 }),
  );
  const columns = barColumnsOf(bars);
  const outcome = resolveInstrument({ name: "coinbase_BTC USD", columns, calendar, priceDigits: Number.POSITIVE_INFINITY }, overrides);
  return { ...outcome, prices: Array.from(columns.close) };
}

test("resolveInstrument() shows the largest power of ten that holds every price, and counts orders in 10^-8", () => {
  const { instrument, resolution, findings } = resolved([100, 100.5, 100.125]);
  expect(instrument).toMatchObject({ id: "COINBASE_BTC-USD@FILE", displayDecimals: 3, priceScale: 8, tickUnits: 1, tickKnown: false });
  expect(resolution.tick).toEqual({ value: "0.001", origin: "inferred from all prices" });
  expect(findings).toEqual([]);
});

test("resolveInstrument() counts orders in 10^-9 when a price needs it", () => {
  expect(resolved([0.000000123, 0.2]).instrument).toMatchObject({ displayDecimals: 9, priceScale: 9 });
});

test("resolveInstrument() moves prices onto 10^-8 and says so when they carry the noise of a computation", () => {
  const { instrument, findings, prices } = resolved([49.27333450317383, 50.5]);
  expect(prices).toEqual([49.2733345, 50.5]);
  expect(instrument.displayDecimals).toBe(8);
  expect(findings).toMatchObject([{ code: "price-snapped", count: 4 }]);
});

test("resolveInstrument() takes a coarser unit when prices are too large for 10^-8, and refuses those that none holds", () => {
  expect(resolved([1_500_000_000.25]).instrument).toMatchObject({ priceScale: 5, displayDecimals: 2 });
  expect(() => resolved([1e16])).toThrow(FailureError);
  expect(() => resolved([1.2345e-10])).toThrow("would change by more than 0.01 %");
});

test("resolveInstrument() leaves every price the double nearest to a whole count of its unit", () => {
  const onGrid = fc.integer({ min: 1, max: 10 ** 12 }).chain((count) => fc.nat(9).map((places) => count / 10 ** places));
  const noisy = fc.double({ min: 0.01, max: 1e5, noNaN: true });
  const dataset = fc.oneof(
    fc.array(noisy, { minLength: 1, maxLength: 20 }),
    onGrid.map((price) => [price]),
  );
  fc.assert(
    fc.property(dataset, (prices) => {
      const { instrument, prices: moved } = resolved(prices);
      for (const one of moved) expect(one).toBe(unitsOf(instrument, one) / 10 ** instrument.priceScale);
    }),
    { numRuns: 2_000 },
  );
});

test("resolveInstrument() trades single shares on a market of weekdays, and by the price elsewhere", () => {
  expect(resolved([100], {}, "weekdays").resolution.lot).toEqual({ value: "1", origin: "one share" });
  expect(resolved([0.002]).resolution.lot).toEqual({ value: "0.0001", origin: "from the price" });
  expect([50_000, 100, 1, 0.001, 1e-7].map(defaultLot)).toEqual(["0.00000001", "0.00000001", "0.000001", "0.001", "1"]);
});

test("resolveInstrument() lets id, tick, lot and quote be given", () => {
  const { instrument, resolution } = resolved([100.5], { id: "BTC-EUR@KRAKEN", tick: "0.1", lot: "0.001", quote: "GBP" });
  expect(instrument).toMatchObject({
    id: "BTC-EUR@KRAKEN",
    tickUnits: 10_000_000,
    tickKnown: true,
    displayDecimals: 1,
    lotScale: 3,
    lotUnits: 1,
  });
  expect(instrument.quote.code).toBe("GBP");
  expect(resolution.quote.origin).toBe("given");
  expect(resolved([1], { id: "BTC-EUR@KRAKEN" }).resolution.quote).toEqual({ value: "EUR", origin: "from the id" });
});

test("resolveInstrument() refuses a tick or lot that is none, and an id without a venue", () => {
  for (const overrides of [{ tick: "0" }, { tick: "abc" }, { lot: "-1" }, { lot: "0.00000000001" }, { id: "BTCUSD" }]) {
    expect(() => resolved([100], overrides), JSON.stringify(overrides)).toThrow("TP_DATA_OPTION");
  }
});

test.each([
  ["btc-usdt", "USDT"],
  ["my-prices", "USD"],
  ["no-zone", "USD"],
] as const)("resolveInstrument() reads the name of a file, %s, as quoted in %s", (name, quote) => {
  const columns = barColumnsOf([{ openUs: 0, closeUs: 60_000_000, open: 1, high: 1, low: 1, close: 1, volume: 1 }]);
  expect(resolveInstrument({ name, columns, calendar: "24/7", priceDigits: 2 }).instrument.quote.code).toBe(quote);
});
