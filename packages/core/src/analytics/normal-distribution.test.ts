import fc from "fast-check";
import { expect, test } from "vitest";
import { normalCdf, normalInverse } from "./normal-distribution.ts";

// Reference values from 40-digit arithmetic.
const CDF = [
  [0, 0.5],
  [0.1, 0.539827837277029],
  [0.5, 0.6914624612740131],
  [1, 0.8413447460685429],
  [1.5, 0.9331927987311419],
  [2, 0.9772498680518208],
  [2.4999, 0.9937885816250555],
  [2.5, 0.9937903346742238],
  [2.5001, 0.9937920872851848],
  [3, 0.9986501019683699],
  [4, 0.9999683287581669],
  [5, 0.9999997133484281],
  [8, 0.9999999999999993],
  [-0.5, 0.3085375387259869],
  [-1, 0.15865525393145705],
  [-1.96, 0.024997895148220435],
  [-2.4999, 0.00621141837494459],
  [-2.5001, 0.006207912714815194],
  [-3, 0.0013498980316300946],
  [-5, 2.866515718791939e-7],
  [-8, 6.220960574271784e-16],
  [-20, 2.7536241186062337e-89],
  [-37, 5.725571222524577e-300],
] as const;

const INVERSE = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-16, -8.222082216130435],
  [1e-10, -6.361340902404057],
  [1e-5, -4.264890793922825],
  [0.001, -3.0902323061678136],
  [0.01, -2.326347874040841],
  [0.025, -1.9599639845400543],
  [0.1, -1.2815515655446004],
  [0.3, -0.5244005127080408],
  [0.4999, -0.00025066283008800747],
  [0.6, 0.2533471031357997],
  [0.75, 0.6744897501960817],
  [0.9, 1.2815515655446006],
  [0.975, 1.9599639845400538],
  [0.99, 2.3263478740408408],
  [0.999, 3.090232306167813],
  [0.99999, 4.264890793923841],
] as const;

test("normalCdf() agrees with known values to 1e-12 relative, in both tails", () => {
  for (const [x, expected] of CDF) expect(Math.abs(normalCdf(x) / expected - 1), `at ${x}`).toBeLessThan(1e-12);
});

test("normalInverse() agrees with known values to 1e-12 relative", () => {
  for (const [p, expected] of INVERSE) expect(Math.abs(normalInverse(p) / expected - 1), `at ${p}`).toBeLessThan(1e-12);
});

test("normalCdf() of normalInverse() gives the probability back", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
      expect(Math.abs(normalCdf(normalInverse(p)) - p)).toBeLessThan(1e-14);
    }),
  );
});

test("normalCdf() rises and is symmetric around one half", () => {
  fc.assert(
    fc.property(fc.double({ min: -10, max: 10, noNaN: true }), fc.double({ min: 1e-6, max: 5, noNaN: true }), (x, step) => {
      expect(normalCdf(x + step)).toBeGreaterThanOrEqual(normalCdf(x));
      expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThan(1e-15);
    }),
  );
});

test("normalInverse() has its ends at infinity and nothing outside", () => {
  expect(normalInverse(0)).toBe(-Infinity);
  expect(normalInverse(1)).toBe(Infinity);
  expect(normalInverse(0.5)).toBe(0);
  expect(normalInverse(1.01)).toBeNaN();
  expect(normalInverse(-0.1)).toBeNaN();
  expect(normalCdf(Number.NaN)).toBeNaN();
  expect(normalCdf(-Infinity)).toBe(0);
  expect(normalCdf(Infinity)).toBe(1);
});
