import fc from "fast-check";
import { expect, test } from "vitest";
import { seededStream } from "./seeded-stream.ts";

test("seededStream() gives the same numbers for a seed and a name, and others for any other", () => {
  const firstOf = (seed: number, name: string): string => {
    const stream = seededStream(seed, name);
    return Array.from({ length: 4 }, () => stream.below(1 << 30)).join(" ");
  };
  const seen = new Set<string>();
  let count = 0;
  for (let seed = 0; seed < 500; seed += 1) {
    for (const name of ["net", "net.", "disk", "clock.ties", ""]) {
      expect(firstOf(seed, name)).toBe(firstOf(seed, name));
      seen.add(firstOf(seed, name));
      seen.add(firstOf(seed + 2 ** 40, name));
      count += 2;
    }
  }
  expect(seen.size).toBe(count);
});

test("next() is uniform in [0, 1), and below() in its whole numbers", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.string(), (seed, name) => {
      const stream = seededStream(seed, name);
      const counts = Array.from({ length: 10 }, () => 0);
      let sum = 0;
      for (let at = 0; at < 2_000; at += 1) {
        const next = stream.next();
        expect(next >= 0 && next < 1).toBe(true);
        sum += next;
        counts[stream.below(10)]! += 1;
      }
      expect(Math.abs(sum / 2_000 - 0.5)).toBeLessThan(0.045);
      for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(90);
    }),
    { numRuns: 10 },
  );
});
