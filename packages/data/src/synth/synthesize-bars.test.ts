import { timeUsFromCivil, US_PER_DAY, US_PER_MINUTE } from "@tradepulse/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf } from "../digest.ts";
import { checkBars, firstOutOfOrder } from "../quality/check-bars.ts";
import { dayOfWeek } from "../time/calendar.ts";
import { formatSynthSpec, isSynthReference, parseSynthReference } from "./synth-reference.ts";
import { type SynthSpec, synthesizeBars } from "./synthesize-bars.ts";
import { Xoshiro128 } from "./xoshiro.ts";

const digest = (spec: SynthSpec): string => digestOf([{ id: "S@T", intervalUs: spec.intervalUs, columns: synthesizeBars(spec) }]);

test("synthesizeBars() gives the same bytes for a seed, and others for another", () => {
  const spec = parseSynthReference("synth:bars=5000");
  expect(digest(spec)).toBe(digest(spec));
  expect(digest({ ...spec, seed: 2 })).not.toBe(digest(spec));
  expect(digest(spec)).toMatchInlineSnapshot(`"sha256:90a746e58cf3f45696cbc12494c6f8821094997ff7b3452e6e806e98d1000d47"`);
});

test("synthesizeBars() makes bars that pass every check, on the grid of its decimals", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(8), fc.constantFrom(0.01, 1, 100, 50_000), (seed, decimals, price) => {
      const columns = synthesizeBars({ ...parseSynthReference("synth:bars=400,gaps=0.05"), seed, decimals, price });
      expect(checkBars(columns)).toEqual({ outsideRange: 0, firstOutsideRange: -1, zeroVolume: 0 });
      expect(firstOutOfOrder(columns.openUs)).toBe(-1);
      for (const close of columns.close) expect(Math.round(close * 10 ** decimals) / 10 ** decimals).toBe(close);
    }),
    { numRuns: 50 },
  );
});

test("synthesizeBars() has fat tails and clustered volatility, as returns of markets do", () => {
  const { close } = synthesizeBars(parseSynthReference("synth:bars=60000,decimals=8,interval=1d,volatility=0.2"));
  const returns = Array.from(close, (price, i) => (i === 0 ? 0 : price / close[i - 1]! - 1));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = returns.map((value) => value * value);
  const variance = mean(squares);
  expect(mean(squares.map((value) => value * value)) / variance ** 2).toBeGreaterThan(4);
  const centred = squares.map((value) => value - variance);
  const lagged = mean(centred.map((value, i) => value * (centred[i - 1] ?? 0)));
  expect(lagged / mean(centred.map((value) => value * value))).toBeGreaterThan(0.03);
});

test("synthesizeBars() leaves gaps and weekends out when asked to", () => {
  const { openUs } = synthesizeBars(parseSynthReference("synth:bars=3000,interval=1h,calendar=weekdays"));
  expect(openUs.some((at) => [0, 6].includes(dayOfWeek(Math.floor(at / US_PER_DAY))))).toBe(false);
  const gappy = synthesizeBars(parseSynthReference("synth:bars=3000,gaps=0.01")).openUs;
  expect(gappy.at(-1)! - gappy[0]!).toBeGreaterThan(2_999 * US_PER_MINUTE);
});

test("parseSynthReference() reads every value, and formatSynthSpec() writes them back", () => {
  expect(parseSynthReference("synth")).toMatchObject({ seed: 1, bars: 100_000, intervalUs: US_PER_MINUTE });
  const text = "synth:seed=7,bars=500,interval=1h,start=2020-02-03T04:00Z,price=1.5,decimals=4,gaps=0.01,volatility=1.2,calendar=weekdays";
  expect(formatSynthSpec(parseSynthReference(text))).toBe(text);
  expect(parseSynthReference(text).startUs).toBe(timeUsFromCivil(2020, 2, 3, 4));
});

test("parseSynthReference() refuses a value that is not allowed, naming those that are", () => {
  for (const part of [
    "bars=1",
    "bars=x",
    "interval=7",
    "interval=1mo",
    "start=soon",
    "price=0",
    "gaps=2",
    "calendar=moon",
    "colour=red",
    "seed",
  ]) {
    expect(() => parseSynthReference(`synth:${part}`), part).toThrow("TP_DATA_SYNTH");
  }
  expect(isSynthReference("synth:seed=2")).toBe(true);
  expect(isSynthReference("synthetic.csv")).toBe(false);
});

test("Xoshiro128 draws evenly, and near normal numbers of mean 0 and variance 1", () => {
  const random = new Xoshiro128(42);
  let sum = 0;
  let squares = 0;
  const buckets = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 100_000; i += 1) {
    const x = random.normal();
    sum += x;
    squares += x * x;
    buckets[Math.floor(random.uniform() * 10)]! += 1;
  }
  expect(Math.abs(sum / 100_000)).toBeLessThan(0.02);
  expect(Math.abs(squares / 100_000 - 1)).toBeLessThan(0.02);
  for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});
