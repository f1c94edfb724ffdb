import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OrderRequest } from "../port/execution-client.ts";
import { compare, exact, floorToStep, isWholeSteps, print, product } from "./exact.ts";
import { brokenFilter, type FilterContext, parseFilters } from "./filters.ts";
import { Shape, ShapeError } from "./schema.ts";

const FILTERS = [
  { filterType: "PRICE_FILTER", minPrice: "0.01000000", maxPrice: "1000000.00000000", tickSize: "0.01000000" },
  { filterType: "LOT_SIZE", minQty: "0.00001000", maxQty: "9000.00000000", stepSize: "0.00001000" },
  { filterType: "MARKET_LOT_SIZE", minQty: "0.00000000", maxQty: "105.00000000", stepSize: "0.00000000" },
  {
    filterType: "NOTIONAL",
    minNotional: "5.00000000",
    applyMinToMarket: true,
    maxNotional: "9000000.00000000",
    applyMaxToMarket: false,
    avgPriceMins: 5,
  },
  {
    filterType: "PERCENT_PRICE_BY_SIDE",
    bidMultiplierUp: "1.1",
    bidMultiplierDown: "0.2",
    askMultiplierUp: "5",
    askMultiplierDown: "0.9",
    avgPriceMins: 5,
  },
  { filterType: "MAX_NUM_ORDERS", maxNumOrders: 200 },
  { filterType: "MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders: 5 },
  { filterType: "SOMETHING_NEW", x: 1 },
];
const filters = parseFilters(new Shape(FILTERS));

function broken(more: Partial<OrderRequest>, context?: FilterContext): string | undefined {
  const order: OrderRequest = {
    symbol: "BTCUSDT",
    clientId: "a",
    side: "buy",
    type: "limit",
    timeInForce: "GTC",
    quantity: "1",
    price: "100",
    deadlineUs: 0,
    ...more,
  };
  return brokenFilter(filters, order, context);
}

/** A market order has no price. */
function brokenAtMarket(quantity: string, context?: FilterContext): string | undefined {
  return brokenFilter(
    filters,
    { symbol: "BTCUSDT", clientId: "a", side: "buy", type: "market", timeInForce: "GTC", quantity, deadlineUs: 0 },
    context,
  );
}

describe("brokenFilter()", () => {
  test("names the rule that a price breaks: range, tick, stop price too", () => {
    expect(broken({})).toBeUndefined();
    expect(["0", "0.001", "100.005", "1000000.01", "-1", "x", "1e2"].map((price) => broken({ price }))).toEqual(
      Array(7).fill("PRICE_FILTER"),
    );
    expect(broken({ price: "1000000.00", quantity: "1" })).toBeUndefined();
    expect(broken({ type: "stop-limit", stopPrice: "99.999" })).toBe("PRICE_FILTER");
  });

  test("names the rule that a quantity breaks, for market orders both of them", () => {
    expect(["0", "0.000001", "0.000015", "9000.00001", "x"].map((quantity) => broken({ quantity }))).toEqual(Array(5).fill("LOT_SIZE"));
    expect(broken({ quantity: "8999.99999" })).toBeUndefined();
    expect(brokenAtMarket("105")).toBeUndefined();
    expect(brokenAtMarket("105.00001")).toBe("MARKET_LOT_SIZE");
  });

  test("names the notional, for a market order by the average price and only where the venue applies it", () => {
    expect(broken({ price: "4.99", quantity: "1" })).toBe("NOTIONAL");
    expect(broken({ price: "5.00", quantity: "1" })).toBeUndefined();
    expect(broken({ price: "1000", quantity: "9000.00000" })).toBeUndefined();
    expect(broken({ price: "1000.01", quantity: "9000.00000" })).toBe("NOTIONAL");
    expect(brokenAtMarket("0.00001", { averagePrice: "61000" })).toBe("NOTIONAL");
    expect(brokenAtMarket("0.00001")).toBeUndefined();
    expect(brokenAtMarket("100", { averagePrice: "900000" })).toBeUndefined();
  });

  test("names the distance to the average price, by side", () => {
    const context = { averagePrice: "100" };
    expect(broken({ price: "110" }, context)).toBeUndefined();
    expect(broken({ price: "110.01" }, context)).toBe("PERCENT_PRICE_BY_SIDE");
    expect(broken({ price: "19.99" }, context)).toBe("PERCENT_PRICE_BY_SIDE");
    expect(broken({ side: "sell", price: "110.01" }, context)).toBeUndefined();
    expect(broken({ side: "sell", price: "89.99" }, context)).toBe("PERCENT_PRICE_BY_SIDE");
    expect(broken({ price: "110.01" })).toBeUndefined();
  });

  test("names the number of open orders, of stops apart", () => {
    expect(broken({}, { openOrders: 199 })).toBeUndefined();
    expect(broken({}, { openOrders: 200 })).toBe("MAX_NUM_ORDERS");
    expect(broken({ type: "stop-limit", stopPrice: "99" }, { openAlgoOrders: 5 })).toBe("MAX_NUM_ALGO_ORDERS");
    expect(broken({}, { openAlgoOrders: 5 })).toBeUndefined();
  });

  test("takes a bound of zero for none", () => {
    const open = parseFilters(
      new Shape([
        { filterType: "PRICE_FILTER", minPrice: "0", maxPrice: "0", tickSize: "0" },
        { filterType: "LOT_SIZE", minQty: "0", maxQty: "0", stepSize: "0" },
        { ...FILTERS[3], minNotional: "0", maxNotional: "0" },
      ]),
    );
    const order = { symbol: "BTCUSDT", clientId: "a", side: "buy", type: "limit", timeInForce: "GTC", deadlineUs: 0 } as const;
    expect(brokenFilter(open, { ...order, quantity: "123456.7890123", price: "98765432.1" })).toBeUndefined();
  });

  test("is exact where doubles are not", () => {
    // 0.1 + 0.2 and its kin: every hundredth is a whole tick, and no thousandth between two of them is.
    for (let cents = 1; cents < 3_000; cents += 1) {
      expect(broken({ price: (cents / 100).toFixed(2), quantity: "9000" })).toBeUndefined();
      expect(broken({ price: `${(cents / 100).toFixed(2)}1`, quantity: "9000" })).toBe("PRICE_FILTER");
    }
  });
});

describe("parseFilters()", () => {
  test("reads the older MIN_NOTIONAL and PERCENT_PRICE", () => {
    const older = parseFilters(
      new Shape([
        FILTERS[1],
        { filterType: "MIN_NOTIONAL", minNotional: "10.0", applyToMarket: false, avgPriceMins: 5 },
        { filterType: "PERCENT_PRICE", multiplierUp: "1.3", multiplierDown: "0.7", avgPriceMins: 5 },
      ]),
    );
    expect(older.notional).toEqual({ min: "10.0", max: "0", minAtMarket: false, maxAtMarket: false });
    expect(older.percent?.sell).toEqual({ up: "1.3", down: "0.7" });
    expect(older.maxOrders).toBe(0);
  });

  test("refuses rules without a lot, or with a lot that is no number", () => {
    expect(() => parseFilters(new Shape([]))).toThrow(ShapeError);
    expect(() => parseFilters(new Shape([{ ...FILTERS[1], stepSize: 0.1 }]))).toThrow("$[0].stepSize");
  });
});

describe("exact decimals", () => {
  const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }));

  test("compare, multiply, and floor as whole numbers of one scale do (law)", () => {
    fc.assert(
      fc.property(decimal, decimal, ([a, s], [b, t]) => {
        const x = { count: a, scale: s };
        const y = { count: b, scale: t };
        const [left, right] = [a * 10n ** BigInt(t), b * 10n ** BigInt(s)];
        expect(compare(x, y)).toBe(left < right ? -1 : left > right ? 1 : 0);
        expect(compare(exact(print(product(x, y)))!, { count: a * b, scale: s + t })).toBe(0);
      }),
    );
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.integer({ min: 0, max: 10 }),
        fc.integer({ min: 1, max: 10_000 }),
        (count, scale, step) => {
          const value = { count, scale };
          const size = { count: BigInt(step), scale: 4 };
          const floored = exact(floorToStep(value, size))!;
          expect(isWholeSteps(floored, size)).toBe(true);
          expect(compare(floored, value)).toBeLessThanOrEqual(0);
          expect(
            compare(value, { count: floored.count * 10_000n + size.count * 10n ** BigInt(floored.scale), scale: floored.scale + 4 }),
          ).toBe(-1);
        },
      ),
    );
  });
});
