import { expect, test } from "vitest";
import { e8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import { symbolSpec } from "../../packages/venues/src/local-venue/exchange/symbol-spec.ts";
import { filterBreach } from "./sent-filters.ts";

const { filters } = symbolSpec("AAAUSDT", "AAA", "USDT", { tickSize: e8("0.01"), stepSize: e8("0.001"), minNotional: e8("5") });

test.each([
  [{ quantity: "0.05", price: "100", stopPrice: "" }, undefined],
  [{ quantity: "0.05", price: "", stopPrice: "" }, undefined],
  [{ quantity: "1e-1", price: "100", stopPrice: "" }, 'its quantity "1e-1" is no plain decimal'],
  [{ quantity: "0.0505", price: "100", stopPrice: "" }, "its quantity 0.0505 is no whole number of steps"],
  [{ quantity: "0.1", price: "100.005", stopPrice: "" }, "its price 100.005 is no whole number of ticks"],
  [{ quantity: "0.1", price: "", stopPrice: "99.999" }, "its price 99.999 is no whole number of ticks"],
  [{ quantity: "0.049", price: "100", stopPrice: "" }, "it is worth less than the least notional: 0.049 at 100"],
])("filterBreach() of %j is %s", (sent, breach) => {
  expect(filterBreach(sent, filters)).toBe(breach);
});
