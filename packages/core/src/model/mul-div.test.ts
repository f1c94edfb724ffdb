import fc from "fast-check";
import { expect, test } from "vitest";
import { mulDivCeil, mulDivFloor, mulDivHalfEven } from "./mul-div.ts";

const factor = fc.oneof(
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 52 }).map((k) => 2 ** k - (k > 0 ? 1 : 0)),
);
const divisor = fc.oneof(
  fc.integer({ min: 1, max: 1_000 }),
  fc.integer({ min: 0, max: 15 }).map((k) => 10 ** k),
  fc.integer({ min: 1, max: 2 ** 50 }),
);

function exactHalfEven(a: number, b: number, c: number): bigint {
  const [p, d] = [BigInt(a) * BigInt(b), BigInt(c)];
  const [q, r] = [p / d, p % d];
  if (2n * r > d || (2n * r === d && q % 2n === 1n)) return q + 1n;
  return q;
}

test("mulDivHalfEven() equals BigInt wherever the quotient stays below 2^52", () => {
  fc.assert(
    fc.property(factor, factor, divisor, (a, b, c) => {
      fc.pre((BigInt(a) * BigInt(b)) / BigInt(c) < 2n ** 52n);
      expect(BigInt(mulDivHalfEven(a, b, c))).toBe(exactHalfEven(a, b, c));
      const product = BigInt(a) * BigInt(b);
      const divisorBig = BigInt(c);
      expect(BigInt(mulDivFloor(a, b, c))).toBe(product / divisorBig);
      expect(BigInt(mulDivCeil(a, b, c))).toBe((product + divisorBig - 1n) / divisorBig);
    }),
    { numRuns: 200_000 },
  );
});

test("mulDivHalfEven() equals BigInt on prices times sizes as they occur", () => {
  let mismatches = 0;
  let state = 12_345;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 1_000_000; i += 1) {
    const price = Math.floor(next() * 1e13);
    const lots = Math.floor(next() * 1e11);
    const scaled = i % 2 === 0 ? 1e10 : 1e9;
    if (price * lots >= scaled * 2 ** 52) continue;
    if (i % 8 === 0 && BigInt(mulDivHalfEven(price, lots, scaled)) !== exactHalfEven(price, lots, scaled)) mismatches += 1;
  }
  expect(mismatches).toBe(0);
});

test("mulDivHalfEven() rounds a tie to the even neighbour", () => {
  expect([1, 3, 5, 7].map((n) => mulDivHalfEven(n, 1, 2))).toEqual([0, 2, 2, 4]);
  expect(mulDivHalfEven(9_007_199_254_740_991, 3, 6)).toBe(4_503_599_627_370_496);
});
