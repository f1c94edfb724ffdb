import { expect, test } from "vitest";
import { type LiveInstrument, liveInstrument } from "../session/live-instrument.ts";
import { checkExactRange } from "./exact-range.ts";

function listed(base: string, tickSize: string, lotSize: string): LiveInstrument {
  const sizes = {
    tickSize,
    minPrice: tickSize,
    maxPrice: "1000000",
    lotSize,
    minQuantity: lotSize,
    maxQuantity: "90000000",
    minNotional: "5",
  };
  const venue = { symbol: `${base}USDT`, base, quote: "USDT", status: "trading", maxOrders: 200, orderTypes: [], ...sizes } as const;
  const made = liveInstrument(`${base}-USDT@BINANCE`, venue);
  if (!made.ok) throw new Error(made.failure.message);
  return made.value;
}

const btc = listed("BTC", "0.01", "0.00001");
const pepe = listed("PEPE", "0.00000001", "1.00");

test("checkExactRange() lets through what can be counted twice over, whatever is not known of the price", () => {
  expect(() => checkExactRange(22_000_000, [btc], [60_000])).not.toThrow();
  expect(() => checkExactRange(200, [pepe], [0.00001])).not.toThrow();
  expect(() => checkExactRange(10_000, [pepe], [Number.NaN])).not.toThrow();
});

test("checkExactRange() refuses more money than is counted exactly, with what is allowed", () => {
  expect(() => checkExactRange(23_000_000, [btc], [60_000])).toThrow(
    "Cannot trade 23000000 USDT: money is counted in units of 10^-8 as the venue does, exact is up to 22517998 USDT",
  );
});

test("checkExactRange() refuses more coins than are counted exactly, with the capital that would do", () => {
  expect(() => checkExactRange(10_000, [btc, pepe], [60_000, 0.00001])).toThrow(
    "at 0.00001 that is 1000000000 PEPE, exact is up to 22517998 PEPE in units of 10^-8",
  );
});
